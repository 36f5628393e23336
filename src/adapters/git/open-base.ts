import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { locateGitFolder, makeOwnFolder } from './git-folder.ts';
import { readBaseFile } from './read-base-file.ts';
import { searchPathOutside } from './search-path.ts';

export interface OpenBaseOptions {
  /** Top folder of the working files. */
  readonly root: string;
  /** The commit whose files are asked for. */
  readonly sha: string;
  /** An existing folder outside of the workspace. */
  readonly tempDir: string;
  /** PATH in which git is found. */
  readonly path: string;
}

/** A text file of a commit, read through a git folder of our own; undefined without such a file, or a repository. */
export async function readFromBase(
  { root, sha, tempDir, path: searchPath }: OpenBaseOptions,
  file: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const source = await locateGitFolder(root);
  if (source === undefined) return undefined;
  const own = await mkdtemp(path.join(tempDir, 'git-'));
  try {
    const outside = await searchPathOutside(searchPath, root);
    await makeOwnFolder({ source, target: own, path: outside, signal });
    return await readBaseFile({ place: { gitDir: own, path: outside }, sha, path: file, signal });
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}
