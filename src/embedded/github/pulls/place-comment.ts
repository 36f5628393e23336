import { type PatchLine, patchLines } from '../../../domain/review/patch-lines.ts';
import type { FileChange } from '../git/diff.ts';
import type { BodyFields } from '../http/body-fields.ts';
import type { DiffSide, ReviewComment } from '../state/issue-state.ts';
import { findLine, hunkAbove } from './diff-lines.ts';

/** Where a comment stands on the diff that it is made on. */
export type CommentPlace = Pick<
  ReviewComment,
  'path' | 'line' | 'side' | 'startLine' | 'startSide' | 'position' | 'diffHunk'
>;

export type Placement =
  | { readonly kind: 'placed'; readonly place: CommentPlace }
  | { readonly kind: 'outside'; readonly field: 'path' | 'line' | 'start_line' | 'position'; readonly message: string };

const sides = ['LEFT', 'RIGHT'] as const;

/** Finds a comment's place in the diff of its pull request; what lies outside the diff is refused. */
export function placeComment(files: readonly FileChange[], fields: BodyFields): Placement {
  const path = fields.string('path');
  const file = files.find((each) => each.path === path);
  if (file === undefined) return outside('path', 'path is not part of the diff');
  const whole = fields.optionalString('subject_type') === 'file';
  if (whole) return wholeFile(path);
  const patch = file.patch ?? '';
  const lines = patchLines(patch);
  const side: DiffSide = fields.oneOf('side', sides) ?? 'RIGHT';
  const position = fields.optionalInteger('position');
  const number = fields.optionalInteger('line');
  const line = number === undefined ? lines.find((each) => each.position === position) : findLine(lines, side, number);
  if (line === undefined)
    return outside(
      number === undefined ? 'position' : 'line',
      `${number === undefined ? 'position' : 'line'} must be part of the diff`,
    );

  const startNumber = fields.optionalInteger('start_line');
  const startSide = fields.oneOf('start_side', sides) ?? side;
  const start = startNumber === undefined ? undefined : findLine(lines, startSide, startNumber);
  if (startNumber !== undefined && (start === undefined || !precedes(start, line))) {
    return outside('start_line', 'start_line must be part of the same hunk as the line, and precede it');
  }
  return {
    kind: 'placed',
    place: {
      path,
      line: number ?? line.right ?? line.left ?? null,
      side: number === undefined && line.right === undefined ? 'LEFT' : side,
      startLine: startNumber ?? null,
      startSide: startNumber === undefined ? null : startSide,
      position: line.position,
      diffHunk: hunkAbove(patch, line),
    },
  };
}

function wholeFile(path: string): Placement {
  const place = {
    path,
    line: null,
    side: 'RIGHT',
    startLine: null,
    startSide: null,
    position: null,
    diffHunk: '',
  } as const;
  return { kind: 'placed', place };
}

function precedes(start: PatchLine, end: PatchLine): boolean {
  return start.hunk === end.hunk && start.position < end.position;
}

function outside(field: Extract<Placement, { kind: 'outside' }>['field'], message: string): Placement {
  return { kind: 'outside', field, message };
}
