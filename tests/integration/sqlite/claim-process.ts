/**
 * A process of its own on one state file: `node claim-process.ts FILE NAME ROUNDS KEYS`. Takes and frees claims at random
 * and prints one line for each grant that it was told of, before it goes on: `KEY FENCE`. ROUNDS 0: until it is killed.
 */

import { writeSync } from 'node:fs';
import { createSqliteClaimStore } from '../../../src/adapters/sqlite/claim-store.ts';
import { openDatabase } from '../../../src/adapters/sqlite/database.ts';
import { createSystemClock } from '../../../src/adapters/system/system-clock.ts';
import { nothing } from '../../../src/domain/coordination/amounts.ts';

const [path = '', name = '', rounds = '0', keys = '1'] = process.argv.slice(2);
const database = openDatabase({ path, clock: createSystemClock() });
const claims = createSqliteClaimStore(database);
const holder = { owner: name, runId: name, kind: 'agent', reason: 'contends' } as const;
const reserve = {
  draws: [{ key: 'repository/octo/slug', caps: { runs: Number(keys) } }],
  amounts: { ...nothing, turns: 1 },
};

async function contend(worker: number): Promise<void> {
  for (let round = 0; rounds === '0' || round < Number(rounds); round += 1) {
    const key = `github/octo/slug/issues/${1 + Math.floor(Math.random() * Number(keys))}`;
    const leaseId = `${name}-${worker}-${round}`;
    const result = await claims.acquire({
      ...{ key, holder, leaseId, ttlMs: 60_000, reserve },
      holderIsDead: async () => false,
    });
    if (result.kind !== 'granted') continue;
    writeSync(1, `${key} ${result.lease.fence}\n`);
    await claims.beginEffect(result.lease, `effect-${result.lease.fence}`);
    if (rounds === '0' && Math.random() < 0.1) {
      const taken = await claims.takeOver({ key, holder, leaseId: `${leaseId}-again`, ttlMs: 60_000 });
      if (taken.kind === 'granted') {
        writeSync(1, `${key} ${taken.lease.fence}\n`);
        await claims.release(taken.lease, nothing);
      }
      continue;
    }
    const released = await claims.release(result.lease, nothing);
    if (released.kind !== 'released' && rounds !== '0') throw new Error(`a claim of ours was ${released.kind}`);
  }
}

await Promise.all(Array.from({ length: 4 }, (_, worker) => contend(worker)));
await database.close();
