import { byRank } from '../../src/domain/dispatch/line-order.ts';
import type { WaitingTask } from '../../src/domain/dispatch/waiting-task.ts';
import type { WaitingList } from '../../src/ports/waiting-list.ts';

/** Lines in a map: the whole of what a waiting list means. */
export function memoryWaitingList(): WaitingList {
  const places = new Map<string, WaitingTask>();
  const inOrder = (): readonly WaitingTask[] => [...places.values()].sort(before);
  const lineOf = (budget: string) => inOrder().filter(({ line }) => line === budget);

  return {
    join: async (asked) => {
      const stands = places.get(asked.key);
      const task = stands === undefined ? asked : { ...asked, since: stands.since };
      places.set(task.key, task);
      const ahead = lineOf(task.line).findIndex(({ key }) => key === task.key);
      return { kind: stands === undefined ? 'joined' : 'already', task, ahead };
    },
    leave: async (key) => places.delete(key),
    read: async (key) => places.get(key),
    line: async (budget, limit) => lineOf(budget).slice(0, limit),
    all: async function* () {
      yield* inOrder();
    },
  };
}

function before(a: WaitingTask, b: WaitingTask): number {
  if (a.line !== b.line) return a.line < b.line ? -1 : 1;
  return byRank(a, b);
}
