import { sqliteCoordination } from '../../src/adapters/sqlite/coordination.ts';
import type { Lease } from '../../src/domain/claim.ts';
import type { Coordination } from '../../src/ports/coordination.ts';
import { sampleAgent, sampleKey } from '../fakes/coordination-samples.ts';
import type { SimulatedClock } from '../fakes/simulated-clock.ts';
import { sqliteRoom } from '../fakes/sqlite-room.ts';

export interface CoordinationFixture extends AsyncDisposable {
  /** Another client of the same store, as another machine would have. */
  client(): Coordination;
}

export type OpenCoordination = (clock: SimulatedClock) => Promise<CoordinationFixture>;

/** One file; each client has a connection of its own. */
export const openSqlite: OpenCoordination = async (clock) => {
  const room = sqliteRoom(clock);
  return {
    client: () => sqliteCoordination(room.connect()),
    [Symbol.asyncDispose]: () => room[Symbol.asyncDispose](),
  };
};

/** Claims a task for a run of this name. */
export async function claimed({ claims }: Coordination, name: string, number = 1): Promise<Lease> {
  const agent = sampleAgent(name);
  const result = await claims.acquire({
    key: sampleKey(number),
    holder: { owner: agent.id, runId: name, kind: 'agent', reason: `issue #${number}`, agent },
    leaseId: `lease-${name}`,
    ttlMs: 60_000,
    holderIsDead: async () => false,
  });
  if (result.kind !== 'granted') throw new Error(result.kind);
  return result.lease;
}
