import { ScanCommand } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDynamoBudgetStore } from '../../src/adapters/dynamodb/budget-store.ts';
import { createDynamoClaimStore } from '../../src/adapters/dynamodb/claim-store.ts';
import type { DynamoTable } from '../../src/adapters/dynamodb/dynamo-table.ts';
import { table as names } from '../../src/adapters/dynamodb/table.ts';
import { clockSkewMs, type Lease } from '../../src/domain/claim.ts';
import { nothing } from '../../src/domain/coordination/amounts.ts';
import type { Reservation } from '../../src/domain/coordination/budget-record.ts';
import type { ClaimStore } from '../../src/ports/claim-store.ts';
import { countDynamoRequests } from '../bench/dynamo-requests.ts';
import { dynamoTestTable, waiting } from '../fakes/dynamo-test-table.ts';
import { dynamoDbLocal } from '../fakes/dynamodb-server.ts';
import { type Fault, startFaultyProxy } from '../fakes/faulty-proxy.ts';
import { memoryClaimStore } from '../fakes/memory-claim-store.ts';
import { type SimulatedClock, simulatedClock } from '../fakes/simulated-clock.ts';
import { granted, holder, key, minute, request, takeover } from './claim-store.fixture.ts';
import { overDynamo } from './dynamodb.fixture.ts';

const repository = 'repository/octo/slug';
const reserve: Reservation = {
  draws: [{ key: repository, caps: { microUsd: 5_000_000, runs: 2 } }],
  amounts: { ...nothing, microUsd: 2_000_000 },
};
/** Room for all who ask: what stops them is the claim. */
const ample: Reservation = { ...reserve, draws: [{ key: repository, caps: { runs: 100 } }] };

