import type { Socket } from 'node:net';
import { type SecureContext, TLSSocket } from 'node:tls';

const handshakeMs = 10_000;

/** The end of a tunnel that a program takes for the host's own. Nothing but TLS for exactly this host gets through. */
export function terminateTls(
  socket: Socket,
  { host, context }: { readonly host: string; readonly context: SecureContext },
): Promise<TLSSocket> {
  const { promise, resolve, reject } = Promise.withResolvers<TLSSocket>();
  const inside = new TLSSocket(socket, {
    isServer: true,
    secureContext: context,
    ALPNProtocols: ['http/1.1'],
    SNICallback: (name, done) => {
      const same = name.toLowerCase() === host;
      if (same) done(null, context);
      else done(new Error(`the tunnel to ${host} was opened for another host`));
    },
  });
  const timer = setTimeout(() => fail(new Error('no TLS within the first seconds')), handshakeMs);
  const fail = (error: Error): void => {
    reject(error);
    inside.destroy();
  };
  inside.once('error', fail);
  inside.once('close', () => reject(new Error('the tunnel was closed before it was used')));
  inside.once('secure', () => resolve(inside));
  // An error after the handshake ends the connection, which the server notices by itself.
  inside.on('error', () => inside.destroy());
  return promise.finally(() => clearTimeout(timer));
}
