import type { Task } from '../domain/task.ts';

/** The home of the base's own set-up: what the code under test installs for itself must not be what the base runs with. */
export function baseHomeOf(home: string): string {
  return `${home}-base`;
}

/** Whether something runs on the base, so that it has to be prepared. A review only reads it. */
export function runsOnBase(task: Pick<Task, 'work' | 'pull'>): boolean {
  return task.work === 'verification' && task.pull !== undefined;
}
