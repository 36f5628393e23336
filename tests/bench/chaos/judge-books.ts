import type { ClaimKey } from '../../../src/domain/claim.ts';
import type { ActivityEvent } from '../../../src/domain/coordination/activity.ts';
import { type Amounts, amountNames, nothing } from '../../../src/domain/coordination/amounts.ts';
import type { BudgetRecord } from '../../../src/domain/coordination/budget-record.ts';
import { type CoordinationState, foldActivity } from '../../../src/domain/coordination/replay.ts';
import { sameData } from '../../../src/domain/coordination/same-data.ts';
import type { TaskView } from '../../../src/domain/coordination/task-record.ts';
import type { Coordination } from '../../../src/ports/coordination.ts';

export interface BookFigures {
  readonly events: number;
  readonly runs: number;
  readonly tasks: number;
  readonly books: number;
  readonly problems: readonly string[];
}

interface Judged {
  readonly replayed: CoordinationState;
  readonly log: readonly ActivityEvent[];
}

/** The log has no holes and adds up to what is stored; nobody holds anything; what was spent was booked once. */
export async function judgeBooks(books: Coordination): Promise<BookFigures & Judged> {
  const events = await wholeLog(books);
  const problems: string[] = [];
  const hole = events.findIndex(({ seq }, index) => seq !== index + 1);
  if (hole !== -1) problems.push(`the log has a hole at ${hole + 1}`);
  const replayed = foldActivity(events);
  for (const [id, run] of replayed.runs) {
    if (!sameData(await books.runs.read(id), run))
      problems.push(`the run ${id} is stored otherwise than the log adds up to`);
    if (run.endedAt === undefined) problems.push(`the run ${id} has not ended`);
  }
  for (const [key, task] of replayed.tasks) {
    const read = await books.tasks.read(key);
    if (read === undefined || !sameData(ownOf(read), task))
      problems.push(`the task ${key} is stored otherwise than the log adds up to`);
  }
  const stored: BudgetRecord[] = [];
  for await (const book of books.budgets.list('')) {
    stored.push(book);
    if (!sameData(book, replayed.budgets.get(book.key))) problems.push(`the budget ${book.key} differs from the log`);
    if (book.runs !== 0 || amountNames.some((name) => book.reserved[name] !== 0))
      problems.push(`the budget ${book.key} holds something`);
  }
  problems.push(...spendProblems(events, replayed), ...fenceProblems(events));
  return {
    events: events.length,
    runs: replayed.runs.size,
    tasks: replayed.tasks.size,
    books: stored.length,
    problems,
    replayed,
    log: events,
  };
}

async function wholeLog({ activity }: Coordination): Promise<readonly ActivityEvent[]> {
  const events: ActivityEvent[] = [];
  for (;;) {
    const page = await activity.read({ after: events.at(-1)?.seq ?? 0, limit: 500 });
    if (page.length === 0) return events;
    events.push(...page);
  }
}

/**
 * Each reservation was settled once, with what its run says that it used. Of one that was stopped at work nobody knows that, and
 * all that was reserved counts.
 */
function spendProblems(events: readonly ActivityEvent[], { runs }: CoordinationState): readonly string[] {
  const open = new Map<ClaimKey, { readonly runId: string; readonly amounts: Amounts }>();
  const problems: string[] = [];
  for (const { change } of events) {
    if (change.type === 'claim.acquired' || change.type === 'claim.stolen' || change.type === 'claim.taken-over') {
      const reserved = change.claim.reservation?.amounts;
      if (reserved !== undefined) open.set(change.claim.key, { runId: change.claim.holder.runId, amounts: reserved });
    }
    if (change.type !== 'budget.settled') continue;
    const held = open.get(change.claim);
    open.delete(change.claim);
    const run = held && runs.get(held.runId);
    const asReserved = run?.state === 'cancelled' && sameData(change.spent, held?.amounts);
    if (held === undefined) problems.push(`${change.claim}: a reservation was settled twice`);
    // Who was admitted and died before the run was opened has used nothing.
    else if (run === undefined && sameData(change.spent, nothing)) continue;
    else if (run === undefined)
      problems.push(`${change.claim}: the run ${held.runId} was never opened and used something`);
    else if (!asReserved && !sameData(change.spent, run.spent))
      problems.push(`${change.claim}: the run ${run.id} (${run.state}) used other than was booked`);
  }
  return [...problems, ...[...open.keys()].map((key) => `${key}: a reservation was never settled`)];
}

/** Each claim's fences count up by one, so nobody was let in unseen. */
function fenceProblems(events: readonly ActivityEvent[]): readonly string[] {
  const fences = new Map<string, number>();
  const problems: string[] = [];
  for (const { change } of events) {
    if (change.type !== 'claim.acquired' && change.type !== 'claim.stolen' && change.type !== 'claim.taken-over')
      continue;
    const { key, fence } = change.claim;
    const before = fences.get(key) ?? 0;
    if (fence !== before + 1) problems.push(`${key}: fence ${fence} after ${before}`);
    fences.set(key, fence);
  }
  return problems;
}

/** Without what other rooms know about it. */
function ownOf({
  claim: _claim,
  blockedBy: _by,
  blocks: _blocks,
  openBlockers: _open,
  ready: _ready,
  ...task
}: TaskView) {
  return task;
}
