import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { MergedFile } from '../../domain/conflicts/lost-hunks.ts';
import { isAsOneSideHasIt, longestText, mergedText, wholeFile } from '../../domain/conflicts/merged-text.ts';
import { EntropyError } from '../../domain/error.ts';
import type { PatchManifest } from '../../domain/patch.ts';
import type { WorkspaceMerge } from '../../ports/workspace.ts';
import { type GitPlace, git, tryGit } from './git-command.ts';
import { type MergeSides, mergeSides } from './merge-sides.ts';
import { noMode, rawDiff } from './raw-diff.ts';

export interface OpenMerge extends WorkspaceMerge {
  /** What the agent begins with. */
  readonly treeSha: string;
}

/**
 * Makes the merge in the working files: the base's files, checked out and set up, become those of the merge, with marks where git
 * cannot merge. Done before anything of the agent's runs. E503 when a commit of it is not in the repository.
 */
export async function openMerge(place: GitPlace, sides: MergeSides, signal: AbortSignal): Promise<OpenMerge> {
  for (const sha of [sides.forkSha, sides.oursSha, sides.theirsSha]) await needCommit(place, sha, signal);
  const started = await mergeSides(place, sides, signal);
  await writeFiles(place, { from: sides.theirsSha, to: started.treeSha, signal });
  return {
    ...started,
    versions: (patch, stop) => readVersions(place, { sides, patch }, stop),
  };
}

async function needCommit(place: GitPlace, sha: string, signal: AbortSignal): Promise<void> {
  const wellFormed = /^[0-9a-f]{40}$/.test(sha);
  const args = ['cat-file', '-e', `${sha}^{tree}`];
  if (wellFormed && (await tryGit({ args, place, signal })).exitCode === 0) return;
  throw new EntropyError({
    code: 'E503',
    message: `the commit ${sha}, which the merge needs, is not in the workspace`,
    fix: 'check the repository out with all of its branches (actions/checkout with `fetch-depth: 0`)',
  });
}

interface WrittenFiles {
  readonly from: string;
  readonly to: string;
  readonly signal: AbortSignal;
}

/** Through an index of its own; git writes through no link and removes nothing but what the base had. */
async function writeFiles(place: GitPlace, { from, to, signal }: WrittenFiles): Promise<void> {
  const indexFile = path.join(place.gitDir, 'index-merge');
  const writing: GitPlace = { ...place, indexFile };
  try {
    await git({ args: ['read-tree', from], place: writing, signal });
    // Tells which files are as the base has them; exit code 1 says that some are not.
    await tryGit({ args: ['update-index', '-q', '--refresh'], place: writing, signal });
    await git({ args: ['read-tree', '--reset', '-u', to], place: writing, signal });
  } finally {
    await rm(indexFile, { force: true });
  }
}

interface Judged {
  readonly sides: MergeSides;
  readonly patch: PatchManifest;
}

/** Every file that not exactly one side changed, or in which the result is not what that side made of it: as the publisher judges. */
async function readVersions(place: GitPlace, judged: Judged, signal: AbortSignal): Promise<readonly MergedFile[]> {
  const { sides, patch } = judged;
  const inFork = new Map<string, string | undefined>();
  const changed = async (to: string): Promise<ReadonlyMap<string, string | undefined>> => {
    const changes = await rawDiff({ place, from: sides.forkSha, to, signal });
    for (const { path: name, oldMode, oldSha } of changes) inFork.set(name, oldMode === noMode ? undefined : oldSha);
    return new Map(changes.map((change) => [change.path, change.newMode === noMode ? undefined : change.newSha]));
  };
  const [inOurs, inTheirs, inMerged] = [
    await changed(sides.oursSha),
    await changed(sides.theirsSha),
    await changed(patch.treeSha),
  ];
  const files: MergedFile[] = [];
  for (const [name, base] of inFork) {
    const idIn = (version: ReadonlyMap<string, string | undefined>): string | undefined =>
      version.has(name) ? version.get(name) : base;
    const [ours, theirs, merged] = [idIn(inOurs), idIn(inTheirs), idIn(inMerged)];
    if (isAsOneSideHasIt({ base, ours, theirs, merged })) continue;
    const read = (id: string | undefined): Promise<string | undefined> => readText(place, id, signal);
    files.push({
      path: name,
      base: await read(base),
      ours: await read(ours),
      theirs: await read(theirs),
      merged: await read(merged),
    });
  }
  return files;
}

/** Undefined: not there. What is too large or no file is told by its id alone, as bytes are. */
async function readText(place: GitPlace, id: string | undefined, signal: AbortSignal): Promise<string | undefined> {
  if (id === undefined) return undefined;
  const sized = await tryGit({ args: ['cat-file', '-s', id], place, signal });
  const size = Number(sized.stdout.toString('latin1'));
  if (sized.exitCode !== 0 || !(size <= longestText)) return wholeFile(id);
  const read = await tryGit({ args: ['cat-file', 'blob', id], place, signal });
  return read.exitCode === 0 ? mergedText(read.stdout, id) : wholeFile(id);
}
