import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { PatchManifest } from '../../domain/patch.ts';
import { buildManifest, type CarryLimits } from './build-manifest.ts';
import { type GitPlace, git, gitFault, gitLine, tryGit } from './git-command.ts';
import { splitZero } from './raw-diff.ts';

export type MergedPatch =
  | { readonly kind: 'merged'; readonly manifest: PatchManifest }
  /** The newer head holds all of the patch already. */
  | { readonly kind: 'nothing-left' }
  | { readonly kind: 'conflict'; readonly paths: readonly string[] };

export interface MergeRequest {
  readonly place: GitPlace;
  readonly patch: PatchManifest;
  readonly newHead: string;
  readonly limits: CarryLimits;
  readonly signal: AbortSignal;
}

/**
 * A three-way merge without a working copy (`git merge-tree --write-tree`, git 2.38): the patch as a commit on its
 * base, merged with a newer head. The result is a manifest against that head.
 */
export async function mergePatch({ place, patch, newHead, limits, signal }: MergeRequest): Promise<MergedPatch> {
  const ours = await gitLine({
    args: ['commit-tree', patch.treeSha, '-p', patch.base.sha, '-m', patch.runId],
    place,
    signal,
  });
  const args = ['merge-tree', '--write-tree', '--name-only', '--no-messages', '-z', newHead, ours];
  const answer = await tryGit({ args, place, signal });
  const [tree = '', ...paths] = splitZero(answer.stdout).map((part) => part.toString('utf8'));
  if (answer.exitCode === 1) return { kind: 'conflict', paths: [...new Set(paths.filter((name) => name !== ''))] };
  if (answer.exitCode !== 0) throw gitFault({ args }, `ended with ${answer.exitCode}: ${answer.stderr.slice(0, 800)}`);
  const request = { place, runId: patch.runId, baseSha: newHead, treeSha: tree, limits, signal };
  const manifest = await buildManifest(request);
  return manifest === undefined ? { kind: 'nothing-left' } : { kind: 'merged', manifest };
}

export interface ExportRequest {
  readonly place: GitPlace;
  readonly treeSha: string;
  /** Exists and is empty. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

/** Writes a tree's files into a folder, by an index of its own. */
export async function exportTree({ place, treeSha, folder, signal }: ExportRequest): Promise<void> {
  const indexFile = path.join(place.gitDir, 'index-export');
  const exporting: GitPlace = { ...place, workTree: folder, indexFile };
  try {
    await git({ args: ['read-tree', treeSha], place: exporting, signal });
    await git({ args: ['checkout-index', '--all', '--force', '--quiet'], place: exporting, signal });
  } finally {
    await rm(indexFile, { force: true });
  }
}
