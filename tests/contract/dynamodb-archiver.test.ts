import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ItemChange } from '../../src/adapters/dynamodb/stream-events.ts';
import { nothing } from '../../src/domain/coordination/amounts.ts';
import { archiveChanges } from '../../src/flows/archive-changes.ts';
import { archiverFunction } from '../../src/runtime/aws/archiver-function.ts';
import type { FunctionLog } from '../../src/runtime/aws/function-log.ts';
import { archiverPartitions } from '../../src/runtime/aws/table-definition.ts';
import { type ArchiverScene, all, archiverScene, storedAndTold } from '../fakes/archiver-scene.ts';
import { readStreamRecords } from '../fakes/dynamo-stream.ts';
import { dynamoDbLocal } from '../fakes/dynamodb-server.ts';
import { Killed, killPoints } from '../fakes/kill-points.ts';
import { claimSteps, takeClaimStep } from '../fakes/random-claims.ts';
import { simulatedClock } from '../fakes/simulated-clock.ts';
import { granted, key, minute, request } from './claim-store.fixture.ts';
import { overDynamo } from './dynamodb.fixture.ts';
import { waitingTask } from './waiting-list.contract.ts';

const never = new AbortController().signal;
const slots = 'organisation/octo';
const reserve = { draws: [{ key: slots, caps: { runs: 1 } }], amounts: nothing };

const nothingSaid = (): void => {};
const silentLog: FunctionLog = {
  ...{ debug: nothingSaid, info: nothingSaid, warn: nothingSaid, error: nothingSaid },
  ...{ count: nothingSaid, flush: nothingSaid },
};

/** The records of one item stay in order in one shard, as DynamoDB has it; between shards there is no order. */
function inShards(changes: readonly ItemChange[], shards: number): readonly (readonly ItemChange[])[] {
  const shardOf = ({ after, before }: ItemChange): number => {
    const pk = (after ?? before)?.['pk']?.S ?? '';
    return [...pk].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % shards;
  };
  return Array.from({ length: shards }, (_, shard) => changes.filter((change) => shardOf(change) === shard));
}

