import {
  Agent,
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http';
import type { Fault } from './fault-plan.ts';
import { failed, type MadeAnswer, throttled } from './fault-words.ts';
import type { ServiceCall } from './service-call.ts';

export interface FaultProxyOptions {
  /** `http://127.0.0.1:8000` */
  readonly upstream: string;
  readonly callOf: (method: string, url: string, headers: IncomingHttpHeaders) => ServiceCall;
  readonly decide: (operation: string) => Fault | undefined;
  /** The process that asks ends here. */
  readonly kill: () => void;
  /** Every request that the service answered. */
  readonly onAnswer?: (call: ServiceCall, status: number) => void;
}

export interface FaultProxy extends AsyncDisposable {
  readonly url: string;
}

/** Between one process and one service: passes requests on, loses them, refuses them, or ends the process around them. */
export async function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const upstream = new URL(options.upstream);
  const server = createServer((incoming, response) => {
    serve(options, { incoming, response, agent, upstream }).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the proxy has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      agent.destroy();
    },
  };
}

interface Exchange {
  readonly incoming: IncomingMessage;
  readonly response: ServerResponse;
  readonly agent: Agent;
  readonly upstream: URL;
}

async function serve(options: FaultProxyOptions, exchange: Exchange): Promise<void> {
  const { incoming, response } = exchange;
  const { method = 'GET', url = '/', headers } = incoming;
  const body = await bytesOf(incoming);
  const call = options.callOf(method, url, headers);
  const fault = options.decide(`${call.service} ${call.operation}`);
  switch (fault) {
    case 'killed-before':
      options.kill();
      return void response.destroy();
    case 'request-lost':
      return void response.destroy();
    case 'throttled':
      return send(response, throttled(call.service, call.operation, body));
    case 'failed':
      return send(response, failed(call.service));
    default: {
      const answer = await forward(exchange, body);
      options.onAnswer?.(call, answer.status);
      if (fault === 'killed-after') options.kill();
      if (fault === 'killed-after' || fault === 'answer-lost') return void response.destroy();
      response.writeHead(answer.status, answer.headers).end(method === 'HEAD' ? undefined : answer.body);
    }
  }
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

function forward({ incoming, agent, upstream }: Exchange, body: Buffer): Promise<Answer> {
  const { method = 'GET', url = '/', headers } = incoming;
  const { hostname, port, host, origin } = upstream;
  const { 'transfer-encoding': _chunked, expect: _expect, connection: _connection, ...kept } = headers;
  // What leads to further pages leads through here as well.
  const here = `http://${headers.host}`;
  return new Promise((resolve, reject) => {
    const sent = request(
      { hostname, port, method, path: url, agent, headers: { ...kept, host, 'content-length': body.length } },
      (answer) => {
        bytesOf(answer).then((told) => {
          const { connection: _close, 'transfer-encoding': _encoding, 'keep-alive': _alive, ...rest } = answer.headers;
          const { link } = rest;
          const links = typeof link === 'string' ? { link: link.replaceAll(origin, here) } : {};
          resolve({ status: answer.statusCode ?? 500, headers: { ...rest, ...links }, body: told });
        }, reject);
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

function send(response: ServerResponse, { status, headers, body }: MadeAnswer): void {
  response.writeHead(status, headers).end(body);
}

async function bytesOf(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
