import { type FourVersions, type MergeRegion, mergeRegions } from './merge-regions.ts';

/** Whether the merge is what comes of the two sides by itself, to the line: no stretch was changed by both, and each has what its side made of it. */
export function isCleanMerge({ base, ours, theirs, merged }: FourVersions): boolean {
  const lines: string[] = [];
  let at = 0;
  // Without the merge itself, which would draw the borders elsewhere where lines repeat.
  for (const { region } of mergeRegions({ base, ours, theirs, merged: base })) {
    const taken = onlyChange(region);
    if (taken === undefined) return false;
    const from = region.line - 1;
    for (const line of base.slice(at, from)) lines.push(line);
    for (const line of taken) lines.push(line);
    at = from + region.base.length;
  }
  return areSame([...lines, ...base.slice(at)], merged);
}

function onlyChange({ base, ours, theirs }: MergeRegion): readonly string[] | undefined {
  if (areSame(ours, theirs) || areSame(theirs, base)) return ours;
  return areSame(ours, base) ? theirs : undefined;
}

function areSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((line, at) => line === other[at]);
}
