import type { BriefReason } from '../../domain/brief.ts';
import type { MergeOf } from '../../domain/merge-of.ts';
import type { PullRequestInfo } from '../../ports/forge.ts';
import type { BriefForge } from './brief-request.ts';

export type BaseConflict =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'conflict';
      readonly reason: Extract<BriefReason, { kind: 'conflict' }>;
      readonly mergeOf: MergeOf;
    };

const mostPaths = 200;

/**
 * Whether the base went on in a way that somebody has to look at: GitHub says that the pull request cannot be merged, or, where
 * GitHub does not tell (yet), both sides changed the same files since they parted. What merges by itself is left alone.
 */
export async function baseConflict(
  forge: Pick<BriefForge, 'branchHead' | 'compare' | 'mergeBase'>,
  pull: PullRequestInfo,
): Promise<BaseConflict> {
  if (pull.mergeable === 'yes') return { kind: 'none' };
  const baseSha = await forge.branchHead(pull.baseBranch);
  if (baseSha === undefined) return { kind: 'none' };
  const forkSha = await forge.mergeBase(baseSha, pull.headSha);
  if (forkSha === undefined || forkSha === baseSha) return { kind: 'none' };
  const ours = await pathsBetween(forge, forkSha, pull.headSha);
  const theirs = await pathsBetween(forge, forkSha, baseSha);
  const isTheirs = theirs === undefined ? () => true : (path: string) => theirs.includes(path);
  const both = (ours ?? []).filter(isTheirs).slice(0, mostPaths);
  if (pull.mergeable !== 'conflicts' && both.length === 0) return { kind: 'none' };
  return {
    kind: 'conflict',
    reason: { kind: 'conflict', baseSha, paths: both },
    mergeOf: { forkSha, bothChanged: both },
  };
}

/** Undefined: more than GitHub tells. */
async function pathsBetween(
  forge: Pick<BriefForge, 'compare'>,
  from: string,
  to: string,
): Promise<readonly string[] | undefined> {
  const compared = await forge.compare(from, to);
  return compared.kind === 'ahead' ? compared.paths : [];
}
