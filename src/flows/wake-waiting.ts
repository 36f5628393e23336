import { createHash } from 'node:crypto';
import type { ActivityEvent } from '../domain/coordination/activity.ts';
import { currentKey } from '../domain/coordination/budget-decisions.ts';
import type { BudgetKey } from '../domain/coordination/budget-record.ts';
import type { TaskQueue } from '../ports/task-queue.ts';
import type { WaitingList } from '../ports/waiting-list.ts';
import { sendWake } from './send-wake.ts';

export interface WakingRoom {
  readonly waiting: Pick<WaitingList, 'line'>;
  readonly queue: Pick<TaskQueue, 'send'>;
}

type Told = Omit<ActivityEvent, 'seq'>;

/**
 * Wakes whoever is first in line for each budget that may have room now: a run ended, or a person set other limits. Whether
 * there is room is found out by the claim itself. A wake has an id made of its cause, so a change that is told twice wakes
 * once, and another change wakes again. Tells how many were woken.
 */
export async function wakeFirstInLine({ waiting, queue }: WakingRoom, events: readonly Told[]): Promise<number> {
  const causes = new Map<BudgetKey, Told>();
  for (const event of events) for (const budget of budgetsWithRoom(event)) causes.set(budget, event);
  const woken = new Set<string>();
  for (const [budget, cause] of causes) {
    const [first] = await waiting.line(budget, 1);
    if (first === undefined || woken.has(first.key)) continue;
    await sendWake(queue, first, wakeId(first.key, cause));
    woken.add(first.key);
  }
  return woken.size;
}

function budgetsWithRoom({ change, at }: Told): readonly BudgetKey[] {
  if (change.type === 'budget.settled') return change.reservation.keys;
  // Also when the book is not open yet: who asked for more than a limit allows at all waits for a book that nobody opened.
  if (change.type === 'budget.limited') return [...change.keys, currentKey(change.scope, at)];
  return [];
}

function wakeId(key: string, { at, task, run, change }: Told): string {
  const cause = JSON.stringify([key, at, task ?? '', run ?? '', change]);
  return `wake/${createHash('sha256').update(cause).digest('hex').slice(0, 40)}`;
}
