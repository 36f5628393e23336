import { markOf } from '../domain/markers.ts';
import { trackingOp } from '../domain/tracking-comment.ts';
import type { Gate, ReadyWork } from './gate.ts';
import { hearing } from './hearing.ts';

/**
 * Whether so many runs began since somebody who may start agents last wrote, on the issue or on its pull request: each failed
 * check would send another one for ever. A stranger's word, or a bot's, begins no new count. The first run is the one that was
 * asked for.
 */
export async function triedTooOften(
  { forge }: Pick<Gate, 'forge'>,
  { place, request, continues }: Pick<ReadyWork, 'place' | 'request' | 'continues'>,
): Promise<boolean> {
  const { settings } = request;
  const onPull = continues === undefined ? [] : await forge.comments(continues.pullRequest);
  // Reviewers tell of their runs on the pull request: those are no tries.
  const told = [
    ...place.comments.map((comment) => ({ ...comment, isTry: true })),
    ...onPull.map((comment) => ({ ...comment, isTry: false })),
  ].sort((one, other) => other.id - one.id);
  const mayBeHeard = hearing(forge, settings);
  let runs = 0;
  for (const { body, author, isTry } of told) {
    const mark = markOf(body);
    const ours = mark !== undefined && (await forge.isOwnAuthor(author));
    if (ours && isTry && mark.op === trackingOp) runs += 1;
    if (runs > settings.teamRounds) return true;
    if (!ours && !author.endsWith('[bot]') && (await mayBeHeard(author))) return false;
  }
  return false;
}
