import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { getRequestListener } from '@hono/node-server';
import { EntropyError } from '../domain/error.ts';
import type { CoordinatorApp } from '../server/coordinator-app.ts';

export interface HttpServer {
  /** `http://127.0.0.1:8787`. */
  readonly url: string;
  /** Takes no more connections, lets what is in flight end within the deadline, then cuts what is left. */
  drain(deadlineMs: number): Promise<void>;
}

/**
 * Node's own server with limits for slow and many clients (Slowloris: headers a byte at a time; bodies that never end).
 * The figures are generous for real callers: the largest body is 5 MiB.
 */
export async function listen(
  app: CoordinatorApp,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<HttpServer> {
  const server = createServer(
    {
      headersTimeout: 30_000,
      requestTimeout: 60_000,
      keepAliveTimeout: 10_000,
      connectionsCheckingInterval: 2_000,
      maxHeaderSize: 32 * 1024,
      noDelay: true,
    },
    // Requests and responses stay Node's own: this process may hold other servers.
    getRequestListener(app.fetch, { overrideGlobalObjects: false, errorHandler: unreadable }),
  );
  server.maxConnections = 20_000;
  // A socket that neither sends nor takes anything is nobody's; event streams say something every 15 s.
  server.timeout = 120_000;
  await begin(server, host, port);
  const { port: bound } = server.address() as AddressInfo;
  const name = host.includes(':') ? `[${host}]` : host;
  return { url: `http://${name}:${bound}`, drain: (deadlineMs) => drain(server, deadlineMs) };
}

async function begin(server: Server, host: string, port: number): Promise<void> {
  try {
    server.listen({ host, port, backlog: 4_096 });
    await once(server, 'listening');
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new EntropyError({
      code: 'E727',
      message: `the coordinator cannot listen on ${host}:${port} (${reason})`,
      fix: 'choose another --port (0 takes any free one) or --host; ports below 1024 need more rights',
      cause: error,
    });
  }
}

async function drain(server: Server, deadlineMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  const over = new AbortController();
  const late = wait(deadlineMs, 'late' as const, { signal: over.signal }).catch(() => 'closed' as const);
  // Connections that were at work become idle one by one, and would stay open for their keep-alive.
  const sweep = setInterval(() => server.closeIdleConnections(), 20);
  try {
    const first = await Promise.race([closed.then(() => 'closed' as const), late]);
    if (first === 'late') server.closeAllConnections();
    await closed;
  } finally {
    over.abort();
    clearInterval(sweep);
  }
}

/** What is no request at all, before the app sees it: a broken address or host. */
function unreadable(): Response {
  return new Response(null, { status: 400, headers: { connection: 'close' } });
}
