import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { convertManifest, type NewApp } from '../../adapters/github/convert-manifest.ts';
import { EntropyError } from '../../domain/error.ts';
import { type AppOwner, appManifest, newAppPage } from '../../domain/github-app.ts';
import { askPage, endPage, safetyHeaders } from './app-page.ts';

export interface MakeAppOptions {
  readonly owner: AppOwner;
  readonly name: string;
  readonly homepage: string;
  readonly serverUrl: string;
  readonly apiUrl: string;
  readonly userAgent: string;
  /** 0: any free one. */
  readonly port: number;
  /** Told the address of our page, as soon as it answers. */
  readonly onPage: (url: string) => void;
  readonly signal: AbortSignal;
  /** How long a person has; ten minutes when absent. */
  readonly deadlineMs?: number;
}

const usualDeadlineMs = 600_000;

/**
 * Has a person make the App: a page on this machine posts the manifest to GitHub, GitHub sends the browser back here with a code,
 * and the code is exchanged for the App and its private key. Everybody with a login on this machine reaches its loopback: our pages
 * lie below a path that nobody else knows. `state` comes back with the code, so that no other page can give us a code of its own App.
 */
export async function makeAppInBrowser(options: MakeAppOptions): Promise<NewApp> {
  const { owner, name, homepage, serverUrl, apiUrl, userAgent } = options;
  const limit = AbortSignal.timeout(options.deadlineMs ?? usualDeadlineMs);
  const signal = AbortSignal.any([options.signal, limit]);
  const [state, secret] = [randomBytes(24).toString('base64url'), randomBytes(24).toString('base64url')];
  const target = newAppPage(serverUrl, owner, state);
  const code = Promise.withResolvers<string>();
  const ended = Promise.withResolvers<'made' | 'failed'>();
  const server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000 }, (request, response) => {
    // What breaks here is the connection of one browser, which may come again.
    answer(request, response).catch(() => response.destroy());
  });
  const headers = safetyHeaders(target);
  const { origin, port } = await listenOnLoopback(server, options.port);
  const manifest = appManifest({ name, homepage, redirectUrl: `${origin}/${secret}/made` });
  const ownHosts = [`127.0.0.1:${port}`, `localhost:${port}`];

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const send = (status: number, html: string): void => void response.writeHead(status, headers).end(html);
    const url = new URL(request.url ?? '/', origin);
    // Another name that leads here is somebody else's page that wants to speak with us.
    const ours = ownHosts.includes(request.headers.host ?? '') && request.method === 'GET';
    const [, shown = '', page, ...more] = url.pathname.split('/');
    const known = ours && isSame(shown, secret) && more.length === 0;
    if (known && page === '') return send(200, askPage({ name, owner, target, manifest }));
    if (!known || page !== 'made') return send(404, endPage('Not here', 'There is nothing at this address.'));
    const given = url.searchParams.get('code') ?? '';
    if (!isSame(url.searchParams.get('state') ?? '', state) || !/^[\w-]{1,200}$/.test(given)) {
      return send(
        400,
        endPage('Not ours', 'This answer does not belong to our question. Begin again from the first page.'),
      );
    }
    code.resolve(given);
    const end = await ended.promise;
    if (end === 'made') send(200, endPage('The App is made', 'You may close this page and go back to the terminal.'));
    else send(502, endPage('It did not work', 'The terminal says why.'));
  }

  const stopped = (): void => code.reject(signal.reason);
  signal.addEventListener('abort', stopped, { once: true });
  try {
    options.onPage(`${origin}/${secret}/`);
    if (signal.aborted) stopped();
    const made = await convertManifest({ apiUrl, code: await code.promise, userAgent, signal });
    ended.resolve('made');
    return made;
  } catch (error) {
    ended.resolve('failed');
    if (limit.aborted && !options.signal.aborted) throw tooLate(name);
    throw error;
  } finally {
    signal.removeEventListener('abort', stopped);
    server.close();
    // The last page is on its way.
    server.closeIdleConnections();
  }
}

async function listenOnLoopback(server: Server, port: number): Promise<{ origin: string; port: number }> {
  try {
    server.listen({ host: '127.0.0.1', port });
    await once(server, 'listening');
  } catch (cause) {
    throw new EntropyError({
      code: 'E760',
      message: `port ${port} of this machine is taken`,
      fix: 'choose another --port; 0 takes any free one',
      cause,
    });
  }
  const bound = (server.address() as AddressInfo).port;
  return { origin: `http://127.0.0.1:${bound}`, port: bound };
}

function isSame(given: string, wanted: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(wanted)];
  return one.length === other.length && timingSafeEqual(one, other);
}

function tooLate(name: string): EntropyError {
  return new EntropyError({
    code: 'E761',
    message: `nobody agreed to the App "${name}" in time`,
    fix: 'run the same command again; without a browser on this machine see --port, or make the App by hand (docs/github-app.md) and name it: --app-id N --private-key-file FILE',
  });
}
