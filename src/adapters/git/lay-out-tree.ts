import { lstatSync, lutimesSync } from 'node:fs';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { copyGitData } from './copy-git-data.ts';
import { type GitPlace, git } from './git-command.ts';
import type { GitFolder } from './git-folder.ts';
import { exportTree } from './merge-patch.ts';
import { rawDiff, splitZero } from './raw-diff.ts';

export interface LayOutRequest {
  readonly place: GitPlace;
  readonly source: GitFolder;
  /** The working files, whose times are kept where they were not changed. */
  readonly root: string;
  /** The tree at the start, and the one to be laid out. */
  readonly from: string;
  readonly treeSha: string;
  /** Exists and is empty. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

/** A tree as a working copy of its own: files from git's objects, never from the working files, and the repository's git data. */
export async function layOutTree(request: LayOutRequest): Promise<void> {
  const { place, source, root, from, treeSha, folder, signal } = request;
  await exportTree({ place, treeSha, folder, signal });
  const changes = await rawDiff({ place, from, to: treeSha, signal });
  await keepTimes(
    { root, folder, signal, changed: new Set(changes.map((change) => change.path)) },
    await filesOf(place, signal),
  );
  await copyGitData({ source, dotGit: path.join(root, '.git'), target: path.join(folder, '.git'), signal });
}

/** Paths in the index, without those of nested repositories, whose files git does not know. */
export async function filesOf(place: GitPlace, signal: AbortSignal): Promise<ReadonlySet<string>> {
  const listed = splitZero(await git({ args: ['ls-files', '--stage', '-z'], place, signal }));
  const files = new Set<string>();
  for (const field of listed) {
    const [, mode, name = ''] = /^([0-9]{6}) [^\t]*\t(.*)$/s.exec(field.toString('utf8')) ?? [];
    if (mode !== '160000') files.add(name);
  }
  return files;
}

const filesAtOnce = 500;

/**
 * A build compares times. Whoever works in the workspace can set them, but for a file whose content is the old one that changes
 * nothing: what was built from it is right, and what is built again is the same.
 */
async function keepTimes(
  {
    root,
    folder,
    changed,
    signal,
  }: Pick<LayOutRequest, 'root' | 'folder' | 'signal'> & { readonly changed: ReadonlySet<string> },
  files: ReadonlySet<string>,
): Promise<void> {
  let count = 0;
  for (const file of files) {
    count += 1;
    if (count % filesAtOnce === 0) {
      signal.throwIfAborted();
      await setImmediate();
    }
    const before = changed.has(file) ? undefined : lstatSync(path.join(root, file), { throwIfNoEntry: false });
    const target = path.join(folder, file);
    // Of an earlier tree not every file that is known by now is there.
    const there = lstatSync(target, { throwIfNoEntry: false }) !== undefined;
    if (before?.isFile() === true && there) lutimesSync(target, before.atime, before.mtime);
  }
}
