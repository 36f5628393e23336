import { spawn } from 'node:child_process';
import { EntropyError } from '../../domain/error.ts';

/** Where programs are looked for when the caller names no PATH of its own. */
export const usualPath = '/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin';

export interface GitPlace {
  /** GIT_DIR; outside of any workspace, except where only names are read. */
  readonly gitDir: string;
  readonly workTree?: string;
  readonly indexFile?: string;
  /** Of commits, as git reads it; the start of 1970 when absent, so that the same content has the same id. */
  readonly date?: string;
  /** PATH in which git is found. */
  readonly path: string;
}

export interface GitCall {
  readonly args: readonly string[];
  readonly place: GitPlace;
  readonly stdin?: Uint8Array | string;
  readonly signal: AbortSignal;
  readonly timeoutMs?: number;
  readonly maxOutputBytes?: number;
  /** Settings for this call alone, secrets among them: they go by the environment, not by arguments. */
  readonly config?: Readonly<Record<string, string>>;
}

export interface GitAnswer {
  readonly exitCode: number;
  readonly stdout: Buffer;
  /** UTF-8, bytes that are not shown as U+FFFD; at most 64 KiB. */
  readonly stderr: string;
}

const hardened = [
  '-c',
  'core.fsmonitor=false',
  '-c',
  'core.hooksPath=/dev/null',
  '-c',
  'core.attributesFile=/dev/null',
  '-c',
  'core.excludesFile=/dev/null',
  '-c',
  'protocol.allow=never',
  '-c',
  'protocol.ext.allow=never',
  '-c',
  'advice.addEmbeddedRepo=false',
  '-c',
  'gc.auto=0',
  '--no-pager',
  '--no-replace-objects',
];

/**
 * git as a trusted process runs it (security.md, rule 9): no configuration but our own, no hook, no monitor, no
 * transport, no prompt; arguments as an array. Output over the limit, a time-out and a missing git are E500.
 */
export function tryGit(call: GitCall): Promise<GitAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<GitAnswer>();
  if (call.signal.aborted) return Promise.reject(call.signal.reason);
  const timeoutMs = call.timeoutMs ?? 120_000;
  const maxOutputBytes = call.maxOutputBytes ?? 64 * 1024 * 1024;
  const child = spawn('git', [...hardened, ...call.args], {
    cwd: call.place.workTree ?? call.place.gitDir,
    env: { ...environment(call.place), ...configEnvironment(call.config ?? {}) },
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
  });
  const out: Buffer[] = [];
  let outBytes = 0;
  let stderr = '';
  let failure: unknown;
  const stop = (reason: unknown): void => {
    failure ??= reason;
    child.kill('SIGKILL');
  };
  const onAbort = (): void => stop(call.signal.reason);
  const timer = setTimeout(() => stop(gitFault(call, `took longer than ${timeoutMs} ms`)), timeoutMs);
  call.signal.addEventListener('abort', onAbort, { once: true });
  const settle = (act: () => void): void => {
    clearTimeout(timer);
    call.signal.removeEventListener('abort', onAbort);
    act();
  };
  child.stdout.on('data', (chunk: Buffer) => {
    outBytes += chunk.length;
    if (outBytes > maxOutputBytes) stop(gitFault(call, `wrote more than ${maxOutputBytes} bytes`));
    else out.push(chunk);
  });
  child.stderr.on('data', (chunk: Buffer) => {
    if (stderr.length < 65_536) stderr += chunk.toString('utf8');
  });
  child.on('error', (cause) => settle(() => reject(failure ?? cannotStart(call, cause))));
  child.on('close', (code, killedBy) => {
    settle(() => {
      if (failure !== undefined) reject(failure);
      else if (code === null) reject(gitFault(call, `was ended by ${killedBy}`));
      else resolve({ exitCode: code, stdout: Buffer.concat(out), stderr });
    });
  });
  // git may end before it has read all of its input; its exit code tells what is to be told.
  child.stdin.on('error', () => undefined);
  child.stdin.end(call.stdin ?? '');
  return promise;
}

/** The standard output of a git that must succeed. */
export async function git(call: GitCall): Promise<Buffer> {
  const answer = await tryGit(call);
  if (answer.exitCode !== 0) throw gitFault(call, `ended with ${answer.exitCode}: ${lastLines(answer.stderr)}`);
  return answer.stdout;
}

/** The same, as one trimmed line. */
export async function gitLine(call: GitCall): Promise<string> {
  return (await git(call)).toString('utf8').trim();
}

/** `GIT_CONFIG_COUNT` and its pairs (git 2.31). */
function configEnvironment(config: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const pairs = Object.entries(config).flatMap(([key, value], index) => [
    [`GIT_CONFIG_KEY_${index}`, key],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ]);
  return { GIT_CONFIG_COUNT: String(Object.keys(config).length), ...Object.fromEntries(pairs) };
}

function environment(place: GitPlace): NodeJS.ProcessEnv {
  return {
    PATH: place.path,
    HOME: '/nonexistent',
    LC_ALL: 'C',
    GIT_DIR: place.gitDir,
    ...(place.workTree === undefined ? {} : { GIT_WORK_TREE: place.workTree }),
    ...(place.indexFile === undefined ? {} : { GIT_INDEX_FILE: place.indexFile }),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_LITERAL_PATHSPECS: '1',
    GIT_NO_LAZY_FETCH: '1',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_AUTHOR_NAME: 'entropy',
    GIT_AUTHOR_EMAIL: 'entropy@localhost',
    GIT_AUTHOR_DATE: place.date ?? '@0 +0000',
    GIT_COMMITTER_NAME: 'entropy',
    GIT_COMMITTER_EMAIL: 'entropy@localhost',
    GIT_COMMITTER_DATE: place.date ?? '@0 +0000',
  };
}

export function gitFault(call: Pick<GitCall, 'args'>, what: string): EntropyError {
  return new EntropyError({
    code: 'E500',
    message: `git ${call.args.slice(0, 2).join(' ')} ${what}`,
    fix: 'run `git fsck` in the repository; if it is clean, report this with the message above',
  });
}

function cannotStart(call: GitCall, cause: Error): EntropyError {
  return new EntropyError({
    code: 'E500',
    message: `git could not be started (PATH ${call.place.path})`,
    fix: 'install git 2.38 or later and make sure that it is in PATH',
    cause,
  });
}

function lastLines(stderr: string): string {
  return stderr.trim().split('\n').slice(-4).join(' | ').slice(0, 800);
}
