import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Server } from 'node:net';

export interface ListenerAddress {
  readonly host: string;
  readonly port: number;
}

const deadlineMs = 10_000;

/**
 * Runs inside the sandbox's network, but in nothing else of it: listens where it is told and hands what it got to its parent.
 * A socket stays in the network that it was made in, so from then on the parent hears what is said in there, with no program
 * in between and nothing left inside.
 */
const program = `const net = require('node:net');
for (const at of JSON.parse(process.argv[1])) {
  const server = net.createServer();
  server.on('error', ({ code }) => process.send({ at, failed: code }));
  server.listen({ host: at.host, port: at.port, backlog: 511 }, () => process.send({ at }, server));
}
process.on('disconnect', () => process.exit());`;

/** Servers that listen in the network which `enter` leads to, in the order of the addresses. */
export async function listenInNamespace(
  enter: readonly [string, ...string[]],
  addresses: readonly ListenerAddress[],
): Promise<readonly Server[]> {
  const [first, ...rest] = enter;
  const child = spawn(first, [...rest, process.execPath, '-e', program, JSON.stringify(addresses)], {
    cwd: '/',
    env: {},
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const gone = once(child, 'exit').catch(() => undefined);
  let complained = '';
  child.stderr?.on('data', (chunk: Uint8Array) => {
    complained = (complained + new TextDecoder().decode(chunk)).slice(-1000);
  });
  const servers = new Map<string, Server>();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(() => reject(new Error(`not listening after ${deadlineMs / 1000} s`)), deadlineMs);
  child.once('error', reject);
  child.once('close', (code) => reject(new Error(complained.trim() || `its program ended with ${code}`)));
  child.on('message', (told: { readonly at: ListenerAddress; readonly failed?: string }, server) => {
    if (told.failed !== undefined) return reject(new Error(`${nameOf(told.at)} cannot be listened on: ${told.failed}`));
    servers.set(nameOf(told.at), server as Server);
    if (servers.size === addresses.length) resolve();
  });
  try {
    await promise;
    return addresses.flatMap((at) => servers.get(nameOf(at)) ?? []);
  } catch (error) {
    for (const server of servers.values()) server.close();
    throw error;
  } finally {
    clearTimeout(timer);
    child.kill('SIGKILL');
    await gone;
  }
}

function nameOf({ host, port }: ListenerAddress): string {
  return `${host}:${port}`;
}
