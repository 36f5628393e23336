import { mkdtemp, realpath, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { EntropyError } from '../../domain/error.ts';
import { type GitPlace, git, tryGit, usualPath } from './git-command.ts';
import { copyIndex, type GitFolder, locateGitFolder, makeOwnFolder } from './git-folder.ts';
import { splitZero } from './raw-diff.ts';

export interface RepositoryState {
  /** Top folder of the working files. */
  readonly root: string;
  /** Where objects and refs are: `root/.git`, or the main repository's for a worktree. */
  readonly commonDir: string;
  /** Undefined when there is no commit. */
  readonly head: string | undefined;
  /** Undefined when HEAD is detached. */
  readonly branch: string | undefined;
  /** Tracked files that differ from HEAD or are staged, and new files that no rule ignores; at most 20 names. */
  readonly dirty: readonly string[];
  readonly shallow: boolean;
  readonly empty: boolean;
  readonly remotes: readonly { readonly name: string; readonly url: string }[];
}

export interface InspectOptions {
  /** The repository's top folder or any folder in it. */
  readonly path: string;
  readonly tempDir: string;
  readonly searchPath?: string;
  readonly signal: AbortSignal;
}

/** What a local repository is, without obeying any of its configuration. E501 when there is none. */
export async function inspectRepository(options: InspectOptions): Promise<RepositoryState> {
  const { root, source } = await findRepository(options.path);
  const own = await mkdtemp(path.join(options.tempDir, 'git-'));
  try {
    const searchPath = options.searchPath ?? usualPath;
    const { signal } = options;
    await makeOwnFolder({ source, target: own, path: searchPath, signal });
    const names: GitPlace = { gitDir: source.gitDir, path: searchPath };
    const head = await lineOf(names, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'], signal);
    const index = path.join(own, 'index');
    await copyIndex(path.join(source.gitDir, 'index'), index);
    const files: GitPlace = { gitDir: own, workTree: root, indexFile: index, path: searchPath };
    return {
      root,
      commonDir: source.commonDir,
      head,
      branch: await lineOf(names, ['symbolic-ref', '--quiet', '--short', 'HEAD'], signal),
      dirty: head === undefined ? [] : await dirtyPaths(files, head, signal),
      shallow: (await lineOf(names, ['rev-parse', '--is-shallow-repository'], signal)) === 'true',
      empty: head === undefined,
      remotes: await remotesOf(source, { gitDir: own, path: searchPath }, signal),
    };
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}

async function findRepository(start: string): Promise<{ root: string; source: GitFolder }> {
  const from = await realpath(start).catch(() => undefined);
  let folder = from;
  while (folder !== undefined) {
    const source = await locateGitFolder(folder);
    if (source !== undefined) return { root: folder, source };
    const parent = path.dirname(folder);
    folder = parent === folder ? undefined : parent;
  }
  const isBare = from !== undefined && (await stat(path.join(from, 'objects')).catch(() => undefined)) !== undefined;
  throw new EntropyError({
    code: 'E501',
    message: from === undefined ? `${start} does not exist` : `${start} is not a git repository`,
    fix: isBare ? 'this is a bare repository: clone it and name the clone' : 'name the folder of a git repository',
  });
}

/** HEAD against the index, the index against the files, and files that are new. */
async function dirtyPaths(place: GitPlace, head: string, signal: AbortSignal): Promise<readonly string[]> {
  const commands = [
    ['diff-index', '--cached', '--name-only', '-z', '--ignore-submodules=all', head],
    [
      'ls-files',
      '--modified',
      '--deleted',
      '--others',
      '--exclude-standard',
      '--directory',
      '--no-empty-directory',
      '-z',
    ],
  ];
  const found = new Set<string>();
  for (const args of commands) {
    for (const name of splitZero(await git({ args, place, signal }))) found.add(name.toString('utf8'));
  }
  return [...found].sort().slice(0, 20);
}

async function remotesOf(source: GitFolder, place: GitPlace, signal: AbortSignal) {
  const config = path.join(source.commonDir, 'config');
  const args = ['config', '--file', config, '--no-includes', '--null', '--get-regexp', '^remote\\..*\\.url$'];
  const answer = await tryGit({ args, place, signal });
  return splitZero(answer.stdout).map((entry) => {
    const [key = '', url = ''] = entry.toString('utf8').split('\n');
    return { name: key.slice('remote.'.length, -'.url'.length), url };
  });
}

async function lineOf(place: GitPlace, args: readonly string[], signal: AbortSignal): Promise<string | undefined> {
  const answer = await tryGit({ args, place, signal });
  return answer.exitCode === 0 ? answer.stdout.toString('utf8').trim() : undefined;
}
