import { rm } from 'node:fs/promises';
import path from 'node:path';
import { EntropyError } from '../../domain/error.ts';
import type { PatchManifest } from '../../domain/patch.ts';
import { type GitPlace, git, gitLine } from './git-command.ts';

export interface AdoptPatchRequest {
  /** Where the objects are written; it has, or borrows, those of the patch's base. */
  readonly place: GitPlace;
  readonly patch: PatchManifest;
  readonly signal: AbortSignal;
}

/**
 * Writes a manifest's files as git objects and builds the tree that it promises; E603 when another one comes out. For
 * whoever got the manifest from another process and needs it as git data: to merge it, or to commit it.
 */
export async function adoptPatch({ place, patch, signal }: AdoptPatchRequest): Promise<string> {
  const indexFile = path.join(place.gitDir, 'index-adopt');
  const adopting: GitPlace = { ...place, indexFile };
  try {
    await git({ args: ['read-tree', patch.base.sha], place: adopting, signal });
    const lines: string[] = [];
    for (const file of patch.files) {
      if (file.change === 'deleted') {
        lines.unshift(`0 ${'0'.repeat(40)}\t${file.path}\0`);
        continue;
      }
      const stdin = Buffer.from(file.content, file.encoding === 'base64' ? 'base64' : 'utf8');
      const sha = await gitLine({ args: ['hash-object', '-w', '--no-filters', '--stdin'], place, stdin, signal });
      lines.push(`${file.mode} ${sha}\t${file.path}\0`);
    }
    const args = ['update-index', '-z', '--add', '--replace', '--index-info'];
    await git({ args, place: adopting, stdin: lines.join(''), signal });
    const treeSha = await gitLine({ args: ['write-tree'], place: adopting, signal });
    if (treeSha === patch.treeSha) return treeSha;
    throw new EntropyError({
      code: 'E603',
      message: `the patch builds tree ${treeSha}, and its manifest says ${patch.treeSha}`,
      fix: 'run the task again; the hand-over was damaged or changed on its way',
    });
  } finally {
    await rm(indexFile, { force: true });
  }
}
