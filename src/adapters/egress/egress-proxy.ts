import { setMaxListeners } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { type EgressReport, emptyEgress, withRead, withRefused } from '../../domain/egress/egress-report.ts';
import { type ProxyTarget, parseProxyTarget, targetProblem } from '../../domain/egress/proxy-target.ts';
import { judgeRequest } from '../../domain/egress/reading-request.ts';
import { describeError } from '../../domain/error.ts';
import type { CertificateAuthority } from './certificate-authority.ts';
import { type PromisedAddresses, rememberPromises } from './promised-addresses.ts';
import { terminateTls } from './terminate-tls.ts';
import { RefusedAddress, type Upstream } from './upstream.ts';

export interface EgressProxyOptions {
  readonly hosts: readonly string[];
  readonly authority: CertificateAuthority;
  readonly upstream: Upstream;
  /** What was asked for by its own words, cut; for people. */
  readonly onReport?: (report: EgressReport) => void;
}

/** The way out of a sandbox, for connections that somebody else accepts. */
export interface EgressProxy {
  accept(socket: Socket): void;
  report(): EgressReport;
  close(): void;
}

/** More tunnels at once than any installer opens. */
const mostTunnels = 256;
const http = { maxHeaderSize: 32_768, requestTimeout: 300_000, headersTimeout: 30_000 } as const;

/**
 * An HTTP proxy for programs in a sandbox. It takes CONNECT to allowed hosts, ends their TLS with a certificate of the run's own
 * authority, and sends on what reads: so an allowed host is one to fetch from, never one to leave something at.
 */
export function createEgressProxy({ hosts, authority, upstream, onReport }: EgressProxyOptions): EgressProxy {
  let report = emptyEgress;
  const open = new Set<Socket>();
  const promised = rememberPromises();
  const stopping = new AbortController();
  // As many as there are requests under way.
  setMaxListeners(0, stopping.signal);
  const tell = (next: EgressReport): void => {
    report = next;
    onReport?.(report);
  };
  const refuse = (target: string, why: string): void => tell(withRefused(report, target, why));

  const tunnels = createServer(http);
  const inner = createServer(http);
  const targets = new WeakMap<Socket, ProxyTarget>();

  tunnels.on('request', (asked: IncomingMessage, answer) => {
    const why = 'only HTTPS is allowed';
    refuse(asked.url ?? '', why);
    say(answer, 403, why);
  });
  tunnels.on('connect', (asked: IncomingMessage, socket: Socket, head: Buffer) => {
    const authorityText = asked.url ?? '';
    const target = parseProxyTarget(authorityText);
    const why = target.kind === 'refused' ? target.why : targetProblem(target, hosts);
    if (target.kind === 'refused' || why !== undefined) {
      refuse(authorityText, why ?? '');
      return endTunnel(socket, `403 ${why}`);
    }
    if (open.size > mostTunnels) return endTunnel(socket, '503 too many connections at once');
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    if (head.length > 0) socket.unshift(head);
    const { host } = target;
    terminateTls(socket, { host, context: authority.contextFor(host) }).then(
      (inside) => {
        targets.set(inside, target);
        inner.emit('connection', inside);
      },
      (error) => {
        refuse(authorityText, describeError(error));
        socket.destroy();
      },
    );
  });
  inner.on('request', (asked: IncomingMessage, answer: ServerResponse) => {
    const target = targets.get(asked.socket);
    if (target === undefined) return void asked.socket.destroy();
    forward({ asked, answer, target }).catch((error: unknown) => {
      const refused = error instanceof RefusedAddress;
      if (refused) refuse(target.host, error.message);
      if (answer.headersSent) return void answer.destroy();
      say(answer, refused ? 403 : 502, `${target.host}: ${describeError(error)}`);
    });
  });

  const forward = async ({ asked, answer, target }: Exchange): Promise<void> => {
    const { host, port } = target;
    const path = asked.url ?? '';
    const method = asked.method ?? '';
    const elsewhere = otherHost(asked, target);
    const judged = judgeRequest({ method, path, headers: asked.headers }, (of) => promised.has(host, of));
    const why = elsewhere ?? (judged.kind === 'refused' ? judged.why : undefined);
    if (why !== undefined || judged.kind === 'refused') {
      refuse(`${host}${path.split('?')[0]}`, why ?? '');
      return say(answer, 403, why ?? '');
    }
    const body = judged.body === 'sent-on' ? asked : undefined;
    tell(withRead(report, host));
    const answered = await upstream.ask({ host, port, method, path, headers: judged.headers, body }, stopping.signal);
    noteRedirect(promised, { host, path, location: answered.headers.location });
    answer.writeHead(answered.statusCode ?? 502, headersOf(answered));
    await pipeline(answered, answer);
  };

  for (const server of [tunnels, inner]) server.on('clientError', (_: Error, socket) => void socket.destroy());
  return {
    accept(socket) {
      open.add(socket);
      socket.once('close', () => open.delete(socket));
      socket.on('error', () => socket.destroy());
      tunnels.emit('connection', socket);
    },
    report: () => report,
    close() {
      stopping.abort();
      for (const socket of open) socket.destroy();
      closeAll(tunnels, inner);
      upstream.close();
    },
  };
}

interface Exchange {
  readonly asked: IncomingMessage;
  readonly answer: ServerResponse;
  readonly target: ProxyTarget;
}

/** One tunnel, one host: behind a name that is allowed another one could be asked for (domain fronting). */
function otherHost({ headers }: IncomingMessage, { host, port }: ProxyTarget): string | undefined {
  const named = headers.host?.toLowerCase() ?? '';
  return named === host || named === `${host}:${port}` ? undefined : `the tunnel to ${host} was asked for another host`;
}

function noteRedirect(
  promised: PromisedAddresses,
  { host, path, location }: { readonly host: string; readonly path: string; readonly location: string | undefined },
): void {
  if (location === undefined || !URL.canParse(location, `https://${host}${path}`)) return;
  const to = new URL(location, `https://${host}${path}`);
  promised.add(to.hostname, `${to.pathname}${to.search}`);
}

/** Of one hop, or about the connection itself; and what would let an allowed host mark whoever comes back. */
const keptBack = /^(?:connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|alt-svc|set-cookie)$/i;

function headersOf({ rawHeaders }: IncomingMessage): string[] {
  return rawHeaders.flatMap((name, index) =>
    index % 2 === 1 || keptBack.test(name) ? [] : [name, rawHeaders[index + 1] ?? ''],
  );
}

function say(answer: ServerResponse, status: number, why: string): void {
  answer.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' });
  answer.end(`entropy-playground: ${why}\n`);
}

function endTunnel(socket: Socket, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`, () => socket.destroy());
}

function closeAll(...servers: readonly Server[]): void {
  for (const server of servers) server.closeAllConnections();
}
