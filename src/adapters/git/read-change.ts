import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { EntropyError } from '../../domain/error.ts';
import type { ChangedFile, PullChange } from '../../domain/pull-change.ts';
import { type GitPlace, git, tryGit } from './git-command.ts';
import { locateGitFolder, makeOwnFolder } from './git-folder.ts';
import { splitZero } from './raw-diff.ts';
import { searchPathOutside } from './search-path.ts';

export interface ReadChangeOptions {
  /** Top folders of the working copies that hold the two commits, one each or the same for both. */
  readonly head: { readonly root: string; readonly sha: string };
  readonly base: { readonly root: string; readonly sha: string };
  /** An existing folder outside of both. */
  readonly tempDir: string;
  /** PATH in which git is found. */
  readonly path: string;
  readonly signal: AbortSignal;
}

/**
 * What a pull request changes, from its two commits and nobody's word: through a git folder of our own that borrows the objects
 * of both working copies, so that no setting, hook or filter of either is obeyed. Renames are told as GitHub tells them. E501
 * without a repository, E505 without one of the commits.
 */
export async function readChange(options: ReadChangeOptions): Promise<PullChange> {
  const { head, base, signal } = options;
  const own = await mkdtemp(path.join(options.tempDir, 'git-'));
  try {
    const searchPath = await searchPathOutside(options.path, head.root);
    const [headGit, baseGit] = [await sourceOf(head.root), await sourceOf(base.root)];
    await makeOwnFolder({ source: headGit, besides: baseGit, target: own, path: searchPath, signal });
    const place: GitPlace = { gitDir: own, path: searchPath };
    for (const { root, sha } of [head, base]) await refuseMissing(place, { root, sha, signal });
    return { files: await changedFiles({ place, from: base.sha, to: head.sha, signal }) };
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}

async function sourceOf(root: string) {
  const found = await locateGitFolder(root);
  if (found !== undefined) return found;
  throw new EntropyError({
    code: 'E501',
    message: `${root} is not a git repository`,
    fix: 'check out the commit there (in a workflow: actions/checkout with that ref and path)',
  });
}

async function refuseMissing(
  place: GitPlace,
  { root, sha, signal }: { readonly root: string; readonly sha: string; readonly signal: AbortSignal },
): Promise<void> {
  const args = ['rev-parse', '--verify', '--quiet', `${sha}^{tree}`];
  const isSha = /^[0-9a-f]{40}$/.test(sha);
  if (isSha && (await tryGit({ args, place, signal })).exitCode === 0) return;
  throw new EntropyError({
    code: 'E505',
    message: `the commit ${sha} is not in ${root}`,
    fix: 'check out that very commit there (in a workflow: actions/checkout with `ref` set to it)',
  });
}

interface Pair {
  readonly place: GitPlace;
  readonly from: string;
  readonly to: string;
  readonly signal: AbortSignal;
}

const plain = ['--no-color', '--no-ext-diff', '--no-textconv', '-M'] as const;

async function changedFiles({ place, from, to, signal }: Pair): Promise<readonly ChangedFile[]> {
  const diff = (...args: string[]): Promise<Buffer> =>
    git({ args: ['diff-tree', '-r', ...plain, ...args, from, to], place, signal });
  const named = splitZero(await diff('-z', '--name-status')).map(String);
  const patches = (await diff('-p', '--unified=3', '--full-index', '--src-prefix=a/', '--dst-prefix=b/')).toString();
  // In the same order: one block for each file, which begins like this and nothing within it does.
  const blocks = patches.split(/^(?=diff --git )/m).filter((block) => block.startsWith('diff --git '));
  const files: ChangedFile[] = [];
  let next = 0;
  for (let at = 0; at < named.length; ) {
    const status = named[at] ?? '';
    const renamed = status.startsWith('R') || status.startsWith('C');
    const [first = '', second = ''] = [named[at + 1], named[at + 2]];
    // A file that becomes a link is drawn as one that goes and one that comes.
    next += status === 'T' ? 2 : 1;
    files.push(fileOf({ status, path: renamed ? second : first, previous: first, block: blocks[next - 1] ?? '' }));
    at += renamed ? 3 : 2;
  }
  return files;
}

interface Named {
  readonly status: string;
  readonly path: string;
  readonly previous: string;
  readonly block: string;
}

function fileOf({ status, path: name, previous, block }: Named): ChangedFile {
  const start = block.search(/^@@ /m);
  const hunks = start === -1 ? undefined : block.slice(start);
  const lines = hunks?.split('\n') ?? [];
  const count = (mark: string): number => lines.filter((line) => line.startsWith(mark)).length;
  return {
    path: name,
    ...(status.startsWith('R') && { previousPath: previous }),
    change: changeOf(status),
    added: count('+'),
    removed: count('-'),
    ...(hunks !== undefined && { hunks }),
  };
}

function changeOf(status: string): ChangedFile['change'] {
  switch (status.charAt(0)) {
    case 'A':
    case 'C':
      return 'added';
    case 'D':
      return 'deleted';
    case 'R':
      return 'renamed';
    default:
      return 'modified';
  }
}
