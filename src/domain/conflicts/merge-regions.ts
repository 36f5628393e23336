import { alignLines } from './align-lines.ts';

/** Lines of one file in the four versions of a merge. */
export interface FourVersions {
  readonly base: readonly string[];
  readonly ours: readonly string[];
  readonly theirs: readonly string[];
  readonly merged: readonly string[];
}

/** A stretch between two lines that all four versions share, in which they are not all alike. */
export interface MergeRegion extends FourVersions {
  /** Line of the base at which it begins, counted from 1. */
  readonly line: number;
}

export type Side = 'ours' | 'theirs';

/** One change of one side: these lines of the base became those. */
export interface SideHunk {
  readonly side: Side;
  /** Line of the base at which it begins, counted from 1. */
  readonly line: number;
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

/** A region with what each side did in it. */
export interface JudgedRegion {
  readonly region: MergeRegion;
  readonly hunks: readonly SideHunk[];
}

/** A file cut at the lines of the base that all of its versions have (diff3, with the merge as a fourth version). */
export function mergeRegions({ base, ours, theirs, merged }: FourVersions): readonly JudgedRegion[] {
  const inOurs = alignLines(base, ours);
  const inTheirs = alignLines(base, theirs);
  const inMerged = alignLines(base, merged);
  const regions: JudgedRegion[] = [];
  const start = { base: 0, ours: 0, theirs: 0, merged: 0 };
  for (let at = 0; at <= base.length; at += 1) {
    const isEnd = at === base.length;
    const isShared = !isEnd && (inOurs[at] ?? -1) >= 0 && (inTheirs[at] ?? -1) >= 0 && (inMerged[at] ?? -1) >= 0;
    if (!isEnd && !isShared) continue;
    const stop = isEnd
      ? { ours: ours.length, theirs: theirs.length, merged: merged.length }
      : { ours: inOurs[at] ?? 0, theirs: inTheirs[at] ?? 0, merged: inMerged[at] ?? 0 };
    const region: MergeRegion = {
      line: start.base + 1,
      base: base.slice(start.base, at),
      ours: ours.slice(start.ours, stop.ours),
      theirs: theirs.slice(start.theirs, stop.theirs),
      merged: merged.slice(start.merged, stop.merged),
    };
    const place = { from: start.base, to: at };
    const hunks = [
      ...sideHunks('ours', { base, side: ours, places: inOurs, ...place, sideFrom: start.ours, sideTo: stop.ours }),
      ...sideHunks('theirs', {
        base,
        side: theirs,
        places: inTheirs,
        ...place,
        sideFrom: start.theirs,
        sideTo: stop.theirs,
      }),
    ];
    if (hunks.length > 0) regions.push({ region, hunks });
    start.base = at + 1;
    start.ours = stop.ours + 1;
    start.theirs = stop.theirs + 1;
    start.merged = stop.merged + 1;
  }
  return regions;
}

interface HunkSearch {
  readonly base: readonly string[];
  readonly side: readonly string[];
  readonly places: Int32Array;
  readonly from: number;
  readonly to: number;
  readonly sideFrom: number;
  readonly sideTo: number;
}

/** What lies between two lines that the side has kept is one hunk. */
function sideHunks(name: Side, { base, side, places, from, to, sideFrom, sideTo }: HunkSearch): readonly SideHunk[] {
  const hunks: SideHunk[] = [];
  let [baseAt, sideAt] = [from, sideFrom];
  const close = (baseTo: number, sideEnd: number): void => {
    if (baseTo > baseAt || sideEnd > sideAt) {
      const removed = base.slice(baseAt, baseTo);
      hunks.push({ side: name, line: baseAt + 1, removed, added: side.slice(sideAt, sideEnd) });
    }
  };
  for (let at = from; at < to; at += 1) {
    const place = places[at] ?? -1;
    if (place < 0) continue;
    close(at, place);
    [baseAt, sideAt] = [at + 1, place + 1];
  }
  close(to, sideTo);
  return hunks;
}
