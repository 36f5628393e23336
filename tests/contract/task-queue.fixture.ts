import { it } from 'vitest';
import type { QueuedWork, ReceivedWork, TaskQueue } from '../../src/ports/task-queue.ts';

export interface TaskQueueFixture extends AsyncDisposable {
  /** Another client of the same queue, as another machine would have. */
  client(): TaskQueue;
  now(): number;
  /** Lets time go by: a simulated clock is moved, a real one is waited for. */
  pass(ms: number): Promise<void>;
}

/** What services differ in; a case that needs more than one of them offers is left out for it. */
export interface TaskQueuePromises {
  /** Strictly by priority, then age; else only as good as can be done. */
  readonly order: 'exact' | 'best effort';
  /**
   * `exact`: each is good until the work is handed out again or done. `by time`: the service does not tell, so one is good
   * until its time is over, as far as the client knows that was told of it.
   */
  readonly receipts: 'exact' | 'by time';
  /** Whether a worker may name roles; else there is one queue for each. */
  readonly roles: 'chosen' | 'all';
  /** Whether it is known how old the oldest is that waits, and when the service itself gave work up. */
  readonly ages: 'told' | 'unknown';
  /** How far the service's own dates may be from the clock of the fixture. */
  readonly datesWithinMs: number;
  /** How long an id is remembered; 0: not at all. */
  readonly deduplicationMs: number;
  readonly maxDeliveries: number;
  /** `real`: cases that would have to wait longer than a few seconds are left out. */
  readonly time: 'simulated' | 'real';
}

export const second = 1_000;
export const minute = 60_000;

export function work(id: string, more: Partial<QueuedWork> = {}): QueuedWork {
  return { id, task: 'github/octo/slug/issues/1', role: 'coder', body: { event: id }, ...more };
}

export const idsOf = (received: readonly ReceivedWork[]) => received.map(({ work: { id } }) => id);

export function take(
  queue: TaskQueue,
  more: Partial<Parameters<TaskQueue['receive']>[0]> = {},
): Promise<readonly ReceivedWork[]> {
  return queue.receive({ limit: 10, visibilityMs: 2 * second, ...more });
}

export async function takeOne(queue: TaskQueue): Promise<ReceivedWork> {
  const [first] = await take(queue, { limit: 1 });
  if (first === undefined) throw new Error('nothing was handed out');
  return first;
}

/** What every queue of work promises, in two parts. `open` gives an empty one. */
export interface TaskQueueSubject {
  readonly name: string;
  readonly open: () => Promise<TaskQueueFixture>;
  readonly promises: TaskQueuePromises;
}

/** A case about what not every queue promises; of one that does not, nothing is to be tested and nothing was skipped. */
export function ifPromised(promised: boolean): (title: string, test: () => Promise<void>) => void {
  return promised ? (title, test) => it(title, test) : () => undefined;
}
