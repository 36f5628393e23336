import type { PatchLine } from '../../../domain/review/patch-lines.ts';
import type { DiffSide } from '../state/issue-state.ts';

export function findLine(lines: readonly PatchLine[], side: DiffSide, number: number): PatchLine | undefined {
  return lines.find((line) => (side === 'LEFT' ? line.left : line.right) === number);
}

/** The patch from its hunk's header down to the line: what is shown above a comment. */
export function hunkAbove(patch: string, line: PatchLine): string {
  const rows = patch.split('\n').slice(0, line.position + 1);
  const start = rows.findLastIndex((row) => row.startsWith('@@'));
  return rows.slice(Math.max(0, start)).join('\n');
}
