import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describeError, EntropyError } from '../domain/error.ts';
import { type CliEnvironment, modelKeyVariable } from './cli-environment.ts';
import { takeSecret } from './config.ts';
import { detectRepository } from './detect-repository.ts';
import type { DoctorWorld, KeyState, ReadGitHub } from './doctor-world.ts';
import { ownEgressCommand } from './own-worker.ts';
import { version } from './version.ts';

export interface DoctorOptions {
  readonly environment: CliEnvironment;
  /** A folder in the repository. */
  readonly start: string;
  readonly signal: AbortSignal;
}

const requestMs = 15_000;

/** The real machine, key, repository and GitHub behind the checks. Takes the key and the token from the environment. */
export async function openDoctorWorld(options: DoctorOptions): Promise<DoctorWorld> {
  const { environment, signal } = options;
  const { sandboxLadder } = await import('./sandboxes.ts');
  const found = await findRepository(options);
  const root = found.kind === 'found' ? found.root : undefined;
  const variable = environment.githubTokenVariable;
  const token = variable === undefined ? undefined : takeSecret(variable);
  const remote = found.kind === 'found' ? found.remote : undefined;
  // The token belongs to the server that the environment names; a remote's URL must not lure it elsewhere.
  const serverHost = new URL(environment.githubServerUrl).hostname;
  const onServer = remote !== undefined && new URL(remote.webUrl).hostname === serverHost;
  const key = takeSecret(modelKeyVariable);
  return {
    platform: process.platform,
    nodeVersion: process.versions.node,
    gitVersion: (abort) => gitVersion(environment.hostPath, abort),
    sandboxes: sandboxLadder(ownEgressCommand()),
    probeKey: (abort) => probe(environment.anthropicBaseUrl, key, abort),
    repository: found,
    readText: (file) => (root === undefined ? Promise.resolve(undefined) : textOf(path.join(root, file))),
    listFolder: (folder) => (root === undefined ? Promise.resolve([]) : namesIn(path.join(root, folder))),
    hasToken: token !== undefined,
    githubServerUrl: environment.githubServerUrl,
    github:
      token === undefined || !onServer
        ? undefined
        : await openGitHub({ token, owner: remote.owner, name: remote.name, environment, signal }),
  };
}

async function findRepository({ start, environment, signal }: DoctorOptions) {
  const { hostPath, githubServerUrl } = environment;
  try {
    const { root, remote, defaultBranch } = await detectRepository({ start, hostPath, githubServerUrl, signal });
    const location = remote?.location;
    return { kind: 'found' as const, root, remote: location?.kind === 'forge' ? location : undefined, defaultBranch };
  } catch (error) {
    if (!(error instanceof EntropyError)) throw error;
    return { kind: 'none' as const, reason: error.message, fix: error.fix };
  }
}

async function gitVersion(hostPath: string, signal: AbortSignal): Promise<string | undefined> {
  const { gitLine } = await import('../adapters/git/git-command.ts');
  const place = { gitDir: tmpdir(), path: hostPath };
  return gitLine({ args: ['--version'], place, signal, timeoutMs: 10_000 }).catch((error: unknown) => {
    signal.throwIfAborted();
    // Not there, or not startable: the check says what to do about it.
    return error instanceof EntropyError ? undefined : Promise.reject(error);
  });
}

async function probe(targetBaseUrl: string, key: string | undefined, signal: AbortSignal): Promise<KeyState> {
  if (key === undefined) return { kind: 'missing', reason: `${modelKeyVariable} is not set` };
  const { probeKey } = await import('../adapters/broker/probe-key.ts');
  return probeKey({ targetBaseUrl, key, timeoutMs: requestMs }, signal);
}

interface GitHubAccess {
  readonly token: string;
  readonly owner: string;
  readonly name: string;
  readonly environment: CliEnvironment;
  readonly signal: AbortSignal;
}

async function openGitHub({ token, owner, name, environment, signal }: GitHubAccess): Promise<ReadGitHub> {
  const { createGitHubApi } = await import('../adapters/github/api.ts');
  const { createSystemClock } = await import('../adapters/system/system-clock.ts');
  const api = createGitHubApi({
    token,
    repository: { owner, name },
    apiUrl: environment.githubApiUrl,
    userAgent: `entropy-playground/${version} doctor`,
    clock: createSystemClock(),
    signal,
    log: () => undefined,
    requestTimeoutMs: requestMs,
    maxWaitMs: 5_000,
  });
  let unreachable: EntropyError | undefined;
  return async (route, params) => {
    // Six checks ask the same server; when it did not answer the first, the others need not wait for it too.
    if (unreachable !== undefined) throw unreachable;
    const call = { route, params: params ?? {}, purpose: 'examine the repository', expected: [403, 404] };
    return api.send(call).catch((error: unknown) => {
      if (error instanceof EntropyError && error.code === 'E205') unreachable = error;
      throw error;
    });
  };
}

async function textOf(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch(ifAbsent(undefined));
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch(ifAbsent([]));
}

function ifAbsent<Value>(instead: Value) {
  return (error: NodeJS.ErrnoException): Value => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return instead;
    throw new EntropyError({
      code: 'E102',
      message: `cannot read a file of the repository: ${describeError(error)}`,
      fix: 'make it readable for you',
      cause: error,
    });
  };
}
