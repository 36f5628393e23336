import { constants } from 'node:fs';
import { copyFile, link, lstat, mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { GitFolder } from './git-folder.ts';

export interface CopyGitDataRequest {
  readonly source: GitFolder;
  /** `.git` of the working copy: a folder, or a file that points to one. */
  readonly dotGit: string;
  readonly target: string;
  readonly signal: AbortSignal;
}

/**
 * The git data of a working copy for another folder with its files, so that tests find history and tags there. Objects are
 * never written again once they are there, so they are shared; everything else is a copy. A sandbox shows it read-only.
 */
export async function copyGitData({ source, dotGit, target, signal }: CopyGitDataRequest): Promise<void> {
  const found = await lstat(dotGit).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (found?.isFile() === true) return copyFile(dotGit, target);
  if (found?.isDirectory() !== true || source.gitDir !== dotGit) return;
  await copyFolder(dotGit, target, signal);
}

async function copyFolder(from: string, to: string, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await mkdir(to);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [path.join(from, entry.name), path.join(to, entry.name)];
    if (entry.isDirectory()) await copyFolder(source, target, signal);
    else if (entry.isFile() && !entry.name.endsWith('.lock')) await copyOrShare(source, target);
  }
}

async function copyOrShare(source: string, target: string): Promise<void> {
  const isObject = source.split(path.sep).includes('objects');
  // Another file system, or a rule of the machine against it: then it is copied like the rest.
  const shared =
    isObject &&
    (await link(source, target).then(
      () => true,
      () => false,
    ));
  if (!shared) await copyFile(source, target, constants.COPYFILE_FICLONE);
}
