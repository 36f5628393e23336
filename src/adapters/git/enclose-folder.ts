import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { type GitPlace, git, gitLine } from './git-command.ts';

export interface EncloseRequest {
  /** Holds files and no `.git`. */
  readonly folder: string;
  /** PATH in which git is found. */
  readonly path: string;
  readonly signal: AbortSignal;
}

/**
 * Makes a folder of files a repository of its own with one commit of them all: a sandbox guards the `.git` that is
 * there, and tests may ask git which files there are.
 */
export async function encloseFolder({ folder, path: searchPath, signal }: EncloseRequest): Promise<void> {
  const place: GitPlace = { gitDir: path.join(folder, '.git'), workTree: folder, path: searchPath };
  await mkdir(place.gitDir);
  await git({ args: ['init', '--quiet', '--template=', '--initial-branch=main'], place, signal });
  // What a rule ignores may have been committed all the same.
  await git({ args: ['add', '--all', '--force'], place, signal });
  const tree = await gitLine({ args: ['write-tree'], place, signal });
  const commit = await gitLine({ args: ['commit-tree', tree, '-m', 'merged'], place, signal });
  await git({ args: ['update-ref', 'HEAD', commit], place, signal });
}
