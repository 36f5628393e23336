import type { SweepRoom } from '../../../src/flows/sweep/sweep-room.ts';
import type { DispatchScene } from '../../fakes/dispatch-scene.ts';
import { memoryTaskQueue } from '../../fakes/memory-task-queue.ts';

/** The sweeper's room over the scene's stores, with a queue in memory. */
export function sweepRoom(scene: DispatchScene, change: Partial<SweepRoom> = {}): SweepRoom {
  const { stores, app, clock } = scene;
  return {
    ...scene.room(),
    budgets: stores.budgets,
    recount: { recount: async () => 'moved' },
    cursors: stores.cursors,
    app: app.app,
    queue: memoryTaskQueue(clock),
    lookUps: (ask) => ask,
    host: 'github.com',
    hasEnded: async () => false,
    ...change,
  };
}

export const noBounds = { signal: new AbortController().signal, isTimeUp: () => false };
