import { dispatcherRole } from '../domain/dispatch/dispatcher-role.ts';
import type { QueuedWake } from '../domain/dispatch/queued-message.ts';
import type { WaitingTask } from '../domain/dispatch/waiting-task.ts';
import type { TaskQueue } from '../ports/task-queue.ts';

/** Has the dispatcher look at the line in which a task stands. `id`: of the cause, so that one cause wakes once. */
export async function sendWake(
  queue: Pick<TaskQueue, 'send'>,
  { key, asked }: Pick<WaitingTask, 'key' | 'asked'>,
  id: string,
): Promise<void> {
  const body = { kind: 'wake', schema: 1, key, traceparent: asked.traceparent } satisfies QueuedWake;
  await queue.send({ id, task: key, role: dispatcherRole, body });
}
