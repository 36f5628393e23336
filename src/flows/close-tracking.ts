import { EntropyError } from '../domain/error.ts';
import type { CommentSnapshot } from '../domain/issue.ts';
import { trackingFacts } from '../domain/outcome-text.ts';
import type { RunResult } from '../domain/run-result.ts';
import { conversationOf, type Task } from '../domain/task.ts';
import { renderTrackingComment, type TrackingEnd } from '../domain/tracking-comment.ts';
import { readTrackingComment } from '../domain/tracking-state.ts';
import type { SavedTold } from '../domain/unfinished/unfinished-text.ts';
import type { Forge } from '../ports/forge.ts';
import type { SecretScanner } from '../ports/secret-scanner.ts';
import { oldestOfOurs } from './marked-comment.ts';

export interface TrackingWrite {
  readonly forge: Forge;
  readonly scanner: SecretScanner;
  readonly task: Task;
  readonly result: RunResult | undefined;
  readonly end: TrackingEnd;
  readonly saved?: SavedTold;
  readonly log: (line: string) => void;
}

export interface ClosedTracking {
  readonly comment: CommentSnapshot;
  readonly body: string;
  /** `withheld`: the end would have told a secret, so only that is told. */
  readonly told: 'all' | 'withheld';
}

const withheld: TrackingEnd = {
  kind: 'failed',
  reason: 'E602: what was to be told here seems to hold a secret, so it is left out.',
  next: 'If the agent could see a real secret, revoke it. `/agent retry` starts again.',
};

/**
 * Lets the run's own comment tell how it ended. The comment is this run's alone (its marker names it), so it may be
 * written even after the claim went to another. When a person deleted it, the end is told in a new one.
 */
export async function closeTracking({
  forge,
  scanner,
  task,
  result,
  end,
  saved,
  log,
}: TrackingWrite): Promise<ClosedTracking> {
  const work = saved === undefined ? {} : { saved };
  const full = renderTrackingComment({ ...trackingFacts(task, result), state: end, ...work });
  const findings = await scanner.scan('the tracking comment', `${full}\n${result?.reason ?? ''}`);
  for (const { rule, where, line } of findings) log(`${where}, line ${line}, seems to hold a secret: ${rule}`);
  const told = findings.length === 0 ? 'all' : 'withheld';
  const body =
    told === 'all' ? full : renderTrackingComment({ ...trackingFacts(task, undefined), state: withheld, ...work });
  return { comment: await writeComment(forge, task, body), body, told };
}

/** Whether the comment still says that this run is working: nobody else has told its end yet. */
export async function isStillOpen(forge: Forge, task: Task): Promise<boolean> {
  const found = await forge.comment(task.trackingCommentId);
  const tracking = found === undefined ? undefined : readTrackingComment(found.body);
  return tracking?.working === true && tracking.runId === task.runId;
}

async function writeComment(forge: Forge, task: Task, body: string): Promise<CommentSnapshot> {
  try {
    return await forge.updateComment(task.trackingCommentId, body);
  } catch (error) {
    const gone = error instanceof EntropyError && error.code === 'E202';
    if (!gone) throw error;
  }
  const comments = await forge.comments(conversationOf(task));
  const marked = comments.filter((comment) => readTrackingComment(comment.body)?.runId === task.runId);
  const other = await oldestOfOurs(forge, marked);
  return other === undefined ? forge.createComment(conversationOf(task), body) : forge.updateComment(other.id, body);
}
