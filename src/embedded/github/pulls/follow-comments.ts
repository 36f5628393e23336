import { patchLines } from '../../../domain/review/patch-lines.ts';
import type { BareRepository } from '../git/bare-repository.ts';
import { diffFiles, type FileChange } from '../git/diff.ts';
import type { PullIssue, ReviewComment } from '../state/issue-state.ts';
import type { Repository } from '../state/repository-state.ts';
import { findLine } from './diff-lines.ts';
import { diffRange, pullFiles } from './pull-figures.ts';

/**
 * After a push: comments stand where their lines are now. One whose line was changed, or is in the diff no longer, stands
 * nowhere (`line` null, as GitHub has it) and keeps where it was made.
 */
export async function followComments(repository: Repository, issue: PullIssue): Promise<void> {
  const { reviewComments } = issue.pull;
  if (reviewComments.length === 0) return;
  const range = await diffRange(repository, issue);
  const files = await pullFiles(repository, issue);
  const moves = new Map<string, Promise<FileChange[]>>();
  const movesFrom = (git: BareRepository, from: string, to: string): Promise<FileChange[]> => {
    const known = moves.get(`${from} ${to}`) ?? diffFiles(git, from, to);
    moves.set(`${from} ${to}`, known);
    return known;
  };
  for (const comment of reviewComments) {
    const { original, side, path } = comment;
    const [from, to] = side === 'LEFT' ? [original.from, range.from] : [original.to, range.to];
    const between = (await movesFrom(repository.git, from, to)).find(
      (file) => (file.previousPath ?? file.path) === path,
    );
    const file = files.find((each) => each.path === path);
    const place = original.line === null ? undefined : placeNow(comment, between, file);
    comment.line = place?.line ?? null;
    comment.startLine = place?.startLine ?? null;
    comment.position = place?.position ?? null;
    const shown = place !== undefined || (original.line === null && file !== undefined);
    if (shown) comment.commitSha = range.to;
  }
}

function placeNow(
  { original, side, startSide }: ReviewComment,
  between: FileChange | undefined,
  file: FileChange | undefined,
) {
  const line = original.line === null ? undefined : lineAfter(between, original.line);
  if (line === undefined || file?.patch === undefined) return undefined;
  const shown = findLine(patchLines(file.patch), side, line);
  if (shown === undefined) return undefined;
  const sameSide = original.startLine !== null && (startSide ?? side) === side;
  const startLine = sameSide && original.startLine !== null ? lineAfter(between, original.startLine) : undefined;
  return { line, startLine: startLine ?? null, position: shown.position };
}

/** Where a line of the old version is in the new one; undefined when it was changed or taken out. */
export function lineAfter(change: FileChange | undefined, line: number): number | undefined {
  if (change === undefined) return line;
  // A binary, a patch too large, a file that is gone: nobody can tell.
  if (change.patch === undefined) return change.status === 'renamed' ? line : undefined;
  if (change.status === 'removed') return undefined;
  let shift = 0;
  for (const text of change.patch.split('\n')) {
    const header = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(text);
    if (header === null) continue;
    const [oldStart, oldCount] = [Number(header[1]), Number(header[2] ?? 1)];
    const [newStart, newCount] = [Number(header[3]), Number(header[4] ?? 1)];
    // A hunk of no old lines stands behind the line that it names.
    const first = oldCount === 0 ? oldStart + 1 : oldStart;
    if (line < first) break;
    if (line < first + oldCount) return patchLines(change.patch).find((each) => each.left === line)?.right;
    shift = newStart + newCount - (oldStart + oldCount) + (oldCount === 0 ? -1 : 0) + (newCount === 0 ? 1 : 0);
  }
  return line + shift;
}
