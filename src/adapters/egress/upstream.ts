import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { connect, type Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import type { PinnedNames } from './pinned-names.ts';

/** Opens a connection to an address; to nothing that would have to be resolved. */
export type Dial = (address: string, port: number) => Socket;

export const dialAddress: Dial = (address, port) => connect({ host: address, port });

export interface UpstreamRequest {
  readonly host: string;
  readonly port: number;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readable | undefined;
}

/** The list of names lets it pass, and the addresses do not. */
export class RefusedAddress extends Error {
  override readonly name = 'RefusedAddress';
}

export interface Upstream {
  /** The answer's head; its body is to be read. Rejects when nobody answers, with RefusedAddress when nobody may be asked. */
  ask(asked: UpstreamRequest, signal: AbortSignal): Promise<IncomingMessage>;
  close(): void;
}

const connectMs = 10_000;
/** A connection on which nothing moves for so long is given up. */
const idleMs = 60_000;

export interface UpstreamOptions {
  readonly names: PinnedNames;
  readonly dial: Dial;
  /** Certificates of authorities, instead of the machine's own. */
  readonly trusted?: readonly string[];
}

/** Speaks HTTPS with allowed hosts, over connections to addresses that were looked at, kept open for the next request. */
export function openUpstream({ names, dial, trusted }: UpstreamOptions): Upstream {
  const agent = new Agent({ keepAlive: true, maxSockets: 32, timeout: idleMs });
  agent.createConnection = ({ servername, port }, done) => {
    connectPinned(servername ?? '', Number(port)).then(
      (socket) =>
        done?.(
          null,
          connectTls({
            socket,
            servername,
            ALPNProtocols: ['http/1.1'],
            ...(trusted === undefined ? {} : { ca: [...trusted] }),
          }),
        ),
      (error: Error) => done?.(error, undefined as never),
    );
    return undefined;
  };

  const connectPinned = async (host: string, port: number): Promise<Socket> => {
    const pinned = await names.addressesOf(host);
    if (pinned.kind === 'refused') throw new RefusedAddress(pinned.why);
    let failure: unknown;
    for (const address of pinned.addresses) {
      try {
        return await connected(dial(address, port));
      } catch (error) {
        failure = error;
      }
    }
    names.forget(host);
    throw failure;
  };

  return {
    async ask({ host, port, method, path, headers, body }, signal) {
      const asking = request({
        agent,
        host,
        port,
        servername: host,
        method,
        path,
        headers: { ...headers, host },
        signal,
      });
      asking.setTimeout(idleMs, () => asking.destroy(new Error(`nothing came from ${host} for ${idleMs / 1000} s`)));
      // What breaks after the answer's head is told by the answer itself, and here once more.
      asking.on('error', () => undefined);
      const answered = once(asking, 'response');
      if (body === undefined) asking.end();
      else body.pipe(asking);
      const [answer] = await answered;
      return answer as IncomingMessage;
    },
    close: () => agent.destroy(),
  };
}

async function connected(socket: Socket): Promise<Socket> {
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(connectMs) });
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}
