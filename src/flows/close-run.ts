import { nothing } from '../domain/coordination/amounts.ts';
import type { RunEnd } from '../domain/coordination/task-after-run.ts';
import { shownPlan } from '../domain/held/plan-name.ts';
import type { CommentSnapshot } from '../domain/issue.ts';
import type { OpenRun } from '../domain/open-run.ts';
import { renderTrackingComment, type TrackingEnd } from '../domain/tracking-comment.ts';
import { readTrackingComment } from '../domain/tracking-state.ts';
import type { ReleaseResult } from '../ports/claim-store.ts';
import type { Forge } from '../ports/forge.ts';
import { type ClaimKeeper, letGo } from './let-go.ts';
import { oldestOfOurs } from './marked-comment.ts';

export interface ClosedRun {
  /** `already-ended`: it told of an end, which stays. `missing`: there is none (deleted, or never written). */
  readonly comment: 'closed' | 'already-ended' | 'missing';
  readonly claim: ReleaseResult['kind'];
}

/**
 * Ends a run that did not end by itself: its tracking comment tells so, its claim becomes free. Does nothing twice, so
 * the run's own `post`, a `/agent stop` and the next run may all try. The comment goes first: while the claim is held
 * no other run can begin, so nobody reads "working" beside a new run's comment for long.
 */
export async function closeRun(
  { forge, ...keeper }: ClaimKeeper & { readonly forge: Forge },
  run: OpenRun,
  end: TrackingEnd,
): Promise<ClosedRun> {
  const comment = await closeTrackingComment(forge, run, end);
  const spent = (await hasBegun(keeper, run)) ? {} : { spent: nothing };
  return { comment, claim: await letGo(keeper, run, { ...runEndOf(end), ...spent }) };
}

/** One that nobody came for has used nothing, and one that was never opened neither: its gate died over it. */
async function hasBegun({ books }: ClaimKeeper, { runId }: OpenRun): Promise<boolean> {
  if (books === undefined) return true;
  const run = await books.runs.read(runId);
  return run !== undefined && (run.dispatched === undefined || run.state !== 'queued');
}

/** What it used nobody can say here, when it has begun; the books count its whole ceiling then. */
function runEndOf(end: TrackingEnd): RunEnd {
  switch (end.kind) {
    case 'stopped': {
      const by = end.by === undefined ? 'Stopped.' : `Stopped by ${end.by}.`;
      return { outcome: 'cancelled', reason: [by, end.reason].filter((part) => part !== undefined).join(' ') };
    }
    case 'opened':
    case 'updated':
      return { outcome: 'succeeded', reason: `Pull request #${end.pullRequest}.`, pullRequest: end.pullRequest };
    case 'held':
    case 'planned':
      return { outcome: 'needs_info', reason: `Waits for the approval of plan ${shownPlan(end.plan.hash)}.` };
    case 'hold_over':
      return { outcome: 'needs_info', reason: end.what };
    case 'delivered':
      return { outcome: 'succeeded', reason: `It ${end.what}.` };
    case 'needs_info':
      return { outcome: 'needs_info', reason: end.questions.join(' ') };
    default:
      return { outcome: end.kind, reason: end.reason };
  }
}

/** The comment alone, for a run whose claim is somebody else's by now. */
export async function closeTrackingComment(
  forge: Forge,
  run: OpenRun,
  end: TrackingEnd,
): Promise<ClosedRun['comment']> {
  const found = await trackingCommentOf(forge, run);
  if (found === undefined) return 'missing';
  if (readTrackingComment(found.body)?.working !== true) return 'already-ended';
  const { issue, runId, role, lease } = run;
  await forge.updateComment(found.id, renderTrackingComment({ role, issue, runId, fence: lease.fence, state: end }));
  return 'closed';
}

/** By its id, or by its marker in a comment of ours: anybody can copy a marker, but nobody our name. */
async function trackingCommentOf(forge: Forge, run: OpenRun): Promise<CommentSnapshot | undefined> {
  if (run.trackingCommentId !== undefined) return forge.comment(run.trackingCommentId);
  const marked = (await forge.comments(run.issue)).filter(({ body }) => {
    const tracking = readTrackingComment(body);
    return tracking?.runId === run.runId && tracking.fence === run.lease.fence;
  });
  return oldestOfOurs(forge, marked);
}
