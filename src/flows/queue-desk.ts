import type { LetterSummary, QueueDesk } from '../ports/queue-desk.ts';
import type { DeadLetter, TaskQueue } from '../ports/task-queue.ts';

/** A queue that is at hand, as who runs it sees it. */
export function queueDesk(queue: Pick<TaskQueue, 'depth' | 'deadLetters' | 'redrive'>): QueueDesk {
  return {
    depth: () => queue.depth(),
    redrive: (ids) => queue.redrive(ids),
    deadLetters: async (options) => (await queue.deadLetters(options)).map(summaryOf),
  };
}

function summaryOf({ work: { id, task, role }, ...told }: DeadLetter): LetterSummary {
  return { id, task, role, ...told };
}
