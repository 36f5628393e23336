import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { git, tryGit } from '../adapters/git/git-command.ts';
import { asGitFolder, type GitFolder, locateGitFolder } from '../adapters/git/git-folder.ts';
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
  const found = await findRepository(path.resolve(options.start));
  if (found === undefined) {
    throw new EntropyError({
      code: 'E501',
      message: `${path.resolve(options.start)} is not in a git repository`,
      fix: 'go to a repository, name one with --repo PATH, or make one: git init && git add -A && git commit -m first',
    });
  }
  const remotes = await readRemotes(found.folder, options);
  const remote = remotes.find(({ name }) => name === 'origin') ?? (remotes.length === 1 ? remotes[0] : undefined);
  const currentBranch = await branchAt(found.folder, 'HEAD', 'refs/heads/', options);
  const remoteHead =
    remote === undefined
      ? undefined
      : await branchAt(found.folder, `refs/remotes/${remote.name}/HEAD`, `refs/remotes/${remote.name}/`, options);
  return {
    root: found.root,
    remotes,
    remote,
    currentBranch,
    defaultBranch: remoteHead ?? currentBranch,
    commands: await commandsOf(found.root),
  };
}

async function findRepository(start: string): Promise<{ root: string; folder: GitFolder } | undefined> {
  const info = await stat(start).catch(() => undefined);
  if (info === undefined || !info.isDirectory()) {
    throw new EntropyError({
      code: 'E102',
      message: `${start} is not a folder`,
      fix: 'name the folder of a git repository',
    });
  }
  for (let folder = start; ; folder = path.dirname(folder)) {
    const located = await locateGitFolder(folder);
    if (located !== undefined) return { root: folder, folder: located };
    if (path.dirname(folder) === folder) break;
  }
  const bare = (await stat(path.join(start, 'objects')).catch(() => undefined))?.isDirectory();
  const folder = bare === true ? await asGitFolder(start) : undefined;
  return folder === undefined ? undefined : { root: start, folder };
}

async function readRemotes({ commonDir }: GitFolder, { hostPath, githubServerUrl, signal }: DetectOptions) {
  const place = { gitDir: commonDir, path: hostPath };
  const file = path.join(commonDir, 'config');
  const args = ['config', '--file', file, '--no-includes', '--null', '--get-regexp', '^remote\\..*\\.url$'];
  const answer = await tryGit({ args, place, signal, timeoutMs: 10_000 });
  // git ends with 1 when nothing matches.
  if (answer.exitCode === 1) return [];
  const listed = answer.exitCode === 0 ? answer.stdout : await git({ args, place, signal, timeoutMs: 10_000 });
  const githubHost = new URL(githubServerUrl).hostname;
  const remotes = new Map<string, RemoteUrl>();
  for (const pair of listed.toString('utf8').split('\0').filter(Boolean)) {
    const [key = '', url = ''] = pair.split('\n');
    const name = key.slice('remote.'.length, -'.url'.length);
    // A remote may have several addresses; git fetches from the first.
    if (!remotes.has(name)) remotes.set(name, parseRemoteUrl(url, { githubHost }));
  }
  return [...remotes].map(([name, location]) => ({ name, location }));
}

async function branchAt({ gitDir }: GitFolder, ref: string, prefix: string, { hostPath, signal }: DetectOptions) {
  const place = { gitDir, path: hostPath };
  const answer = await tryGit({ args: ['symbolic-ref', '--quiet', ref], place, signal, timeoutMs: 10_000 });
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
