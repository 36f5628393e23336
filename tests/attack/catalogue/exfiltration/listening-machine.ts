import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { networkInterfaces } from 'node:os';

/** This machine as a sandbox must not reach it: one port on every interface, TCP and UDP. */
export interface ListeningMachine extends AsyncDisposable {
  readonly port: number;
  /** Loopback, and where else the machine answers. */
  readonly addresses: readonly string[];
  /** How often somebody came, by either protocol. */
  readonly visits: () => number;
}

/** Answers every connection with `machine`, and nothing to a datagram. */
export async function listeningMachine(): Promise<ListeningMachine> {
  let visits = 0;
  const server = createServer((socket) => {
    visits += 1;
    socket.on('error', () => undefined);
    socket.end('machine');
  });
  server.listen(0, '0.0.0.0');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const datagrams = createSocket('udp4', () => {
    visits += 1;
  });
  datagrams.bind(port, '0.0.0.0');
  await once(datagrams, 'listening');
  const outer = Object.values(networkInterfaces()).flatMap((of) =>
    (of ?? []).flatMap(({ address, family, internal }) => (family === 'IPv4' && !internal ? [address] : [])),
  );
  return {
    port,
    addresses: ['127.0.0.1', ...outer],
    visits: () => visits,
    async [Symbol.asyncDispose]() {
      datagrams.close();
      server.close();
    },
  };
}

/** A line of shell that goes there by itself, without any proxy: by TCP and by UDP. */
export function goingStraight({ addresses, port }: Pick<ListeningMachine, 'addresses' | 'port'>): string {
  const program = `const net = require('node:net'), { createSocket } = require('node:dgram');
const addresses = ${JSON.stringify(addresses)};
let waiting = addresses.length;
const done = (told) => { console.log(told); if (--waiting === 0) setTimeout(() => process.exit(), 50); };
for (const address of addresses) {
  const socket = net.connect({ host: address, port: ${port} });
  socket.on('connect', () => done('reached ' + address)).on('error', ({ code }) => done(code));
  createSocket('udp4').on('error', () => {}).send('a question', ${port}, address, () => {});
}
setTimeout(() => process.exit(), 4000);`;
  return `env -u HTTPS_PROXY -u https_proxy -u HTTP_PROXY -u http_proxy NO_PROXY='*' no_proxy='*' node -e "${program.replaceAll('"', '\\"')}"`;
}
