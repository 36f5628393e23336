import type { DeadLetter, QueuedWork, TaskQueue } from './task-queue.ts';

/** A dead letter without what was asked for, which may hold anything. */
export type LetterSummary = Omit<DeadLetter, 'work'> & Pick<QueuedWork, 'id' | 'task' | 'role'>;

/** A queue as who runs it sees it. */
export interface QueueDesk extends Pick<TaskQueue, 'depth' | 'redrive'> {
  deadLetters(options: { readonly limit: number }): Promise<readonly LetterSummary[]>;
}
