import { type Bag, bagOf, minus, sharedWith, sizeOf, takeFrom } from './bag.ts';
import { isCleanMerge } from './clean-merge.ts';
import { type JudgedRegion, type MergeRegion, mergeRegions, type Side, type SideHunk } from './merge-regions.ts';
import { bareLine, pairsOf, wordsOf } from './words.ts';

/** One file of a merge; undefined: it is not there. Texts as git stores them; a byte of 0 makes a file binary. */
export interface MergedFile {
  readonly path: string;
  readonly base: string | undefined;
  readonly ours: string | undefined;
  readonly theirs: string | undefined;
  readonly merged: string | undefined;
}

export type HunkFate =
  /** All of it is in the merge. */
  | 'kept'
  /** It is there in another form, or in another place. */
  | 'adapted'
  | 'lost';

export interface JudgedHunk extends SideHunk {
  readonly path: string;
  readonly fate: HunkFate;
  /** Of what this side alone brought, how much is in the merge: 0 … 1. */
  readonly share: number;
}

export interface MergeJudgement {
  readonly hunks: readonly JudgedHunk[];
  readonly lost: readonly JudgedHunk[];
}

/** Less than this of what a side alone brought, and its hunk is lost. */
const leastShare = 0.5;
/** The same of a hunk that only takes away: there is less to adapt in that. */
const leastGone = 0.75;
/** Whole lines that are found elsewhere need to be so much of a hunk to be it, moved. */
const leastMoved = 0.6;
/** Fewer different lines may be there by chance. */
const leastWhole = 3;

/**
 * What became of each change of either side in a merge. Measured against the other side alone: whoever resolves a conflict by taking
 * one side brings nothing of the other, so every hunk that was not the same on both sides is lost then, whatever it says. Words
 * count, not lines: re-indented, re-joined and adapted code has them. What is missing where it was is looked for in everything that
 * the merge has beyond the other side, in all files: it may have been moved. Says nothing about whether the result is right; that is
 * for tests.
 */
export function judgeMerge(files: readonly MergedFile[]): MergeJudgement {
  const pools = { ours: movedPool(files, 'ours'), theirs: movedPool(files, 'theirs') };
  const counts = {
    merged: bareLines(files.flatMap(({ merged }) => linesOf(merged))),
    ours: bareLines(files.flatMap(({ ours }) => linesOf(ours))),
    theirs: bareLines(files.flatMap(({ theirs }) => linesOf(theirs))),
  };
  const judged = files.flatMap(judgeFile);
  // First what is where it was, so that it is not found twice.
  for (const { hunk, fate } of judged) if (fate !== 'lost') takeFrom(bareLines(hunk.added), pools[hunk.side]);
  const hunks = judged.map(({ hunk, path, fate, share }): JudgedHunk => {
    const isElsewhere = fate === 'lost' && (isMoved(hunk, pools[hunk.side]) || isWhole(hunk, counts));
    return { ...hunk, path, fate: isElsewhere ? 'adapted' : fate, share: Math.round(share * 100) / 100 };
  });
  return { hunks, lost: hunks.filter(({ fate }) => fate === 'lost') };
}

/** Lines that the merge has more often than the side that is not asked about. */
function movedPool(files: readonly MergedFile[], side: Side): Bag {
  const merged: string[] = [];
  const others: string[] = [];
  for (const file of files) {
    merged.push(...linesOf(file.merged));
    others.push(...linesOf(side === 'ours' ? file.theirs : file.ours));
  }
  return minus(bareLines(merged), bareLines(others));
}

function isMoved({ added, removed }: SideHunk, pool: Bag): boolean {
  const brought = minus(bareLines(added), bareLines(removed));
  const size = sizeOf(brought);
  if (size === 0 || sharedWith(brought, pool) / size < leastMoved) return false;
  takeFrom(brought, pool);
  return true;
}

/** Both sides may have the same lines in places that do not match: then the merge has each as often as this side has it. */
function isWhole({ side, added, removed }: SideHunk, counts: Readonly<Record<Side | 'merged', Bag>>): boolean {
  const brought = minus(bareLines(added), bareLines(removed));
  if (brought.size < leastWhole) return false;
  return [...brought.keys()].every((line) => (counts.merged.get(line) ?? 0) >= (counts[side].get(line) ?? 0));
}

interface Judged {
  readonly hunk: SideHunk;
  readonly path: string;
  readonly fate: HunkFate;
  readonly share: number;
}

function judgeFile(file: MergedFile): readonly Judged[] {
  const { path, base, ours, theirs, merged } = file;
  const all = [base, ours, theirs, merged];
  if (all.some((text) => text?.includes('\0') === true)) return judgeWhole(file);
  const versions = { base: linesOf(base), ours: linesOf(ours), theirs: linesOf(theirs), merged: linesOf(merged) };
  const isClean = isCleanMerge(versions);
  const judged = mergeRegions(versions).flatMap((region) =>
    isClean
      ? region.hunks.map((hunk): Judged => ({ hunk, path, fate: 'kept', share: 1 }))
      : judgeRegion(region).map((one) => ({ ...one, path })),
  );
  return [...judged, ...judgeExistence(file)];
}

/** A file without lines that was made or taken away leaves no hunk. */
function judgeExistence({ path, base, ours, theirs, merged }: MergedFile): readonly Judged[] {
  const isThere = (text: string | undefined): boolean => text !== undefined;
  return (['ours', 'theirs'] as const).flatMap((side): readonly Judged[] => {
    const own = side === 'ours' ? ours : theirs;
    const other = side === 'ours' ? theirs : ours;
    const changed = isThere(own) !== isThere(base) && isThere(other) === isThere(base);
    const hasLines = linesOf(own).length > 0 || linesOf(base).length > 0;
    if (!changed || hasLines) return [];
    const fate = isThere(merged) === isThere(own) ? 'kept' : 'lost';
    return [{ hunk: { side, line: 1, removed: [], added: [] }, path, fate, share: fate === 'kept' ? 1 : 0 }];
  });
}

