import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ScriptedReply {
  /** Method and path with query, as it must come: `GET /repos/octo/slug/issues/1`. */
  readonly expect: string;
  /** `drop`: the connection ends without an answer; `hang`: there is never one; `torn`: half of the body. */
  readonly how?: 'drop' | 'hang' | 'torn';
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface ScriptedGitHub extends AsyncDisposable {
  readonly url: string;
  /** Bodies of the requests so far. */
  readonly bodies: unknown[];
  readonly headers: Readonly<Record<string, string | string[] | undefined>>[];
  /** What did not go by the script: wrong requests, and requests after its end. Empty when all is well. */
  readonly faults: string[];
  /** Replies that nobody asked for. */
  left(): number;
}

/** Answers a fixed list of requests in order, over real HTTP; a wrong or an extra request is answered 418 and kept in `faults`. */
export async function scriptedGitHub(replies: readonly ScriptedReply[]): Promise<ScriptedGitHub> {
  const open = [...replies];
  const bodies: unknown[] = [];
  const headers: ScriptedGitHub['headers'] = [];
  const faults: string[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString('utf8');
    bodies.push(text === '' ? undefined : JSON.parse(text));
    headers.push(request.headers);
    const asked = `${request.method} ${request.url}`;
    const reply = open.shift();
    if (reply === undefined || reply.expect !== asked) {
      faults.push(`got ${asked}, expected ${reply?.expect ?? 'nothing more'}`);
      response.writeHead(418, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ message: faults.at(-1) }));
      return;
    }
    if (reply.how === 'hang') return;
    if (reply.how === 'drop') {
      request.socket.destroy();
      return;
    }
    const body = JSON.stringify(reply.body ?? {});
    const length = String(Buffer.byteLength(body));
    response.writeHead(reply.status ?? 200, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': length,
      ...reply.headers,
    });
    if (reply.how !== 'torn') return void response.end(body);
    response.write(body.slice(0, body.length / 2), () => request.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    bodies,
    headers,
    faults,
    left: () => open.length,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
