import { askClaimStore } from '../linearizability/ask-claim-store.ts';
import type { ClaimCall, ClaimOperation } from '../linearizability/claim-operation.ts';
import { claimKeyOf, type StorePlace } from './load-plan.ts';
import { openStore } from './open-store.ts';
import { readSharedTime, type SharedTime, skewedClock } from './shared-clock.ts';

const name = 'after-the-end';
const ttlMs = 1_000;

/**
 * By one who opens the store when all others are gone: what is each key's claim, and which fence is the next? Whatever was
 * lost without anybody noticing comes out here at the latest.
 */
export async function askAtTheEnd(of: {
  readonly place: StorePlace;
  readonly time: SharedTime;
  readonly keys: number;
}): Promise<ReadonlyMap<number, readonly ClaimOperation[]>> {
  const { place, time, keys } = of;
  await using opened = await openStore(place, skewedClock(time, 0));
  const operations = new Map<number, readonly ClaimOperation[]>();
  const ask = async (key: number, call: ClaimCall): Promise<ClaimOperation> => {
    const start = readSharedTime(time);
    const holder = { owner: name, runId: name, kind: 'agent', reason: 'load' } as const;
    const result = await askClaimStore(opened.store, call, {
      key: claimKeyOf(key),
      holder,
      isDead: async () => false,
    });
    return { process: name, call, result, start, end: readSharedTime(time) };
  };
  for (let key = 0; key < keys; key += 1) {
    const read = await ask(key, { kind: 'read' });
    const taken = await ask(key, { kind: 'take-over', leaseId: `last/${key}`, holder: 'agent', ttlMs });
    operations.set(key, [read, taken]);
  }
  return operations;
}
