import { mkdtemp, realpath, rm } from 'node:fs/promises';
import path from 'node:path';
import { EntropyError } from '../../domain/error.ts';
import type { PatchManifest } from '../../domain/patch.ts';
import type { Workspace } from '../../ports/workspace.ts';
import { adoptPatch } from './adopt-patch.ts';
import { buildManifest, type CarryLimits, defaultCarryLimits } from './build-manifest.ts';
import { fetchCommit } from './fetch-commit.ts';
import { type GitPlace, gitLine, tryGit, usualPath } from './git-command.ts';
import { asGitFolder, copyIndex, type GitFolder, locateGitFolder, makeOwnFolder } from './git-folder.ts';
import { keepOnly } from './keep-only.ts';
import { filesOf, layOutTree } from './lay-out-tree.ts';
import { layOver } from './lay-over.ts';
import { exportTree, type MergedPatch, mergePatch } from './merge-patch.ts';
import type { MergeSides } from './merge-sides.ts';
import { type OpenMerge, openMerge } from './open-merge.ts';
import { patchText } from './patch-text.ts';
import { searchPathOutside } from './search-path.ts';
import { refuseNewProblems, type Taken, takeIn } from './take-in.ts';

export interface OpenWorkspaceOptions {
  /** Top folder of the working files. */
  readonly root: string;
  /** The commit that patches are made against; HEAD when absent. */
  readonly baseSha?: string;
  /** Where the repository's git data is, when that is not `root/.git`. */
  readonly gitDir?: string;
  /** An existing folder outside of the workspace; a new folder is made in it and removed again. */
  readonly tempDir: string;
  /** PATH in which git is found. */
  readonly path?: string;
  readonly limits?: Partial<CarryLimits>;
  /** The base, which is checked out, is merged into this branch: the working files become the merge. */
  readonly merge?: Pick<MergeSides, 'forkSha' | 'oursSha'>;
  readonly signal: AbortSignal;
}

/** A workspace that can also bring its patch onto another commit whose objects are in the repository. */
export interface GitWorkspace extends Workspace {
  /** A patch merged onto a newer head: the same patch as it is against that head, or the paths in conflict. */
  mergeOnto(patch: PatchManifest, newHead: string, signal: AbortSignal): Promise<MergedPatch>;
  /** Takes in the objects of a patch that another process made, so that it can be merged, diffed, exported. E603. */
  adopt(patch: PatchManifest, signal: AbortSignal): Promise<void>;
  /** Brings a commit from a server into our own git folder; the repository's stays as it is. */
  fetch(
    request: { readonly url: string; readonly token: string; readonly sha: string },
    signal: AbortSignal,
  ): Promise<void>;
  /** Writes the files of a patch's tree into an empty folder, for running tests on exactly that. */
  exportTree(treeSha: string, folder: string, signal: AbortSignal): Promise<void>;
}

/** Opens a checked-out repository with a git folder of our own. E501 no repository, E502 no commit, E503/E505 no base. */
export async function openWorkspace(options: OpenWorkspaceOptions): Promise<GitWorkspace> {
  const root = await realpath(options.root).catch(() => options.root);
  const source = await findSource(root, options.gitDir);
  const own = await mkdtemp(path.join(options.tempDir, 'git-'));
  try {
    const searchPath = await searchPathOutside(options.path ?? usualPath, root);
    await makeOwnFolder({ source, target: own, path: searchPath, signal: options.signal });
    const baseSha = await resolveBase({ source, own, searchPath, options });
    const place: GitPlace = { gitDir: own, workTree: root, path: searchPath };
    const { merge, signal } = options;
    return workspaceOf({
      root,
      source,
      own,
      baseSha,
      searchPath,
      merge: merge && (await openMerge(place, { ...merge, theirsSha: baseSha }, signal)),
      limits: { ...defaultCarryLimits, ...options.limits },
    });
  } catch (error) {
    await rm(own, { recursive: true, force: true });
    throw error;
  }
}

interface Opened {
  readonly root: string;
  readonly source: GitFolder;
  readonly own: string;
  readonly baseSha: string;
  readonly searchPath: string;
  readonly merge: OpenMerge | undefined;
  readonly limits: CarryLimits;
}