overDynamo(dynamoDbLocal, (server) => {
  describe('a claim in DynamoDB', () => {
    it('is taken, refused, stolen, renewed and released in one request each', async () => {
      const requests = await countDynamoRequests(server());
      expect(requests).toEqual({
        acquire: ['UpdateItem'],
        acquireRefused: ['UpdateItem'],
        steal: ['UpdateItem'],
        renew: ['UpdateItem'],
        effect: ['TransactWriteItems'],
        release: ['UpdateItem'],
        acquireWithBudgets: ['BatchGetItem', 'TransactWriteItems'],
        releaseWithBudgets: ['UpdateItem', 'TransactWriteItems'],
      });
    });

    it.each([
      ['that nobody ever had', async () => {}],
      ['that was released', async ({ store }: Scene) => void (await store.release(await held(store)))],
      ['whose lease ran out', async ({ clock }: Scene) => clock.advance(2 * minute)],
    ])('%s goes with its budgets to exactly one of many who ask at once', async (about, before) => {
      const clock = simulatedClock();
      await using table = await dynamoTestTable(server(), clock);
      const store = createDynamoClaimStore(table.open(), waiting(clock));
      if (about !== 'that nobody ever had')
        granted(await store.acquire(request('old', { reserve: ample, ttlMs: minute })));
      await before({ clock, store });
      const contending = createDynamoClaimStore(lookTogether(table.open(), 12), waiting(clock));
      const results = await Promise.all(
        Array.from({ length: 12 }, (_, at) => contending.acquire(request(`c${at}`, { reserve: ample }))),
      );
      expect(results.filter((result) => result.kind === 'granted')).toHaveLength(1);
      const budgets = createDynamoBudgetStore(table.open(), waiting(clock));
      expect(await budgets.read(repository)).toMatchObject({ reserved: ample.amounts, runs: 1 });
    });

    it('is never given to time to live, and is in the index of held claims only while it is held', async () => {
      const clock = simulatedClock();
      await using table = await dynamoTestTable(server(), clock);
      const store = createDynamoClaimStore(table.open(), waiting(clock));
      const lease = granted(await store.acquire(request('a', { reserve })));
      await store.beginEffect(lease, 'merge');
      const claim = async () => {
        const { Items = [] } = await table.client.send(new ScanCommand({ TableName: table.name }));
        expect(Items.filter((item) => names.timeToLive in item)).toEqual([]);
        return Items.find((item) => item['sk']?.S === 'CLAIM');
      };
      expect(await claim()).toHaveProperty(names.heldByExpiry.partitionKey);
      await store.release(lease);
      expect(await claim()).not.toHaveProperty(names.heldByExpiry.partitionKey);
      expect(await claim()).toHaveProperty(names.byKey.partitionKey);
    });

    it('lists more claims than a page of a query or a batch holds', async () => {
      const clock = simulatedClock();
      await using table = await dynamoTestTable(server(), clock);
      const store = createDynamoClaimStore(table.open(), waiting(clock));
      const keys = Array.from({ length: 230 }, (_, issue) => `github/octo/slug/issues/${issue}`);
      await Promise.all(keys.map((claim) => store.acquire(request('a', { key: claim, leaseId: claim }))));
      const listed = [];
      for await (const record of store.list({ state: 'held' })) listed.push(record.key);
      expect(listed).toEqual([...keys].sort());
    });
  });

  describe('when requests and answers are lost, doubled or refused', () => {
    async function room() {
      const clock = simulatedClock();
      const table = await dynamoTestTable(server(), clock);
      const proxy = await startFaultyProxy(server());
      const opened = table.open({ endpoint: proxy.endpoint });
      return {
        ...{ clock, proxy },
        store: createDynamoClaimStore(opened, waiting(clock)),
        budgets: createDynamoBudgetStore(table.open(), waiting(clock)),
        [Symbol.asyncDispose]: async () => {
          await table[Symbol.asyncDispose]();
          await proxy[Symbol.asyncDispose]();
        },
      };
    }

    it('takes an acquire whose answer was lost as granted, with the fence that it got', async () => {
      await using r = await room();
      r.proxy.plan(['none', 'answer-lost']);
      expect(granted(await r.store.acquire(request('a'))).fence).toBe(1);
      expect(r.proxy.arrived).toEqual(['GetItem', 'UpdateItem', 'UpdateItem']);
    });

    it('reserves and settles once, whatever is lost in between', async () => {
      await using r = await room();
      r.proxy.plan(['none', 'none', 'answer-lost', 'answer-lost', 'none']);
      const lease = granted(await r.store.acquire(request('a', { reserve })));
      expect(await r.budgets.read(repository)).toMatchObject({ reserved: reserve.amounts, runs: 1 });
      r.proxy.plan(['none', 'answer-lost', 'answer-lost']);
      const spent = { ...nothing, microUsd: 500_000 };
      expect((await r.store.release(lease, spent)).kind).toMatch(/released/);
      expect(await r.budgets.read(repository)).toMatchObject({ reserved: nothing, spent, runs: 0 });
    });

    it('gives up when the table stays out of reach, and tells that it may be tried again', async () => {
      const clock = { ...waiting(simulatedClock()), sleep: async () => {} };
      await using table = await dynamoTestTable(server(), clock);
      await using proxy = await startFaultyProxy(server());
      const store = createDynamoClaimStore(table.open({ endpoint: proxy.endpoint, clock }), clock);
      proxy.plan(Array.from({ length: 400 }, () => 'conflict' as const));
      await expect(store.acquire(request('a'))).rejects.toMatchObject({ code: 'E710', retryable: true });
    });

    it('says what to do when the table is not there', async () => {
      await using r = await room();
      await using table = await dynamoTestTable(server(), r.clock);
      const store = createDynamoClaimStore(table.open({ tableName: 'elsewhere' }), waiting(r.clock));
      await expect(store.read(key)).rejects.toMatchObject({
        code: 'E710',
        retryable: false,
        message: expect.stringContaining('elsewhere'),
        fix: expect.stringContaining('the name of the table'),
      });
    });

    it('does what the store in memory does, whatever happens to its requests', { timeout: 60_000 }, async () => {
      const faults: readonly Fault[] = [
        ...(['none', 'none', 'none', 'answer-lost', 'request-lost'] as const),
        ...(['twice', 'server-error', 'throttled', 'conflict'] as const),
      ];
      const step = fc.record({
        act: fc.constantFrom<Act>(
          'acquire',
          'acquire',
          'draw',
          'draw',
          'renew',
          'release',
          'effect',
          'take-over',
          'wait',
        ),
        who: fc.nat(2),
        faults: fc.array(fc.constantFrom(...faults), { maxLength: 3 }),
      });
      const property = fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 10 }), async (steps) => {
        await using r = await room();
        const model = memoryClaimStore(r.clock);
        const leases = new Map<number, Lease>();
        for (const [at, { act, who, faults: planned }] of steps.entries()) {
          r.proxy.plan(planned);
          const lease = leases.get(who);
          const [did, should] = await Promise.all(
            [r.store, model].map((store) => perform(store, { act, who, at, lease })),
          );
          expect(did).toEqual(should);
          if (act === 'wait') r.clock.advance(who * 40_000);
          if (did?.lease !== undefined) leases.set(who, did.lease);
          expect(await r.store.read(key)).toEqual(await model.read(key));
        }
        r.proxy.plan([]);
        expect(await bookOf(r.store)).toEqual(await bookOf(model));
      });
      await fc.assert(property, { numRuns: 6 });
    });
  });
});

