import { describeError, EntropyError } from '../domain/error.ts';
import { type HeardAgain, textOfHeardAgain } from '../domain/heard-again.ts';
import type { Task } from '../domain/task.ts';
import { isMarked, openConversations, type Saying } from './address/open-conversations.ts';
import { remarkIdsOf } from './address/told-before.ts';
import { hearing } from './hearing.ts';
import type { PublishReport } from './publish-run.ts';
import type { TeamRoom } from './team/team-room.ts';

/** The gate reads what is open, and a moment later writes the comment by which its run is known to have begun. */
const gateMs = 2 * 60_000;

type HearingRoom = Pick<TeamRoom, 'forge' | 'clock' | 'log' | 'settings' | 'starter'>;

/**
 * What came while this run was at work was refused by the gate, for the claim was held: a coder's remarks of people, a reviewer's
 * newer head. Asked for again here, once the claim is free; the gate looks who said it. A team looks by itself.
 */
export async function hearLater(room: HearingRoom, task: Task, report: PublishReport): Promise<void> {
  const { starter, log, clock } = room;
  const isAlone = task.step === undefined && report.outcome !== 'cancelled';
  if (starter === undefined || !isAlone) return;
  const pull = report.pullRequest?.number ?? task.continues?.pullRequest ?? task.pull?.number;
  if (pull === undefined) return;
  try {
    const missed = await missedOn(room, task, pull);
    if (missed === undefined) return;
    const id = textOfHeardAgain(missed);
    const command = missed.kind === 'pull-changed' ? 'review' : 'fix';
    const step = { id, command, subject: pull, askedAt: clock.now(), asks: 1 } as const;
    const started = await starter.start({ issue: pull, step });
    const came = started.kind === 'started' ? 'asked for again' : `not asked for again: ${started.reason}`;
    log(`${id} on #${pull} came while the run was at work, and was ${came}`);
  } catch (error) {
    // The run itself is published; whoever sees that nothing follows says it again.
    if (!(error instanceof EntropyError)) throw error;
    log(`whether anything came meanwhile on #${pull} could not be seen: ${describeError(error)}`);
  }
}

async function missedOn(room: HearingRoom, task: Task, number: number): Promise<HeardAgain | undefined> {
  const { forge } = room;
  const settings = await room.settings();
  const pull = await forge.pullRequest(number);
  if (pull === undefined || pull.state === 'closed') return undefined;
  if (task.work === 'review') {
    const moved = task.pull !== undefined && pull.headSha !== task.pull.headSha;
    return moved && settings.automaticReview !== 'never' ? { kind: 'pull-changed' } : undefined;
  }
  if (task.work !== 'change' || !settings.automaticRemarks) return undefined;
  // Its own books tell a team what its coder was told.
  const team = await forge.team.read(task.issue.number);
  if (team !== undefined && team.record.state.kind !== 'over') return undefined;

  const began = (await forge.comment(task.trackingCommentId))?.createdAt;
  const since = began === undefined ? task.admittedAt : Date.parse(began) - gateMs;
  const told = remarkIdsOf(task.brief);
  const isMissed = (saying: Saying): boolean =>
    !isMarked(saying) && !saying.author.endsWith('[bot]') && Date.parse(saying.at) > since && !told.has(saying.id);
  const missed = (await openConversations(forge, pull)).flat().filter(isMissed);
  const mayBeHeard = hearing(forge, settings);
  for (const { author, id, path, reviewId } of missed.toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at))) {
    if (!(await mayBeHeard(author))) continue;
    return path === undefined ? { kind: 'review', reviewId: reviewId ?? id } : { kind: 'line-comment', commentId: id };
  }
  return undefined;
}
