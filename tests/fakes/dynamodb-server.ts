import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { dynamoDbLocalHint, findDynamoDbLocal } from '../../scripts/install-dynamodb-local.ts';
import { findMoto, motoHint } from '../../scripts/install-moto.ts';

export interface DynamoServer extends AsyncDisposable {
  readonly endpoint: string;
}

export interface DynamoServerKind {
  readonly name: string;
  /** Whether tables get their stream: moto copies all that a stream holds with each transaction. */
  readonly stream: boolean;
  /** Why it cannot be started here and what to do; undefined when it can. */
  readonly missing: () => string | undefined;
  readonly start: () => Promise<DynamoServer>;
}

/** Amazon's own stand-in: in memory, one for all tests of a file; each test has a table of its own. */
export const dynamoDbLocal: DynamoServerKind = {
  name: 'DynamoDB Local',
  stream: true,
  missing: () => (findDynamoDbLocal() === undefined ? dynamoDbLocalHint : undefined),
  start: async () => {
    const folder = findDynamoDbLocal();
    if (folder === undefined) throw new Error(`DynamoDB Local is missing: ${dynamoDbLocalHint}`);
    const quickStart = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xmx512m'];
    const classes = ['-cp', path.join(folder, '*'), 'com.amazonaws.services.dynamodbv2.local.main.ServerRunner'];
    const inMemory = ['-inMemory', '-disableTelemetry', '-port'];
    return startServer('java', (port) => [
      ...quickStart,
      `-Djava.library.path=${folder}`,
      ...classes,
      ...inMemory,
      String(port),
    ]);
  },
};

export const moto: DynamoServerKind = {
  name: 'moto',
  stream: false,
  missing: () => (findMoto() === undefined ? motoHint : undefined),
  start: async () => {
    const python = findMoto();
    if (python === undefined) throw new Error(`moto is missing: ${motoHint}`);
    return startServer(python, (port) => [path.join(import.meta.dirname, 'serial-moto.py'), String(port)]);
  },
};

const startDeadlineMs = 60_000;

/** A port that is free may be taken by another before the server has it, so a server that ends at once is started anew. */
async function startServer(program: string, args: (port: number) => readonly string[]): Promise<DynamoServer> {
  const until = performance.now() + startDeadlineMs;
  let told = '';
  while (performance.now() < until) {
    const port = await freePort();
    const child = spawn(program, args(port), { stdio: ['ignore', 'pipe', 'pipe'] });
    // Also when a deadline ends the run before anything is disposed of.
    const leave = (): void => void child.kill('SIGKILL');
    process.once('exit', leave);
    child.once('exit', () => process.off('exit', leave));
    const failed = new Promise<string>((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('exit', (code) => resolve(`it ended with ${code}`));
    });
    told = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (text: string) => {
        told = (told + text).slice(-2_000);
      });
    }
    const endpoint = `http://127.0.0.1:${port}`;
    const ended = await Promise.race([answering(endpoint, until), failed]);
    if (ended === undefined) return { endpoint, [Symbol.asyncDispose]: () => stop(child) };
    told = `${ended}\n${told}`;
    await stop(child);
  }
  throw new Error(`${program} did not begin to answer within ${startDeadlineMs} ms: ${told}`);
}

async function answering(endpoint: string, until: number): Promise<undefined> {
  while (performance.now() < until) {
    const answer = await fetch(endpoint).catch(() => undefined);
    if (answer !== undefined) {
      await answer.arrayBuffer();
      return undefined;
    }
    await delay(50);
  }
  return undefined;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}

/**
 * Below the ports that the system gives to whoever asks for any: while the server starts we knock at its port, and whoever was
 * given it meanwhile (a canary's listener) would take that for a visit.
 */
async function freePort(): Promise<number> {
  for (let tries = 0; tries < 100; tries += 1) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    const server = createServer();
    const free = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!free) continue;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
  throw new Error('no port from 20000 to 30000 is free');
}
