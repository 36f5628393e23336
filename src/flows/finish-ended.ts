import { type ClaimRecord, isLookKey, leaseOf } from '../domain/claim.ts';
import { amountNames } from '../domain/coordination/amounts.ts';
import type { TaskState } from '../domain/coordination/task-record.ts';
import { type EndBooks, endOf, endRun } from './end-run.ts';

export type FinishedRun =
  | { readonly kind: 'finished'; readonly task?: TaskState }
  /** It has not said how it ended, or what it used; or somebody was faster. */
  | { readonly kind: 'open' };

/**
 * A run that told how it ended, and died before its claim was free: the rest is done in its name, under its own lease. So what
 * it said that it used is booked. Whoever took the claim from it would book all that it had reserved.
 */
export async function finishEnded(books: EndBooks, claim: ClaimRecord, actor: string): Promise<FinishedRun> {
  const { runId } = claim.holder;
  const run = await books.runs.read(runId);
  const end = run && endOf(run);
  // One that others ended may never have told a figure: nothing is not what it used then.
  const hasTold = claim.reservation === undefined || amountNames.some((name) => (run?.spent[name] ?? 0) > 0);
  if (end === undefined || !hasTold) return { kind: 'open' };
  const { task, claim: release } = await endRun(books, { runId, lease: leaseOf(claim), end, actor });
  if (release === 'not-mine') return { kind: 'open' };
  if (task.kind === 'moved') return { kind: 'finished', task: task.task.state };
  const kept = isLookKey(claim.key) ? undefined : await books.tasks.read(claim.key);
  return { kind: 'finished', ...(kept && { task: kept.state }) };
}
