import { markOf, parseMarkers } from '../../domain/markers.ts';
import { pullRequestOp } from '../../domain/pull-request-text.ts';
import { trackingOp } from '../../domain/tracking-comment.ts';
import { sliceWhole, stripInvisible } from '../../domain/visible-text.ts';
import type { BriefRequest } from './brief-request.ts';

const mostOfPull = 6_000;
const mostOfEnd = 800;
const mostEnds = 3;

/**
 * What earlier runs on a pull request did, where no team's record remembers it: what they wrote about their change in the pull
 * request's own text, and how the last of them ended, from the comments that follow them. Ours by author and marker, and still
 * untrusted: models wrote most of it, and whoever may write in the repository can edit it.
 */
export async function earlierWork({
  forge,
  issue,
  pull,
}: Pick<BriefRequest, 'forge' | 'issue' | 'pull'>): Promise<string | undefined> {
  const isOurs =
    parseMarkers(pull.body).some(({ op }) => op === pullRequestOp) && (await forge.isOwnAuthor(pull.author));
  const told = isOurs ? [`The pull request says:\n${plain(pull.body, mostOfPull)}`] : [];
  const ends: string[] = [];
  const comments = await forge.comments(issue);
  for (const { body, author } of [...comments].sort((a, b) => b.id - a.id)) {
    if (ends.length === mostEnds) break;
    const mark = markOf(body);
    if (mark?.op !== trackingOp || !(await forge.isOwnAuthor(author))) continue;
    ends.unshift(`Run ${mark.run} ended so:\n${plain(body, mostOfEnd)}`);
  }
  const text = [...told, ...ends].join('\n\n');
  return text === '' ? undefined : text;
}

/** Without markers, what is folded away (figures, outputs) and invisible characters. */
function plain(markdown: string, most: number): string {
  const kept: string[] = [];
  let folds = 0;
  for (const line of stripInvisible(markdown).split('\n')) {
    folds += count(line, '<details');
    const isShown = folds === 0 && !line.startsWith('<!--') && line.trim() !== '';
    if (isShown) kept.push(line);
    folds = Math.max(0, folds - count(line, '</details>'));
  }
  return sliceWhole(kept.join('\n'), most);
}

function count(line: string, part: string): number {
  return line.split(part).length - 1;
}