function workspaceOf({ root, source, own, baseSha, searchPath, merge, limits }: Opened): GitWorkspace {
  const index = path.join(own, 'index');
  const place: GitPlace = { gitDir: own, workTree: root, indexFile: index, path: searchPath };
  let start: Taken | undefined;
  let latest: Taken | undefined;
  return {
    root,
    baseSha,
    ...(merge && { merge }),
    async markStart(signal) {
      await seedIndex({ source, index, place, baseSha, signal });
      start = await takeIn(place, signal);
      latest = start;
    },
    async collectPatch(runId, signal) {
      if (start === undefined) throw new Error('collectPatch needs markStart first');
      const now = await takeIn(place, signal);
      latest = now;
      refuseNewProblems(start.problems, now.problems);
      if (now.treeSha === start.treeSha && merge === undefined) return undefined;
      const onto = merge?.treeSha ?? baseSha;
      const treeSha = await layOver({ place, from: start.treeSha, to: now.treeSha, onto, signal });
      return buildManifest({ place, runId, baseSha, treeSha, limits, signal });
    },
    keepOnly: (patch, keep, signal) => keepOnly({ place, patch, keep, signal }),
    knownFiles: (signal) => filesOf(place, signal),
    async layOut(folder, signal, files = 'collected') {
      if (start === undefined || latest === undefined) throw new Error('layOut needs markStart first');
      const { treeSha } = files === 'start' ? start : latest;
      await layOutTree({ place, source, root, from: start.treeSha, treeSha, folder, signal });
    },
    async diff(patch, signal) {
      const text = await patchText({ place, from: patch.base.treeSha, to: patch.treeSha, signal });
      return text.toString('utf8');
    },
    mergeOnto: (patch, newHead, signal) => mergePatch({ place, patch, newHead, limits, signal }),
    async adopt(patch, signal) {
      await adoptPatch({ place, patch, signal });
    },
    fetch: (request, signal) => fetchCommit({ ...request, place: { gitDir: own, path: searchPath }, signal }),
    exportTree: (treeSha, folder, signal) => exportTree({ place, treeSha, folder, signal }),
    async [Symbol.asyncDispose]() {
      await rm(own, { recursive: true, force: true });
    },
  };
}

async function findSource(root: string, gitDir: string | undefined): Promise<GitFolder> {
  const found = gitDir === undefined ? await locateGitFolder(root) : await asGitFolder(gitDir);
  if (found !== undefined) return found;
  throw new EntropyError({
    code: 'E501',
    message: `${gitDir ?? root} is not a git repository`,
    fix: 'name the top folder of a repository, or run `git init` and commit there first',
  });
}

interface BaseQuery {
  readonly source: GitFolder;
  readonly own: string;
  readonly searchPath: string;
  readonly options: OpenWorkspaceOptions;
}

async function resolveBase({ source, own, searchPath, options }: BaseQuery): Promise<string> {
  const { signal } = options;
  const headPlace: GitPlace = { gitDir: source.gitDir, path: searchPath };
  const sha = options.baseSha ?? (await headOf(headPlace, options.root, signal));
  const args = ['rev-parse', '--verify', '--quiet', `${sha}^{tree}`];
  const wellFormed = /^[0-9a-f]{40}$/.test(sha);
  const tree = wellFormed ? await tryGit({ args, place: { gitDir: own, path: searchPath }, signal }) : undefined;
  if (tree?.exitCode === 0) return sha;
  const shallow = await tryGit({ args: ['rev-parse', '--is-shallow-repository'], place: headPlace, signal });
  const isShallow = shallow.stdout.toString('utf8').trim() === 'true';
  throw new EntropyError({
    code: isShallow ? 'E503' : 'E505',
    message: `the commit ${sha} is not in ${options.root}${isShallow ? ', a shallow clone' : ''}`,
    fix: isShallow
      ? 'fetch it: git fetch --unshallow (in a workflow: actions/checkout with that ref)'
      : 'fetch the base branch first: git fetch origin',
  });
}

async function headOf(place: GitPlace, root: string, signal: AbortSignal): Promise<string> {
  const head = await tryGit({ args: ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'], place, signal });
  if (head.exitCode === 0) return head.stdout.toString('utf8').trim();
  throw new EntropyError({
    code: 'E502',
    message: `the repository ${root} has no commit`,
    fix: 'commit something first; an agent works on a commit',
  });
}

interface IndexSeed {
  readonly source: GitFolder;
  readonly index: string;
  readonly place: GitPlace;
  readonly baseSha: string;
  readonly signal: AbortSignal;
}

/** The repository's own index knows sizes and times of thousands of files; a one-tree merge keeps what fits the base. */
async function seedIndex({ source, index, place, baseSha, signal }: IndexSeed): Promise<void> {
  const copied = await copyIndex(path.join(source.gitDir, 'index'), index);
  if (copied) {
    const kept = await tryGit({ args: ['read-tree', '-m', baseSha], place, signal });
    if (kept.exitCode === 0) return;
    await rm(index, { force: true });
  }
  await gitLine({ args: ['read-tree', baseSha], place, signal });
}
