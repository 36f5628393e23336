import { readdir, readFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { tryGit } from '../adapters/git/git-command.ts';
import { inspectRepository } from '../adapters/git/inspect-repository.ts';
import { EntropyError } from '../domain/error.ts';
import { parseRemoteUrl, type RemoteUrl } from '../domain/remote-url.ts';
import { type DetectedCommands, detectCommands, filesToRead } from './detect-commands.ts';

export interface DetectedRepository {
  /** Absolute path of the top folder. */
  readonly root: string;
  readonly remotes: readonly { readonly name: string; readonly location: RemoteUrl }[];
  /** `origin`, or the only one. */
  readonly remote: { readonly name: string; readonly location: RemoteUrl } | undefined;
  readonly currentBranch: string | undefined;
  /** As the remote says, else the branch that is checked out. */
  readonly defaultBranch: string | undefined;
  readonly commands: readonly DetectedCommands[];
}

export interface DetectOptions {
  readonly start: string;
  readonly hostPath: string;
  readonly githubServerUrl: string;
  readonly signal: AbortSignal;
}

const maxFileBytes = 256 * 1024;

/** What the repository around a folder tells about itself, read without obeying any of its settings. E501 when there is none. */
export async function detectRepository(options: DetectOptions): Promise<DetectedRepository> {
  const { hostPath, githubServerUrl, signal } = options;
  const start = path.resolve(options.start);
  if ((await stat(start).catch(() => undefined))?.isDirectory() !== true) {
    throw new EntropyError({
      code: 'E501',
      message: `${start} is not a folder`,
      fix: 'name the folder of a git repository',
    });
  }
  const state = await inspectRepository({ path: start, tempDir: tmpdir(), searchPath: hostPath, signal });
  const githubHost = new URL(githubServerUrl).hostname;
  const remotes = state.remotes.map(({ name, url }) => ({ name, location: parseRemoteUrl(url, { githubHost }) }));
  const remote = remotes.find(({ name }) => name === 'origin') ?? (remotes.length === 1 ? remotes[0] : undefined);
  const remoteHead = remote === undefined ? undefined : await headOf(remote.name, state.commonDir, options);
  return {
    root: state.root,
    remotes,
    remote,
    currentBranch: state.branch,
    defaultBranch: remoteHead ?? state.branch,
    commands: await commandsOf(state.root),
  };
}

/** The default branch of a remote as the last clone or fetch noted it. */
async function headOf(remote: string, gitDir: string, { hostPath, signal }: DetectOptions) {
  const prefix = `refs/remotes/${remote}/`;
  const args = ['symbolic-ref', '--quiet', `${prefix}HEAD`];
  const answer = await tryGit({ args, place: { gitDir, path: hostPath }, signal, timeoutMs: 10_000 });
  const target = answer.stdout.toString('utf8').trim();
  return answer.exitCode === 0 && target.startsWith(prefix) ? target.slice(prefix.length) : undefined;
}

async function commandsOf(root: string): Promise<readonly DetectedCommands[]> {
  const entries = await readdir(root, { withFileTypes: true });
  const names = entries.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name)).sort();
  const contents: Record<string, string> = {};
  for (const name of filesToRead) {
    if (!names.includes(name)) continue;
    const file = path.join(root, name);
    if ((await stat(file)).size <= maxFileBytes) contents[name] = await readFile(file, 'utf8');
  }
  return detectCommands({ names, contents });
}
