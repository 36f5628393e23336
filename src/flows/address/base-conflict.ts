import type { BriefReason } from '../../domain/brief.ts';
import type { MergeOf } from '../../domain/merge-of.ts';
import type { Forge } from '../../ports/forge.ts';
import type { BriefRequest } from './brief-request.ts';
import { knownMergeable } from './known-mergeable.ts';

export type BaseConflict =
  | { readonly kind: 'none' }
  /** GitHub has not worked it out in time: whoever looks next is told. */
  | { readonly kind: 'untold' }
  | {
      readonly kind: 'conflict';
      readonly reason: Extract<BriefReason, { kind: 'conflict' }>;
      readonly mergeOf: MergeOf;
    };

const mostPaths = 200;

/** Whether git cannot merge the pull request into its base, by GitHub's word; it is waited for a little, and never guessed. */
export async function baseConflict(
  request: Pick<BriefRequest, 'baseSha' | 'clock' | 'forge' | 'log' | 'pull' | 'signal'>,
): Promise<BaseConflict> {
  const { forge, baseSha, log, signal } = request;
  const pull = await knownMergeable(request, request.pull, signal);
  if (pull.mergeable === 'unknown') {
    log(`GitHub does not tell yet whether #${pull.number} can be merged: its base is not merged in this run`);
    return { kind: 'untold' };
  }
  if (pull.mergeable === 'yes') return { kind: 'none' };
  const forkSha = await forge.mergeBase(baseSha, pull.headSha);
  if (forkSha === undefined || forkSha === baseSha) return { kind: 'none' };
  const both = (await bothChanged(forge, { forkSha, sides: [pull.headSha, baseSha] })).slice(0, mostPaths);
  return {
    kind: 'conflict',
    reason: { kind: 'conflict', baseSha, paths: both },
    mergeOf: { forkSha, bothChanged: both },
  };
}

interface Parted {
  readonly forkSha: string;
  readonly sides: readonly [string, string];
}

/** What both sides changed since they parted, sorted. A comparison tells of 300 files; beyond, the listings of all files are held together. */
async function bothChanged(forge: Pick<Forge, 'compare' | 'filesAt'>, parted: Parted): Promise<readonly string[]> {
  const { forkSha, sides } = parted;
  const [ours, theirs] = [await pathsBetween(forge, forkSha, sides[0]), await pathsBetween(forge, forkSha, sides[1])];
  if (ours === undefined || theirs === undefined) return bothChangedOfAll(forge, parted);
  const isTheirs = new Set(theirs);
  return [...new Set(ours)].filter((path) => isTheirs.has(path)).sort();
}

/** Undefined: more than GitHub tells. */
async function pathsBetween(
  forge: Pick<Forge, 'compare'>,
  from: string,
  to: string,
): Promise<readonly string[] | undefined> {
  const compared = await forge.compare(from, to);
  return compared.kind === 'ahead' ? compared.paths : [];
}

/** None where there are more files than GitHub lists: which ones conflict shows in the workspace. */
async function bothChangedOfAll(forge: Pick<Forge, 'filesAt'>, { forkSha, sides }: Parted): Promise<readonly string[]> {
  const [fork, ours, theirs] = [
    await forge.filesAt(forkSha),
    await forge.filesAt(sides[0]),
    await forge.filesAt(sides[1]),
  ];
  if (fork === undefined || ours === undefined || theirs === undefined) return [];
  return [...new Set([...fork.keys(), ...ours.keys()])]
    .filter((path) => {
      const before = fork.get(path)?.sha;
      return ours.get(path)?.sha !== before && theirs.get(path)?.sha !== before;
    })
    .sort();
}