overDynamo(dynamoDbLocal, (server) => {
  describe('the archiver', () => {
    it('numbers, archives and wakes who is first in line when a run ends', async () => {
      const clock = simulatedClock();
      await using s = await archiverScene(server(), clock);
      const lease = granted(await s.claims.acquire(request('a', { reserve })));
      await s.waitingList.join(waitingTask(2));
      await s.waitingList.join(waitingTask(3));
      await s.claims.release(lease, nothing);
      const result = await archiveChanges(s.archiver(), await s.changes(), never);
      expect(result).toMatchObject({ numbered: 4, woken: 1, archived: { objects: 1, events: 4, last: { seq: 4 } } });
      const woken = await s.queue.receive({ limit: 10, visibilityMs: minute });
      expect(woken.map(({ work }) => [work.task, work.role, work.body])).toEqual([
        [
          waitingTask(2).key,
          'dispatcher',
          { kind: 'wake', schema: 1, key: waitingTask(2).key, traceparent: waitingTask(2).asked.traceparent },
        ],
      ]);
      expect(await s.archived()).toEqual(await s.log());
      const keys = (await all(s.archive.list(''))).map((object) => object.key);
      expect(keys).toEqual(['activity/v1/2026/11/02/0000000000000001.jsonl.gz']);
    });

    it('reads and puts as its role allows: into partitions of the log, and takes nothing away', async () => {
      await using s = await archiverScene(server(), simulatedClock());
      await s.claims.release(granted(await s.claims.acquire(request('a', { reserve }))));
      await s.waitingList.join(waitingTask(2));
      await archiveChanges(s.archiver(), await s.changes(), never);
      // Again, so that every condition is met as well.
      await s.claims.acquire(request('b', { reserve }));
      await archiveChanges(s.archiver(), await s.changes(), never);
      const patterns = archiverPartitions.map((pattern) => pattern.replace('*', '.*'));
      const allowed = new RegExp(`^Put (?:${patterns.join('|')})$`);
      expect(s.archiverWrites.length).toBeGreaterThan(10);
      expect(s.archiverWrites.filter((write) => !allowed.test(write))).toEqual([]);
      expect([...s.archiverReads].sort()).toEqual(['BatchGetItem', 'GetItem', 'Query on the table']);
    });

    it('does nothing more when it is told the same again', async () => {
      await using s = await archiverScene(server(), simulatedClock());
      await s.claims.release(granted(await s.claims.acquire(request('a', { reserve }))));
      await s.waitingList.join(waitingTask(2));
      const changes = await s.changes();
      await archiveChanges(s.archiver(), changes, never);
      const again = await archiveChanges(s.archiver(), [...changes, ...(await s.changes())], never);
      expect(again).toMatchObject({ numbered: 0, archived: { objects: 0 } });
      expect((await s.queue.depth()).waiting).toBe(1);
    });

    it('wakes for a limit that was set before anybody opened the book, and not for what gives no room', async () => {
      await using s = await archiverScene(server(), simulatedClock());
      await s.waitingList.join(waitingTask(2));
      granted(await s.claims.acquire(request('a')));
      expect((await archiveChanges(s.archiver(), await s.changes(), never)).woken).toBe(0);
      await s.budgets.setCaps(slots, { runs: 5 }, 'github/bob');
      expect((await archiveChanges(s.archiver(), await s.changes(), never)).woken).toBe(1);
    });

    it('tells the opening of a book before what is drawn from it, in whatever order shards are read', async () => {
      await using s = await archiverScene(server(), simulatedClock());
      const ample = { ...reserve, draws: [{ key: slots, caps: { runs: 9, turns: 1 } }] };
      const other = 'github/octo/slug/issues/2';
      granted(await s.claims.acquire(request('a', { reserve: ample })));
      granted(await s.claims.acquire(request('b', { key: other, reserve: ample })));
      await s.budgets.setCaps(slots, { runs: 7 }, 'github/bob');
      const changes = await s.changes();
      await archiveChanges(s.archiver(), changes.toReversed(), never);
      const { events, stored, told } = await storedAndTold(s);
      expect(told).toEqual(stored);
      const openings = events.flatMap(({ change }) => (change.type === 'budget.reserved' ? [change.opened] : []));
      expect(openings).toEqual([[{ key: slots, caps: { runs: 7 } }], []]);
    });

    it('says which change it must be told again, when the one before it is missing, and keeps what it could do', async () => {
      await using s = await archiverScene(server(), simulatedClock());
      const lease = granted(await s.claims.acquire(request('a')));
      await s.claims.renew(lease, 40 * minute);
      granted(await s.claims.acquire(request('b', { key: 'locks/b' })));
      const records = await s.changes();
      const result = await archiveChanges(s.archiver(), records.slice(1), never);
      expect(result).toMatchObject({ numbered: 1, stuck: { index: 0, reason: expect.stringContaining(key) } });
      expect(await archiveChanges(s.archiver(), records, never)).toMatchObject({ numbered: 2 });
      const { stored, told } = await storedAndTold(s);
      expect(told).toEqual(stored);
    });

    it('tells Lambda from which record on the batch is to be given again', async () => {
      const clock = simulatedClock();
      await using s = await archiverScene(server(), clock);
      const lease = granted(await s.claims.acquire(request('a')));
      await s.claims.renew(lease, 40 * minute);
      const all = await readStreamRecords(server(), s.table.name);
      const records = all.filter(({ dynamodb }) => dynamodb.NewImage?.['sk']?.S === 'CLAIM');
      const lambda = archiverFunction({ room: s.archiver(), clock, log: silentLog });
      const context = { getRemainingTimeInMillis: () => 30_000 };
      // As DynamoDB Local writes its values, and as Lambda hands them on.
      const event = (some: typeof records) => JSON.parse(JSON.stringify({ Records: some }));
      expect(await lambda(event(records.slice(1)), context)).toEqual({
        batchItemFailures: [{ itemIdentifier: records[1]?.dynamodb.SequenceNumber }],
      });
      expect(await lambda(event(records), context)).toEqual({ batchItemFailures: [] });
      expect((await s.log()).map(({ change }) => change.type)).toEqual(['claim.acquired', 'claim.renewed']);
    });

    it('loses nothing and doubles nothing when it is killed at any point between two writes', {
      timeout: 60_000,
    }, async () => {
      const clock = simulatedClock();
      await using s = await archiverScene(server(), clock);
      const work = async (round: number): Promise<void> => {
        const lease = granted(await s.claims.acquire(request(`r${round}`, { reserve })));
        await s.claims.beginEffect(lease, `effect-${round}`);
        await s.claims.release(lease, nothing);
      };
      await s.waitingList.join(waitingTask(2));
      for (let at = 1; ; at += 1) {
        await work(at);
        const changes = await s.changes();
        const points = killPoints(at);
        const killed = await archiveChanges(s.archiver(points), changes, never).then(
          () => false,
          (error: unknown) => {
            if (error instanceof Killed) return true;
            throw error;
          },
        );
        await archiveChanges(s.archiver(), changes, never);
        const { events, stored, told } = await storedAndTold(s);
        expect(told).toEqual(stored);
        expect(events).toHaveLength(at * 5);
        expect(await s.archived()).toEqual(events);
        expect((await s.queue.depth()).waiting).toBe(at);
        if (!killed) {
          expect(at).toBeGreaterThan(8);
          return;
        }
      }
    });

    it('keeps one order when several read several shards at once, twice, in pieces, and are killed', {
      timeout: 60_000,
    }, async () => {
      const plan = fc.record({
        steps: claimSteps,
        shards: fc.integer({ min: 1, max: 4 }),
        size: fc.integer({ min: 1, max: 7 }),
        kills: fc.array(fc.nat({ max: 12 }), { maxLength: 6 }),
      });
      const property = fc.asyncProperty(plan, async ({ steps, shards, size, kills }) => {
        const clock = simulatedClock();
        await using s = await archiverScene(server(), clock);
        const world = { clock, claims: s.claims, budgets: s.budgets, leases: [] };
        for (const step of steps) await takeClaimStep(world, step);
        const deaths = [...kills];
        const lambda = (shard: readonly ItemChange[]) => readShard(s, shard, { size, deaths });
        const every = inShards(await s.changes(), shards);
        await Promise.all([...every, ...every].map(lambda));
        const { events, stored, told } = await storedAndTold(s);
        expect(told).toEqual(stored);
        expect(await s.archived()).toEqual(events);
      });
      await fc.assert(property, { numRuns: 5 });
    });
  });
});

/** As Lambda reads a shard: batch after batch, the same one again from where it failed. */
async function readShard(
  s: ArchiverScene,
  shard: readonly ItemChange[],
  { size, deaths }: { readonly size: number; readonly deaths: number[] },
): Promise<void> {
  let at = 0;
  while (at < shard.length) {
    const batch = shard.slice(at, at + size);
    const death = deaths.pop();
    try {
      const { stuck } = await archiveChanges(s.archiver(killPoints(death ?? Number.POSITIVE_INFINITY)), batch, never);
      at += stuck?.index ?? batch.length;
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
    }
  }
}
