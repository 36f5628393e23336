import { memoryClaimStore } from '../fakes/memory-claim-store.ts';
import { claimStoreContract } from './claim-store.contract.ts';

claimStoreContract('the store in memory', async (clock) => {
  const store = memoryClaimStore(clock);
  return { client: () => store, [Symbol.asyncDispose]: async () => {} };
});
