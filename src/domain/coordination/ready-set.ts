import type { ClaimKey } from '../claim.ts';
import type { TaskRecord } from './task-record.ts';
import { isClosed, isStartable, type WaitEdge } from './wait-edge.ts';
import type { WaitGraph } from './wait-order.ts';

export type StandOfTask = Pick<TaskRecord, 'state' | 'issue'>;

/** Which tasks can be started now, kept up change by change: each costs as many steps as there are tasks that wait for it. */
export interface ReadySet {
  /** The task is new, or its state or what GitHub says of it has changed. */
  put(key: ClaimKey, task: StandOfTask): void;
  /** Somebody holds its claim, or nobody does any more. */
  hold(key: ClaimKey, held: boolean): void;
  /** The pair waits from now on; the graph knows it already. */
  opened(edge: WaitEdge): void;
  /** The pair does so no longer. */
  closed(edge: WaitEdge): void;
  openBlockers(key: ClaimKey): number;
  has(key: ClaimKey): boolean;
  keys(): Iterable<ClaimKey>;
}

export function createReadySet(graph: Pick<WaitGraph, 'waitersOf'>): ReadySet {
  const tasks = new Map<ClaimKey, StandOfTask>();
  const held = new Set<ClaimKey>();
  /** How many open tasks each one waits for. */
  const counters = new Map<ClaimKey, number>();
  const ready = new Set<ClaimKey>();

  const look = (key: ClaimKey): void => {
    const task = tasks.get(key);
    const isReady = task !== undefined && !held.has(key) && isStartable(task, counters.get(key) ?? 0);
    if (isReady) ready.add(key);
    else ready.delete(key);
  };
  const count = (key: ClaimKey, by: 1 | -1): void => {
    counters.set(key, (counters.get(key) ?? 0) + by);
    look(key);
  };

  return {
    put: (key, task) => {
      const wasClosed = isClosed(tasks.get(key));
      tasks.set(key, task);
      const closed = isClosed(task);
      if (closed !== wasClosed) for (const waiter of graph.waitersOf(key)) count(waiter, closed ? -1 : 1);
      look(key);
    },
    hold: (key, isHeld) => {
      if (isHeld) held.add(key);
      else held.delete(key);
      look(key);
    },
    opened: ({ waiter, blocker }) => {
      if (!isClosed(tasks.get(blocker))) count(waiter, 1);
    },
    closed: ({ waiter, blocker }) => {
      if (!isClosed(tasks.get(blocker))) count(waiter, -1);
    },
    openBlockers: (key) => counters.get(key) ?? 0,
    has: (key) => ready.has(key),
    keys: () => ready.keys(),
  };
}
