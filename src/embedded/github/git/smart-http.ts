import { spawn } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { dirname } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { EntropyError } from '../../../domain/error.ts';
import type { BareRepository } from './bare-repository.ts';
import { type PushCommand, readPushCommands } from './push-commands.ts';
import { gitEnvironment, hardenedArguments } from './run-git.ts';

export type GitService = 'git-upload-pack' | 'git-receive-pack';

export interface GitRequest {
  readonly git: BareRepository;
  /** `/info/refs`, `/git-upload-pack`, `/git-receive-pack`. */
  readonly path: string;
  readonly query: string;
  /** Empty for anonymous readers. */
  readonly user: string;
}

export interface GitOutcome {
  readonly status: number;
  /** Ref changes that a push asked for; the caller looks which of them happened. */
  readonly commands: readonly PushCommand[];
}

/** The service that a request to a repository's git address asks for; undefined when it is none of git's. */
export function gitService(path: string, query: string): GitService | undefined {
  const named = path === '/info/refs' ? new URLSearchParams(query).get('service') : path.slice(1);
  return named === 'git-upload-pack' || named === 'git-receive-pack' ? named : undefined;
}

const deadlineMs = 10 * 60_000;
const settings = [
  ...['-c', 'http.receivepack=true'],
  ...['-c', 'http.uploadpack=true'],
  ...['-c', 'uploadpack.allowFilter=true'],
  ...['-c', 'uploadpack.allowAnySHA1InWant=true'],
  ...['-c', 'receive.hideRefs=refs/pull'],
  ...['-c', 'receive.denyDeleteCurrent=refuse'],
  ...['-c', 'receive.autogc=false'],
  ...['-c', 'transfer.fsckObjects=true'],
];

/** Hands one request to git's own `http-backend`, and its answer back, as streams. */
export async function serveGit(
  request: GitRequest,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<GitOutcome> {
  const { git } = request;
  const env = {
    ...gitEnvironment(git.hostPath),
    GIT_PROJECT_ROOT: dirname(git.dir),
    GIT_HTTP_EXPORT_ALL: '1',
    PATH_INFO: `${git.dir.slice(dirname(git.dir).length)}${request.path}`,
    QUERY_STRING: request.query,
    REQUEST_METHOD: incoming.method ?? 'GET',
    CONTENT_TYPE: incoming.headers['content-type'] ?? '',
    REMOTE_USER: request.user,
    REMOTE_ADDR: incoming.socket.remoteAddress ?? '',
    GIT_PROTOCOL: headerText(incoming, 'git-protocol'),
  };
  const child = spawn('git', [...hardenedArguments, ...settings, 'http-backend'], {
    env,
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: deadlineMs,
    killSignal: 'SIGKILL',
  });
  const closed = new Promise<void>((resolve, reject) => {
    child.on('error', (cause) => reject(backendFault(`cannot be started: ${cause.message}`, cause)));
    child.on('close', () => resolve());
  });
  outgoing.on('close', () => child.kill());
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    if (stderr.length < 8192) stderr += chunk.toString();
  });
  const commands: PushCommand[] = [];
  const watch = request.path === '/git-receive-pack' ? watchCommands(commands) : new Transform({ transform: pass });
  const packed = incoming.headers['content-encoding'] === 'gzip';
  const input = packed
    ? pipeline(incoming, createGunzip(), watch, child.stdin)
    : pipeline(incoming, watch, child.stdin);
  // git may stop reading when it has seen enough; what it answers counts.
  const sent = input.catch(() => undefined);
  const status = await relayCgi(child.stdout, outgoing);
  await Promise.all([closed, sent]);
  if (status === undefined) throw backendFault(stderr.trim() || 'ended without an answer');
  return { status, commands };
}

function pass(chunk: Buffer, _encoding: string, done: (error: null, data: Buffer) => void): void {
  done(null, chunk);
}

/** Lets everything through and reads the ref changes at its start. */
function watchCommands(commands: PushCommand[]): Transform {
  let head: Buffer | undefined = Buffer.alloc(0);
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (head !== undefined) {
        head = Buffer.concat([head, chunk]);
        const read = readPushCommands(head);
        if (read.kind === 'complete') commands.push(...read.commands);
        if (read.kind !== 'incomplete') head = undefined;
      }
      done(null, chunk);
    },
  });
}

/** A CGI answer: header lines, an empty line, the body. */
async function relayCgi(output: NodeJS.ReadableStream, outgoing: ServerResponse): Promise<number | undefined> {
  let head: Buffer | undefined = Buffer.alloc(0);
  let status: number | undefined;
  for await (const chunk of output as AsyncIterable<Buffer>) {
    let body: Buffer = chunk;
    if (head !== undefined) {
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) continue;
      status = writeHead(head.toString('latin1', 0, end), outgoing);
      body = head.subarray(end + 4);
      head = undefined;
    }
    if (outgoing.destroyed) break;
    if (!outgoing.write(body)) await drained(outgoing);
  }
  if (status !== undefined) outgoing.end();
  return status;
}

/** Until the reader has room again, or left. A large pack waits hundreds of times: no listener may stay behind. */
function drained(outgoing: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      outgoing.off('drain', done);
      outgoing.off('close', done);
      resolve();
    };
    outgoing.on('drain', done);
    outgoing.on('close', done);
  });
}

function writeHead(text: string, outgoing: ServerResponse): number {
  const fields = text.split('\r\n').map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), line.slice(colon + 1).trim()] as const;
  });
  const status = Number(
    /^\d{3}/.exec(fields.find(([name]) => name.toLowerCase() === 'status')?.[1] ?? '200')?.[0] ?? 200,
  );
  const headers = fields.filter(([name]) => name.toLowerCase() !== 'status');
  outgoing.writeHead(status, Object.fromEntries(headers));
  return status;
}

function headerText(incoming: IncomingMessage, name: string): string {
  const value = incoming.headers[name];
  return typeof value === 'string' ? value : '';
}

function backendFault(what: string, cause?: unknown): EntropyError {
  return new EntropyError({
    code: 'E500',
    message: `git http-backend failed in the embedded GitHub: ${what.slice(0, 500)}`,
    fix: 'Check that git is installed completely (git http-backend is part of it).',
    ...(cause === undefined ? {} : { cause }),
  });
}
