import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ObjectTransfers } from '../../src/ports/object-transfers.ts';

/** The addresses of a store, without the coordinator around them. */
export async function transferServer(transfers: ObjectTransfers): Promise<AsyncDisposable & { readonly url: string }> {
  const statuses = { stored: 200, exists: 412, mismatch: 400, refused: 403 } as const;
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const token = (request.url ?? '').replace('/v1/objects/', '');
    if (request.method === 'PUT') {
      response.writeHead(statuses[(await transfers.upload(token, request)).kind]).end();
      return;
    }
    const found = await transfers.download(token);
    if (found.kind !== 'object') {
      response.writeHead(found.kind === 'missing' ? 404 : 403).end();
      return;
    }
    response.writeHead(200);
    for await (const chunk of found.body) response.write(chunk);
    response.end();
  };
  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
