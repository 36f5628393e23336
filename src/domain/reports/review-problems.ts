import { type ChangedFile, type LineRange, type PullChange, shownLines } from '../pull-change.ts';
import { openFingerprints, standingProblems } from './answer-problems.ts';
import type { Finding } from './finding.ts';
import type { KnownFinding } from './open-finding.ts';
import type { ReviewReport } from './review-report.ts';

export interface ReviewedPull {
  /** Undefined when it could not be computed: places are then left to whoever publishes. */
  readonly change: PullChange | undefined;
  /** All that earlier rounds know. */
  readonly known: readonly KnownFinding[];
}

/** What of a review cannot stand, for its author to put right; empty when all of it can. */
export function reviewProblems(report: ReviewReport, { change, known }: ReviewedPull): readonly string[] {
  return [
    ...report.findings.flatMap((finding, at) => placeProblems(finding, at + 1, change)),
    ...standingProblems(report.earlier, openFingerprints(known)),
  ];
}

function placeProblems(finding: Finding, number: number, change: PullChange | undefined): string[] {
  const { path, line, startLine, suggestion } = finding;
  const tell = (what: string): string[] => [`finding ${number} ${what}`];
  if (startLine !== undefined && line === undefined) return tell('has a start_line and no line');
  if (startLine !== undefined && line !== undefined && startLine > line) {
    return tell(`begins at line ${startLine} and ends before it, at ${line}`);
  }
  if (suggestion !== undefined && line === undefined) return tell('suggests lines and names none: give it a line');
  if (change === undefined) return [];
  const file = change.files.find((changed) => changed.path === path);
  if (file === undefined) {
    return tell(`is about ${JSON.stringify(path)}, which is no file of the diff: put it where the change causes it`);
  }
  return line === undefined ? [] : lineProblems({ path, from: startLine ?? line, to: line }, file, tell);
}

function lineProblems(
  place: LineRange & { readonly path: string },
  file: ChangedFile,
  tell: (what: string) => string[],
): string[] {
  const ranges = shownLines(file.hunks ?? '');
  if (ranges.length === 0) return tell(`names a line of ${JSON.stringify(place.path)}, which has none on the new side`);
  const within = ranges.some(({ from, to }) => from <= place.from && place.to <= to);
  if (within) return [];
  const named = place.from === place.to ? `line ${place.to}` : `lines ${place.from} to ${place.to}`;
  return tell(
    `names ${named} of ${JSON.stringify(place.path)}, which the diff does not show together: it shows ${listRanges(ranges)} of the new side; without a line it is about the file`,
  );
}

const mostListed = 20;

function listRanges(ranges: readonly LineRange[]): string {
  const told = ranges.slice(0, mostListed).map(({ from, to }) => (from === to ? String(from) : `${from}–${to}`));
  return ranges.length > mostListed ? `${told.join(', ')} and more` : told.join(', ');
}
