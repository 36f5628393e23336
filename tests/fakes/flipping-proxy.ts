import { createServer, request as forward } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FlippingProxy extends AsyncDisposable {
  readonly endpoint: string;
  /** From now on the first byte of every object that is read is another one. */
  flipBodies(): void;
}

/** Stands before S3 and does what a broken disk behind it would. */
export async function flippingProxy(upstream: string): Promise<FlippingProxy> {
  let flips = false;
  const server = createServer((incoming, outgoing) => {
    const { method = '', url = '', headers } = incoming;
    const isObject = method === 'GET' && url.includes('x-id=GetObject') && !url.includes('Tagging');
    const passed = forward(`${upstream}${url}`, { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      let first = flips && isObject && answer.statusCode === 200;
      answer.on('data', (chunk: Buffer) => {
        if (first) chunk[0] = (chunk[0] ?? 0) ^ 1;
        first = false;
        if (!outgoing.write(chunk)) {
          answer.pause();
          outgoing.once('drain', () => answer.resume());
        }
      });
      answer.on('end', () => outgoing.end());
    });
    passed.on('error', () => outgoing.destroy());
    incoming.pipe(passed);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    flipBodies: () => {
      flips = true;
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
