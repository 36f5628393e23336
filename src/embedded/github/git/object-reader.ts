import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { EntropyError } from '../../../domain/error.ts';
import { gitEnvironment, hardenedArguments } from './run-git.ts';

export type ObjectType = 'blob' | 'tree' | 'commit' | 'tag';

export interface ObjectInfo {
  readonly sha: string;
  readonly type: ObjectType;
  readonly size: number;
}

export interface GitObject extends ObjectInfo {
  readonly bytes: Buffer;
}

interface Waiting {
  readonly wantsBytes: boolean;
  resolve(object: GitObject | undefined): void;
  reject(error: Error): void;
}

/**
 * One long-lived `git cat-file --batch-command` for a repository, so that reading an object costs no process. Answers
 * come in the order of the questions. Nothing is cached: the process sees objects that were written after it started.
 */
export class ObjectReader implements AsyncDisposable {
  readonly #gitDir: string;
  readonly #hostPath: string;
  readonly #waiting: Waiting[] = [];
  #child: ChildProcessByStdio<Writable, Readable, null> | undefined;
  #chunks: Buffer[] = [];
  #buffered = 0;
  #needed = 1;

  constructor(gitDir: string, hostPath: string) {
    this.#gitDir = gitDir;
    this.#hostPath = hostPath;
  }

  /** `name` is anything that git's revision syntax takes; it must not come from outside unchecked. */
  async info(name: string): Promise<ObjectInfo | undefined> {
    return this.#ask(`info ${name}`, false);
  }

  async read(name: string): Promise<GitObject | undefined> {
    return this.#ask(`contents ${name}`, true);
  }

  #ask(line: string, wantsBytes: boolean): Promise<GitObject | undefined> {
    if (line.includes('\n') || line.includes('\0')) return Promise.resolve(undefined);
    const { promise, resolve, reject } = Promise.withResolvers<GitObject | undefined>();
    const child = this.#child ?? this.#start();
    this.#waiting.push({ wantsBytes, resolve, reject });
    child.stdin.write(`${line}\n`);
    return promise;
  }

  #start(): ChildProcessByStdio<Writable, Readable, null> {
    const args = [...hardenedArguments, '--git-dir', this.#gitDir, 'cat-file', '--batch-command'];
    const child = spawn('git', args, { env: gitEnvironment(this.#hostPath), stdio: ['pipe', 'pipe', 'ignore'] });
    child.stdout.on('data', (chunk: Buffer) => this.#take(chunk));
    child.stdin.on('error', () => undefined);
    child.on('error', (cause) => this.#ended(child, cause));
    child.on('close', () => this.#ended(child, undefined));
    this.#child = child;
    return child;
  }

  #ended(child: ChildProcessByStdio<Writable, Readable, null>, cause: Error | undefined): void {
    if (this.#child !== child) return;
    this.#child = undefined;
    this.#chunks = [];
    this.#buffered = 0;
    this.#needed = 1;
    const fault = new EntropyError({
      code: 'E500',
      message: 'git cat-file ended while an object was being read',
      fix: 'Check that git 2.38 or newer is installed: git --version',
      retryable: true,
      ...(cause === undefined ? {} : { cause }),
    });
    for (const waiting of this.#waiting.splice(0)) waiting.reject(fault);
  }

  #take(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#buffered += chunk.length;
    while (this.#waiting.length > 0 && this.#buffered >= this.#needed) {
      const all = this.#chunks.length === 1 ? (this.#chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(this.#chunks);
      this.#chunks = [all];
      const used = this.#answer(all);
      if (used === 0) return;
      const rest = all.subarray(used);
      this.#chunks = rest.length === 0 ? [] : [rest];
      this.#buffered = rest.length;
      this.#needed = 1;
    }
  }

  /** Answers the first question when all of its bytes are there; returns how many were used, 0 when more are needed. */
  #answer(all: Buffer): number {
    const lineEnd = all.indexOf(10);
    if (lineEnd < 0) {
      this.#needed = this.#buffered + 1;
      return 0;
    }
    const waiting = this.#waiting[0];
    if (waiting === undefined) return 0;
    const header = /^([0-9a-f]{40}) (blob|tree|commit|tag) (\d+)$/.exec(all.toString('latin1', 0, lineEnd));
    const [sha, type, digits] = [header?.[1], header?.[2] as ObjectType | undefined, header?.[3]];
    const size = Number(digits ?? 0);
    const found = sha !== undefined && type !== undefined;
    const end = found && waiting.wantsBytes ? lineEnd + 1 + size + 1 : lineEnd + 1;
    if (all.length < end) {
      this.#needed = end;
      return 0;
    }
    this.#waiting.shift();
    const bytes = Buffer.from(all.subarray(lineEnd + 1, waiting.wantsBytes && found ? end - 1 : lineEnd + 1));
    waiting.resolve(found ? { sha, type, size, bytes } : undefined);
    return end;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
    child.stdin.end();
    const timer = setTimeout(() => child.kill('SIGKILL'), 1000);
    await closed;
    clearTimeout(timer);
  }
}