/** Bytes cannot be taken apart: one of the sides, or both are lost when both changed it. */
function judgeWhole({ path, base, ours, theirs, merged }: MergedFile): readonly Judged[] {
  return (['ours', 'theirs'] as const).flatMap((side): readonly Judged[] => {
    const own = side === 'ours' ? ours : theirs;
    if (own === base) return [];
    const fate = merged === own ? 'kept' : 'lost';
    const hunk = { side, line: 1, removed: ['(binary)'], added: ['(binary)'] };
    return [{ hunk, path, fate, share: fate === 'kept' ? 1 : 0 }];
  });
}

type InRegion = Omit<Judged, 'path'>;

function judgeRegion({ region, hunks }: JudgedRegion): readonly InRegion[] {
  return (['ours', 'theirs'] as const).flatMap((side): readonly InRegion[] => {
    const own = hunks.filter((hunk) => hunk.side === side);
    if (own.length === 0) return [];
    const measures = measuresOf(region, side === 'ours' ? region.theirs : region.ours);
    // First those that are there to the letter, so that no other one is found in them.
    const exact = new Set(own.filter((hunk) => exactly(hunk, measures.lines)));
    for (const hunk of exact) for (const measure of measures.own) shareOf(hunk, measure);
    return own.map((hunk) => (exact.has(hunk) ? { hunk, fate: 'kept', share: 1 } : judgeHunk(hunk, measures)));
  });
}

interface Measures {
  /** Against the other side: by words, then by pairs of words. */
  readonly own: readonly WordMeasure[];
  /** Against the base, for what both sides did. */
  readonly shared: WordMeasure;
  /** Whole lines that the merge has more often than the other side, and those that it lacks. */
  readonly lines: { readonly more: Bag; readonly fewer: Bag };
}

interface WordMeasure {
  readonly read: (lines: readonly string[]) => Bag;
  /** What the other side brought and took. */
  readonly brought: Bag;
  readonly taken: Bag;
  /** What the merge has beyond what it is measured against, and lacks of it. */
  readonly more: Bag;
  readonly fewer: Bag;
}

function measuresOf({ base, merged }: MergeRegion, other: readonly string[]): Measures {
  const words = (lines: readonly string[]): Bag => bagOf(wordsOf(lines));
  const pairs = (lines: readonly string[]): Bag => bagOf(pairsOf(wordsOf(lines)));
  const measure = (read: WordMeasure['read'], against: readonly string[]): WordMeasure => {
    const [inBase, inOther, inMerged] = [read(base), read(against), read(merged)];
    return {
      read,
      brought: minus(inOther, inBase),
      taken: minus(inBase, inOther),
      more: minus(inMerged, inOther),
      fewer: minus(inOther, inMerged),
    };
  };
  const [mergedLines, otherLines] = [bareLines(merged), bareLines(other)];
  return {
    own: [measure(words, other), measure(pairs, other)],
    shared: measure(words, base),
    lines: { more: minus(mergedLines, otherLines), fewer: minus(otherLines, mergedLines) },
  };
}

function judgeHunk(hunk: SideHunk, { own, shared }: Measures): InRegion {
  for (const measure of [...own, shared]) {
    const found = shareOf(hunk, measure);
    if (found === undefined) continue;
    const { share, enough } = found;
    return { hunk, fate: !enough ? 'lost' : share < 1 ? 'adapted' : 'kept', share };
  }
  // Nothing but space.
  return { hunk, fate: 'kept', share: 1 };
}

/** Every line that it brought is there, none that it took is; taken out of what is there, so that each counts once. */
function exactly({ added, removed }: SideHunk, { more, fewer }: Measures['lines']): boolean {
  const brought = minus(bareLines(added), bareLines(removed));
  const taken = minus(bareLines(removed), bareLines(added));
  const [broughtSize, takenSize] = [sizeOf(brought), sizeOf(taken)];
  if (broughtSize + takenSize === 0) return false;
  const isThere = sharedWith(brought, more) === broughtSize && sharedWith(taken, fewer) === takenSize;
  if (!isThere) return false;
  takeFrom(brought, more);
  takeFrom(taken, fewer);
  return true;
}

interface Share {
  readonly share: number;
  readonly enough: boolean;
}

/** Undefined: it brought and took nothing that the other side did not. What is found is taken out, when it is enough. */
function shareOf({ added, removed }: SideHunk, measure: WordMeasure): Share | undefined {
  const { read, brought, taken, more, fewer } = measure;
  const [now, before] = [read(added), read(removed)];
  const news = minus(minus(now, before), brought);
  if (news.size > 0) return find(news, more, leastShare);
  const gone = minus(minus(before, now), taken);
  return gone.size === 0 ? undefined : find(gone, fewer, leastGone);
}

function find(wanted: Bag, pool: Bag, least: number): Share {
  const share = sharedWith(wanted, pool) / sizeOf(wanted);
  const enough = share >= least;
  if (enough) takeFrom(wanted, pool);
  return { share, enough };
}

function bareLines(lines: readonly string[]): Bag {
  return bagOf(lines.map(bareLine).filter((line) => line !== ''));
}

function linesOf(text: string | undefined): readonly string[] {
  if (text === undefined || text === '') return [];
  return (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n').map((line) => line.replace(/\r$/, ''));
}
