import { once } from 'node:events';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { type AddressInfo, connect, isIP } from 'node:net';
import { createCertificateAuthority } from '../../src/adapters/egress/certificate-authority.ts';
import { type EgressWorld, openEgress } from '../../src/adapters/egress/open-egress.ts';
import type { EgressGate } from '../../src/ports/egress.ts';

export interface Visit {
  readonly host: string;
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export type Site = (visit: Visit, answer: ServerResponse) => void;

/** An Internet of some hosts over real TLS, on one loopback server, and who asked it for what. */
export interface FakeInternet extends AsyncDisposable {
  readonly world: Required<EgressWorld>;
  /** For sandboxes: the real way out, in this process, into this Internet. */
  readonly gate: EgressGate;
  readonly visits: readonly Visit[];
  /** Names that were asked for, one entry for each time. */
  readonly resolved: readonly string[];
  /** What was connected to: addresses, unless somebody connects by name. */
  readonly dialled: readonly string[];
}

/** Hosts without an entry here do not exist. Several answers are given one after the other, the last one for ever. */
export type Records = Readonly<Record<string, readonly (readonly string[])[]>>;

/** Public, and nobody's: every connection leads to the loopback server. */
export const somewhere = '93.184.215.14';

export async function fakeInternet(
  sites: Readonly<Record<string, Site>>,
  records: Records = {},
): Promise<FakeInternet> {
  const visits: Visit[] = [];
  const resolved: string[] = [];
  const dialled: string[] = [];
  const authority = createCertificateAuthority(Date.now());
  const server = createServer(
    { SNICallback: (name, done) => done(null, authority.contextFor(name)) },
    (asked, answer) => receive({ asked, answer, sites, visits }),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  const asked = new Map<string, number>();
  const resolve = async (host: string): Promise<readonly string[]> => {
    resolved.push(host);
    const answers = records[host] ?? (sites[host] === undefined ? [] : [[somewhere]]);
    const turn = asked.get(host) ?? 0;
    asked.set(host, turn + 1);
    const found = answers[Math.min(turn, answers.length - 1)];
    if (found === undefined) throw new Error(`getaddrinfo ENOTFOUND ${host}`);
    return found;
  };
  const dial = (address: string) => {
    dialled.push(address);
    // As a socket does that is given a name: it asks again, and connects to whatever comes.
    if (isIP(address) === 0) void resolve(address).then((found) => dialled.push(...found.slice(0, 1)));
    return connect({ host: '127.0.0.1', port });
  };
  const world = { resolve, dial, trusted: [authority.certificate] };
  return {
    world,
    gate: { open: (request) => openEgress(request, world) },
    visits,
    resolved,
    dialled,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
}

interface Received {
  readonly asked: IncomingMessage;
  readonly answer: ServerResponse;
  readonly sites: Readonly<Record<string, Site>>;
  readonly visits: Visit[];
}

function receive({ asked, answer, sites, visits }: Received): void {
  let body = '';
  asked.on('data', (chunk: Uint8Array) => {
    body += new TextDecoder().decode(chunk);
  });
  asked.on('end', () => {
    const host = asked.headers.host ?? '';
    const visit = { host, method: asked.method ?? '', path: asked.url ?? '', headers: asked.headers, body };
    visits.push(visit);
    const site = sites[host];
    if (site === undefined) answer.writeHead(404).end();
    else site(visit, answer);
  });
}

/** Answers everything with these words. */
export const saying =
  (text: string): Site =>
  (_, answer) =>
    void answer.end(text);
