import { counted } from '../counted.ts';
import { conflictMarks, type LeftMarks } from './conflict-marks.ts';
import { type JudgedHunk, judgeMerge, type MergedFile } from './lost-hunks.ts';

/** What is wrong with a merge before any test is run. */
export type Unmerged =
  | { readonly kind: 'marks'; readonly left: readonly LeftMarks[] }
  | { readonly kind: 'lost'; readonly lost: readonly JudgedHunk[] };

/** Marks that are left, then changes of either side that are gone; undefined: nothing can be said against it. */
export function unmerged(files: readonly MergedFile[]): Unmerged | undefined {
  const left = files.flatMap(({ path, ours, theirs, merged }): readonly LeftMarks[] => {
    const lines = conflictMarks(merged ?? '', `${ours ?? ''}\n${theirs ?? ''}`);
    return lines.length === 0 ? [] : [{ path, lines }];
  });
  if (left.length > 0) return { kind: 'marks', left };
  const { lost } = judgeMerge(files);
  return lost.length === 0 ? undefined : { kind: 'lost', lost };
}

/** `3 changes of this branch and 1 of the base branch are not in the merge`. */
export function lostSummary(lost: readonly JudgedHunk[]): string {
  const ours = lost.filter(({ side }) => side === 'ours').length;
  const theirs = lost.length - ours;
  const parts = [
    ...(ours === 0 ? [] : [`${counted(ours, 'change', 'changes')} of this branch`]),
    ...(theirs === 0 ? [] : [`${counted(theirs, 'change', 'changes')} of the base branch`]),
  ];
  return `${parts.join(' and ')} ${lost.length === 1 ? 'is' : 'are'} not in the merge`;
}
