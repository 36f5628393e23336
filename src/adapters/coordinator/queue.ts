import type { QueueDesk } from '../../ports/queue-desk.ts';
import { listDeadLetters, readQueue, redriveQueue } from '../../wire/endpoints/queue.ts';
import type { CoordinatorApi } from './coordinator-api.ts';

export function createCoordinatorQueue(api: CoordinatorApi): QueueDesk {
  return {
    depth: async () => (await api.call(readQueue, {})).value,
    deadLetters: async ({ limit }) => (await api.call(listDeadLetters, { query: { limit } })).value.letters,
    redrive: async (ids) => {
      const body = ids === undefined ? {} : { ids: [...ids] };
      return (await api.call(redriveQueue, { body })).value.redriven;
    },
  };
}
