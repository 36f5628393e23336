import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDynamoBudgetStore } from '../../src/adapters/dynamodb/budget-store.ts';
import { createDynamoClaimStore } from '../../src/adapters/dynamodb/claim-store.ts';
import { eventsOfChange, type UnnumberedEvent } from '../../src/adapters/dynamodb/stream-events.ts';
import { clockSkewMs, type Lease } from '../../src/domain/claim.ts';
import { nothing } from '../../src/domain/coordination/amounts.ts';
import { emptyReplay, replayClaims } from '../../src/domain/coordination/replay-claims.ts';
import { readTableStream } from '../fakes/dynamo-stream.ts';
import { dynamoTestTable, waiting } from '../fakes/dynamo-test-table.ts';
import { dynamoDbLocal } from '../fakes/dynamodb-server.ts';
import { simulatedClock } from '../fakes/simulated-clock.ts';
import { granted, minute, request, takeover } from './claim-store.fixture.ts';
import { overDynamo } from './dynamodb.fixture.ts';

const repository = 'repository/octo/slug';
const organisation = 'organisation/octo';
const claims = ['github/octo/slug/issues/1', 'github/octo/slug/issues/2', 'locks/release'];

overDynamo(dynamoDbLocal, (server) => {
  async function room() {
    const clock = simulatedClock();
    const table = await dynamoTestTable(server(), clock);
    const opened = table.open();
    return {
      ...{ clock, table },
      claims: createDynamoClaimStore(opened, waiting(clock)),
      budgets: createDynamoBudgetStore(opened, waiting(clock)),
      events: async (): Promise<readonly UnnumberedEvent[]> =>
        (await readTableStream(server(), table.name)).flatMap(eventsOfChange),
      [Symbol.asyncDispose]: () => table[Symbol.asyncDispose](),
    };
  }

  describe("the stream of the claims' table", () => {
    it('tells every transition with who did it, when, and what became of the budgets', async () => {
      await using r = await room();
      const began = r.clock.now();
      const reserve = { draws: [{ key: repository, caps: { runs: 1 } }], amounts: nothing };
      const lease = granted(await r.claims.acquire(request('a', { reserve, ttlMs: minute })));
      await r.claims.acquire(request('refused'));
      await r.claims.renew(lease, minute);
      await r.claims.beginEffect(lease, 'open-pull-request');
      await r.claims.beginEffect(lease, 'open-pull-request');
      r.clock.advance(2 * minute + clockSkewMs + 1);
      granted(await r.claims.acquire(request('b', { ttlMs: minute })));
      const taken = await r.claims.takeOver(takeover('bob'));
      if (taken.kind === 'granted') await r.claims.release(taken.lease);
      await r.budgets.setCaps(organisation, { runs: 3 }, 'github/bob');
      const late = r.clock.now();
      const events = await r.events();
      expect(events.map(({ change, actor, run, at }) => [change.type, actor, run, at])).toEqual([
        ['claim.acquired', 'a', 'run-a', began],
        ['budget.reserved', 'a', 'run-a', began],
        ['claim.renewed', 'a', 'run-a', began],
        ['claim.effect', 'a', 'run-a', began],
        ['budget.settled', 'b', 'run-a', late],
        ['claim.stolen', 'b', 'run-b', late],
        ['claim.taken-over', 'bob', 'cli-bob', late],
        ['claim.released', 'bob', 'cli-bob', late],
        ['budget.limited', 'github/bob', undefined, late],
      ]);
    });

    it('adds up to what is stored, whatever was done', { timeout: 60_000 }, async () => {
      const acts = ['acquire', 'draw', 'draw', 'renew', 'release', 'effect', 'take-over', 'limit', 'wait'] as const;
      const step = fc.record({ act: fc.constantFrom(...acts), who: fc.nat(2), what: fc.nat(claims.length - 1) });
      const property = fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 30 }), async (steps) => {
        await using r = await room();
        const leases = new Map<string, Lease>();
        for (const [at, { act, who, what }] of steps.entries()) {
          const key = claims[what] ?? '';
          const holding = leases.get(key);
          const asks = { key, leaseId: `lease-${at}`, ttlMs: minute };
          if (act === 'acquire' || act === 'draw') {
            const draws = [repository, organisation].map((budget) => ({ key: budget, caps: { microUsd: 9_000_000 } }));
            const amounts = { ...nothing, microUsd: 1_000_000 * (who + 1), turns: 3 };
            const taken = await r.claims.acquire(
              request(`p${who}`, { ...asks, ...(act === 'draw' && { reserve: { draws, amounts } }) }),
            );
            if (taken.kind === 'granted') leases.set(key, taken.lease);
          }
          if (act === 'take-over') {
            const taken = await r.claims.takeOver(takeover(`p${who}`, asks));
            if (taken.kind === 'granted') leases.set(key, taken.lease);
          }
          if (act === 'renew' && holding !== undefined) await r.claims.renew(holding, minute, who > 0);
          if (act === 'effect' && holding !== undefined) await r.claims.beginEffect(holding, `effect-${who}`);
          if (act === 'release' && holding !== undefined) {
            await r.claims.release(holding, who === 0 ? undefined : { ...nothing, microUsd: who * 700_000 });
          }
          if (act === 'limit') await r.budgets.setCaps(repository, { microUsd: 4_000_000 + at, runs: 2 }, 'github/bob');
          if (act === 'wait') r.clock.advance(who * 40_000);
        }
        const replayed = emptyReplay();
        for (const { change } of await r.events()) replayClaims(replayed, change);
        for (const key of claims) expect(replayed.claims.get(key)).toEqual(await r.claims.read(key));
        for (const key of [repository, organisation]) {
          expect(replayed.budgets.get(key)).toEqual(await r.budgets.read(key));
          expect(replayed.caps.get(key)).toEqual(await r.budgets.caps(key));
        }
        for (const [key, effects] of replayed.effects) {
          const lease = granted(await r.claims.takeOver(takeover('looks', { key })));
          for (const effect of effects.keys()) {
            expect(await r.claims.beginEffect(lease, effect)).toEqual({ kind: 'may-act', before: 'begun' });
          }
        }
      });
      await fc.assert(property, { numRuns: 6 });
    });
  });
});
