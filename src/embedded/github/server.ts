import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { isIP } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { EntropyError } from '../../domain/error.ts';
import { gitAddress, serveGitEndpoint } from './git-endpoint.ts';
import { createApiApp } from './http/api-app.ts';
import type { Faults } from './http/faults.ts';
import type { Exchange, RequestLog } from './http/request-log.ts';
import { addIdTokenEndpoints } from './oidc/id-token-endpoints.ts';
import { addNewAppPage } from './pages/new-app-page.ts';
import { addPages } from './pages/pages.ts';
import { allRoutes } from './routes.ts';
import type { World } from './world.ts';

export interface ServedWorld {
  readonly world: World;
  readonly log: RequestLog;
  readonly faults: Faults;
  readonly onExchange: ((exchange: Exchange) => void) | undefined;
}

export interface OpenServer {
  readonly url: string;
  serve(served: ServedWorld): Promise<void>;
  close(): Promise<void>;
}

/** Takes the port first, because every answer names it, and serves when the world is there. */
export async function openServer(place: { readonly port: number; readonly host: string }): Promise<OpenServer> {
  const server = createServer();
  const listening = Promise.withResolvers<void>();
  server.once('listening', () => listening.resolve());
  server.once('error', (cause) => listening.reject(cannotListen(place, cause)));
  server.listen(place.port, place.host);
  await listening.promise;
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : place.port;
  const loopback = place.host === '127.0.0.1' || place.host === '::1' || place.host === 'localhost';
  const name = loopback ? 'localhost' : place.host;
  return {
    url: `http://${isIP(name) === 6 ? `[${name}]` : name}:${port}`,
    serve: async (served) => {
      const listener = createListener(served);
      server.on('request', (incoming, outgoing) => {
        const strange = loopback && !namesLoopback(incoming.headers.host);
        if (strange) refuseHost(outgoing);
        else listener(incoming, outgoing);
      });
    },
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function createListener(served: ServedWorld): (incoming: IncomingMessage, outgoing: ServerResponse) => void {
  const { world } = served;
  const app = createApiApp({ ...served, routes: allRoutes });
  addIdTokenEndpoints(app, world.idTokens);
  addNewAppPage(app, world);
  addPages(app, world, served.log);
  const honoListener = getRequestListener(app.fetch, { overrideGlobalObjects: false });
  return (incoming, outgoing) => {
    const address = gitAddress(incoming.url ?? '/');
    if (address !== undefined) {
      void serveGitEndpoint(world, address, { incoming, outgoing });
      return;
    }
    const fault = served.faults.takeDrop(incoming.method ?? 'GET', incoming.url ?? '/');
    if (fault) incoming.socket.destroy();
    else void honoListener(incoming, outgoing);
  };
}

/** A page on the internet must not reach this server through a name that it makes point at 127.0.0.1. */
function namesLoopback(host: string | undefined): boolean {
  const name = host?.replace(/:\d+$/, '').toLowerCase();
  return name === undefined || ['localhost', '127.0.0.1', '[::1]', 'host.docker.internal'].includes(name);
}

function refuseHost(outgoing: ServerResponse): void {
  outgoing.writeHead(421, { 'content-type': 'text/plain; charset=utf-8' });
  outgoing.end('The embedded GitHub answers to localhost only.\n');
}

function cannotListen(place: { port: number; host: string }, cause: Error): EntropyError {
  return new EntropyError({
    code: 'E801',
    message: `the embedded GitHub cannot listen on ${place.host}:${place.port} (${cause.message})`,
    fix: 'Choose another port, or 0 for any free one.',
    cause,
  });
}
