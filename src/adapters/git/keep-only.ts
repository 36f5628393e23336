import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { PatchFile, PatchManifest } from '../../domain/patch.ts';
import { type GitPlace, git, gitLine } from './git-command.ts';

export interface KeepOnlyRequest {
  /** It has the objects of the patch: whoever collected it. */
  readonly place: GitPlace;
  readonly patch: PatchManifest;
  readonly keep: (file: PatchFile) => boolean;
  readonly signal: AbortSignal;
}

/** The same patch without some of its files, with the tree that results then. */
export async function keepOnly({ place, patch, keep, signal }: KeepOnlyRequest): Promise<PatchManifest> {
  const files = patch.files.filter(keep);
  if (files.length === patch.files.length) return patch;
  const indexFile = path.join(place.gitDir, 'index-keep');
  const keeping: GitPlace = { ...place, indexFile };
  try {
    await git({ args: ['read-tree', patch.base.sha], place: keeping, signal });
    // What goes away goes first: a file may make room for a folder of its name.
    const lines = [
      ...files.flatMap((file) => (file.change === 'deleted' ? `0 ${'0'.repeat(40)}\t${file.path}\0` : [])),
      ...files.flatMap((file) => (file.change === 'deleted' ? [] : `${file.mode} ${file.blobSha}\t${file.path}\0`)),
    ];
    const args = ['update-index', '-z', '--add', '--replace', '--index-info'];
    await git({ args, place: keeping, stdin: lines.join(''), signal });
    return { ...patch, files, treeSha: await gitLine({ args: ['write-tree'], place: keeping, signal }) };
  } finally {
    await rm(indexFile, { force: true });
  }
}
