import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SeenHttp {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export type HttpStep = (request: SeenHttp, response: ServerResponse) => void;

export interface ScriptedHttp extends AsyncDisposable {
  readonly url: string;
  readonly seen: readonly SeenHttp[];
}

/** Answers each request with the next step of the script; one too many gets 599, which nothing takes for an answer. */
export async function scriptedHttp(steps: readonly HttpStep[]): Promise<ScriptedHttp> {
  const seen: SeenHttp[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const asked = { method, path: url, headers, body };
      seen.push(asked);
      const step = steps[seen.length - 1];
      if (step === undefined) response.writeHead(599).end('the script is over');
      else step(asked, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): HttpStep {
  return (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  };
}

/** The connection is cut without an answer. */
export const cut: HttpStep = (_, response) => {
  response.socket?.destroy();
};
