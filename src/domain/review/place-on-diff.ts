import type { Finding } from '../reports/finding.ts';
import { type PatchLine, patchLines } from './patch-lines.ts';

/** One file of a pull request's diff, as the forge gives it. */
export interface DiffFile {
  readonly path: string;
  readonly previousPath: string | undefined;
  /** From the first `@@`; undefined for binaries and what is too large to be shown. */
  readonly patch: string | undefined;
}

/** All files of a diff; `complete` is false when the forge tells of no more. */
export interface Diff {
  readonly files: readonly DiffFile[];
  readonly complete: boolean;
}

/** Where a finding can be told. */
export type FindingPlace =
  | {
      readonly kind: 'on';
      /** As the file is called now. */
      readonly path: string;
      /** On the new side. */
      readonly line: number;
      readonly startLine?: number;
      /** What that line reads now. Untrusted. */
      readonly code: string;
      /** These are the very lines that the finding names, so that a suggestion would replace the right ones. */
      readonly exact: boolean;
    }
  /** Not at a line: in the text of the review, with the reason. */
  | { readonly kind: 'beside'; readonly path: string; readonly why: string };

/** Only lines that the diff shows can carry a comment, and nothing is moved to a line that it is not about. */
export function placeOnDiff(finding: Finding, { files, complete }: Diff): FindingPlace {
  const named = files.find((file) => file.path === finding.path);
  const file = named ?? files.find((each) => each.previousPath === finding.path);
  if (file === undefined) {
    const why = complete ? 'the pull request does not change this file' : 'GitHub shows no diff of this file';
    return beside(finding.path, why);
  }
  const { path, patch } = file;
  if (finding.line === undefined) return beside(path, 'it is about the file as a whole');
  if (patch === undefined || patch === '') return beside(path, 'GitHub shows no lines of this file');
  const lines = newLines(patch);
  const start = Math.min(finding.startLine ?? finding.line, finding.line);
  const end = Math.max(finding.startLine ?? finding.line, finding.line);
  const last = lines.get(end);
  if (last === undefined) return beside(path, 'the diff does not show this line');
  const first = lines.get(start);
  // GitHub takes a range within one hunk only.
  const whole = first !== undefined && first.hunk === last.hunk;
  const range = start < end && whole ? { startLine: start } : {};
  return { kind: 'on', path, line: end, ...range, code: last.text, exact: whole };
}

/** The lines of the new side that a patch shows, by their numbers. */
export function newLines(patch: string): ReadonlyMap<number, PatchLine> {
  return new Map(patchLines(patch).flatMap((line) => (line.right === undefined ? [] : [[line.right, line] as const])));
}

function beside(path: string, why: string): FindingPlace {
  return { kind: 'beside', path, why };
}