interface Scene {
  readonly clock: SimulatedClock;
  readonly store: ClaimStore;
}

/** All have seen the claim as it was before the first of them writes. */
function lookTogether(table: DynamoTable, contenders: number): DynamoTable {
  const everybodyLooked = Promise.withResolvers<void>();
  let looks = 0;
  return {
    ...table,
    getMany: async (keys) => {
      const found = await table.getMany(keys);
      looks += 1;
      if (looks >= contenders) everybodyLooked.resolve();
      await everybodyLooked.promise;
      return found;
    },
  };
}

async function held(store: ClaimStore): Promise<Lease> {
  const record = await store.read(key);
  if (record?.state !== 'held') throw new Error('nobody holds the claim');
  return record;
}

type Act = 'acquire' | 'draw' | 'renew' | 'release' | 'effect' | 'take-over' | 'wait';

interface Step {
  readonly act: Act;
  readonly who: number;
  readonly at: number;
  readonly lease: Lease | undefined;
}

/** What a caller may count on; a lost answer leaves open only whether something happened in this call or in the one before. */
async function perform(
  store: ClaimStore,
  { act, who, at, lease }: Step,
): Promise<{ readonly kind: string; readonly lease?: Lease }> {
  const name = `p${who}`;
  switch (act) {
    case 'acquire':
    case 'draw': {
      const more = { leaseId: `lease-${at}`, ttlMs: minute, ...(act === 'draw' && { reserve }) };
      const result = await store.acquire(request(name, { ...more, holder: holder(name) }));
      return result.kind === 'granted' ? { kind: result.kind, lease: result.lease } : { kind: result.kind };
    }
    case 'take-over': {
      const result = await store.takeOver(takeover(name, { leaseId: `lease-${at}`, ttlMs: minute - clockSkewMs }));
      return result.kind === 'granted' ? { kind: result.kind, lease: result.lease } : { kind: result.kind };
    }
    case 'renew': {
      const renewed = lease && (await store.renew(lease, minute));
      return renewed === undefined ? { kind: 'lost' } : { kind: 'renewed', lease: renewed };
    }
    case 'release': {
      const result = lease && (await store.release(lease, { ...nothing, microUsd: 750_000 }));
      return { kind: result?.kind === 'already-released' ? 'released' : (result?.kind ?? 'none') };
    }
    case 'effect': {
      const result = lease && (await store.beginEffect(lease, `effect-${at}`));
      return { kind: result?.kind ?? 'none' };
    }
    case 'wait':
      return { kind: 'waited' };
    default:
      return act satisfies never;
  }
}

/** Told by the refusal of a claim that asks for more than there can be. */
async function bookOf(store: ClaimStore): Promise<unknown> {
  const amounts = { ...nothing, microUsd: 1_000_000_000 };
  const result = await store.acquire(request('probe', { key: 'locks/probe', reserve: { ...reserve, amounts } }));
  return result.kind === 'over-budget' ? result.shortage.budget : result.kind;
}
