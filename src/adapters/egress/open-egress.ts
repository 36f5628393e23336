import { writeFileSync } from 'node:fs';
import type { Server, Socket } from 'node:net';
import { basename, join } from 'node:path';
import {
  egressCertificate,
  egressKeyStore,
  egressProxy,
  mavenSettings,
  mavenSettingsText,
} from '../../domain/egress/egress-environment.ts';
import type { Egress, EgressRequest } from '../../ports/egress.ts';
import { type CertificateAuthority, createCertificateAuthority } from './certificate-authority.ts';
import { createEgressProxy } from './egress-proxy.ts';
import { javaTrustStore } from './java-trust-store.ts';
import { listenInNamespace } from './namespace-listeners.ts';
import { pinNames, type Resolve, systemResolve } from './pinned-names.ts';
import { relayService } from './service-relay.ts';
import { type Dial, dialAddress, openUpstream } from './upstream.ts';

/** The world outside; the machine's own where nothing is given. */
export interface EgressWorld {
  readonly resolve?: Resolve;
  readonly dial?: Dial;
  readonly trusted?: readonly string[];
}

/** Opens the way out of a sandbox in this process, which from then on reads what strangers send: it must hold no secret. */
export async function openEgress(request: EgressRequest, world: EgressWorld = {}): Promise<Egress> {
  const { hosts, services, enter, trustFolder } = request;
  const { resolve = systemResolve, dial = dialAddress, trusted } = world;
  await using owned = new AsyncDisposableStack();
  const addresses = [egressProxy, ...services.map((port) => ({ host: '127.0.0.1', port }))];
  const listening = listenInNamespace(enter, addresses);
  const authority = createCertificateAuthority(Date.now());
  putInside(trustFolder, authority);
  const upstream = openUpstream({ names: pinNames(resolve), dial, ...(trusted === undefined ? {} : { trusted }) });
  const proxy = createEgressProxy({ hosts, authority, upstream });
  owned.defer(() => proxy.close());

  const [door, ...relays] = await listening;
  if (door !== undefined) serve(owned, door, proxy);
  for (const [index, server] of relays.entries()) {
    const relay = relayService(services[index] ?? 0);
    owned.defer(() => relay.close());
    serve(owned, server, relay);
  }
  const kept = owned.move();
  return { report: async () => proxy.report(), [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

/** The certificate, once for programs that read PEM and once for Java; Maven is told of the proxy in a file of its own. */
function putInside(folder: string, { certificate }: CertificateAuthority): void {
  const put = (path: string, content: string | Uint8Array): void =>
    writeFileSync(join(folder, basename(path)), content);
  put(egressCertificate, certificate);
  put(egressKeyStore, javaTrustStore(certificate));
  put(mavenSettings, mavenSettingsText);
}

function serve(owned: AsyncDisposableStack, server: Server, to: { readonly accept: (socket: Socket) => void }): void {
  server.on('connection', (socket) => to.accept(socket));
  owned.defer(() => void server.close());
}
