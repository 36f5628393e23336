import { memoryWaitingList } from '../fakes/memory-waiting-list.ts';
import { waitingListContract } from './waiting-list.contract.ts';

waitingListContract('a waiting list in memory', async () => {
  const list = memoryWaitingList();
  return { client: () => list, [Symbol.asyncDispose]: async () => {} };
});
