import { PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { dynamoCoordination } from '../../src/adapters/dynamodb/dynamo-coordination.ts';
import { floorKnownForMs } from '../../src/adapters/dynamodb/fence-floor.ts';
import { createDynamoNumbering } from '../../src/adapters/dynamodb/number-changes.ts';
import { createRestoredTable } from '../../src/adapters/dynamodb/restored-table.ts';
import { nothing } from '../../src/domain/coordination/amounts.ts';
import { fenceEpoch } from '../../src/domain/coordination/restored-claims.ts';
import { restoreTable } from '../../src/flows/restore-table.ts';
import type { Coordination } from '../../src/ports/coordination.ts';
import { sampleIssue, sampleKey, sampleMessage, sampleRun } from '../fakes/coordination-samples.ts';
import { archivedLog } from '../fakes/dynamo-archiver.ts';
import { readTableStream } from '../fakes/dynamo-stream.ts';
import { type DynamoTestTable, dynamoTestTable, waiting } from '../fakes/dynamo-test-table.ts';
import { dynamoDbLocal } from '../fakes/dynamodb-server.ts';
import { Killed, killPoints } from '../fakes/kill-points.ts';
import { type SimulatedClock, simulatedClock } from '../fakes/simulated-clock.ts';
import { granted, minute, request } from './claim-store.fixture.ts';
import { overDynamo } from './dynamodb.fixture.ts';

const never = new AbortController().signal;
const books = ['issue/octo/slug/1', 'repository/octo/slug'];
const reserve = { draws: books.map((key) => ({ key, caps: { runs: 5 } })), amounts: { ...nothing, turns: 4 } };

/** What a restore to this moment gives: another table with the same items. */
async function copyTable(from: DynamoTestTable, to: DynamoTestTable): Promise<void> {
  const { Items = [] } = await from.client.send(new ScanCommand({ TableName: from.name, ConsistentRead: true }));
  await Promise.all(Items.map((Item) => to.client.send(new PutItemCommand({ TableName: to.name, Item }))));
}

/** Nobody waits a minute here; the flow still asks for it. */
function impatient(clock: SimulatedClock, slept: number[]) {
  return { ...waiting(clock), sleep: async (ms: number) => void slept.push(ms) };
}

overDynamo(dynamoDbLocal, (server) => {
  async function scene() {
    const clock = simulatedClock();
    const [lost, restored] = [await dynamoTestTable(server(), clock), await dynamoTestTable(server(), clock)];
    const open = (table: DynamoTestTable): Coordination =>
      dynamoCoordination(table.open(), { clock: waiting(clock), activity: archivedLog(server(), table, clock) });
    return {
      ...{ clock, lost, restored, open },
      state: (table: DynamoTestTable) => createRestoredTable(table.open(), waiting(clock)),
      [Symbol.asyncDispose]: async () => {
        await lost[Symbol.asyncDispose]();
        await restored[Symbol.asyncDispose]();
      },
    };
  }

  /** Some of everything, the first part of which was numbered before the moment that is restored. */
  async function work(s: Awaited<ReturnType<typeof scene>>) {
    const at = s.open(s.lost);
    await at.tasks.mirror(sampleIssue(1), 'github');
    await at.tasks.mirror(sampleIssue(2), 'github');
    const first = granted(await at.claims.acquire(request('early', { reserve })));
    await at.activity.read({ limit: 1 });
    await at.claims.beginEffect(first, 'open-pull-request');
    await at.claims.release(first, { ...nothing, turns: 1 });
    const held = granted(await at.claims.acquire(request('held', { reserve, ttlMs: minute })));
    granted(await at.claims.acquire(request('free', { key: 'locks/free' })));
    await at.claims.release({ key: 'locks/free', leaseId: 'lease-free', fence: 1, expiresAt: 0 });
    await at.budgets.setCaps('organisation/octo', { runs: 3 }, 'github/mona');
    await at.tasks.change({ key: sampleKey(2), actor: 'github/mona', facts: { priority: 0 } });
    await at.tasks.addDependency(
      { kind: 'blocks', from: sampleKey(2), to: sampleKey(1), source: 'person' },
      'github/mona',
    );
    await at.runs.open(sampleRun('r1'), 'coder/r1');
    await at.runs.change('r1', { to: 'running', actor: 'coder/r1' });
    for (const id of ['m1', 'm2']) await at.mailbox.send(sampleMessage(id));
    await copyTable(s.lost, s.restored);
    const late = granted(await at.claims.acquire(request('late', { key: 'locks/late' })));
    return { held, late };
  }

  describe('a table that was restored to an earlier moment', () => {
    it('grants no fence twice, lets no lease of before count, and has a log that tells what is stored', async () => {
      await using s = await scene();
      const { held, late } = await work(s);
      const slept: number[] = [];
      const parts = { restored: s.state(s.restored), replaced: s.state(s.lost), clock: impatient(s.clock, slept) };
      expect((await parts.restored.differences()).length).toBeGreaterThan(8);
      const report = await restoreTable(parts, never);
      expect(report).toEqual({ fenceFloor: fenceEpoch, held: 1, told: expect.any(Number), differences: [] });
      expect(slept).toEqual([floorKnownForMs]);

      const after = s.open(s.restored);
      expect(await after.claims.renew(held, minute)).toBeUndefined();
      expect(await after.claims.beginEffect(held, 'merge')).toMatchObject({ kind: 'stale' });
      expect(await after.claims.acquire(request('eager'))).toMatchObject({ kind: 'refused' });
      expect(granted(await after.claims.acquire(request('x', { key: late.key }))).fence).toBe(fenceEpoch + 1);
      const again = granted(await after.claims.acquire(request('y', { key: 'locks/free' })));
      expect(again.fence).toBe(fenceEpoch + 1);
      expect(await after.claims.beginEffect(again, 'merge')).toEqual({ kind: 'may-act', before: 'unknown' });
      s.clock.advance(2 * minute);
      const heir = granted(await after.claims.acquire(request('heir', { reserve })));
      expect(heir.fence).toBe(fenceEpoch + 1);
      await after.claims.release(heir, nothing);

      const events = await after.activity.read({ limit: 1_000 });
      expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
      expect(events.filter(({ change }) => change.type === 'state.restored')).toHaveLength(1);
      expect(await parts.restored.differences()).toEqual([]);
    });

    it('goes above the time where the lost one cannot be asked, and may be restored again', async () => {
      await using s = await scene();
      await work(s);
      const parts = { restored: s.state(s.restored), clock: impatient(s.clock, []) };
      const first = await restoreTable(parts, never);
      expect(first.fenceFloor).toBeGreaterThanOrEqual(s.clock.now());
      const second = await restoreTable(parts, never);
      expect(second.fenceFloor).toBeGreaterThan(first.fenceFloor);
      expect(second).toMatchObject({ held: 1, told: 0, differences: [] });
    });

    it('is made safe by doing it again, wherever it was ended', { timeout: 60_000 }, async () => {
      await using s = await scene();
      await work(s);
      for (const at of [1, 2, 5, 9, 14, 20, 25]) {
        const watched = killPoints(at).watch(s.restored.open(), ['transact', 'put', 'update']);
        const dying = createRestoredTable(watched, waiting(s.clock));
        await restoreTable({ restored: dying, clock: impatient(s.clock, []) }, never).catch((error: unknown) => {
          if (!(error instanceof Killed)) throw error;
        });
      }
      const report = await restoreTable({ restored: s.state(s.restored), clock: impatient(s.clock, []) }, never);
      expect(report).toMatchObject({ held: 1, differences: [] });
      const claim = await s.open(s.restored).claims.read(request('a').key);
      expect(claim).toMatchObject({ state: 'held', fence: report.fenceFloor });
    });
  });

  describe('a log whose stream lost a change', () => {
    it('waits for the change, and goes on from the record as it is when nobody brings it any more', async () => {
      await using s = await scene();
      const at = s.open(s.lost);
      await at.tasks.mirror(sampleIssue(1), 'github');
      await at.tasks.change({ key: sampleKey(1), actor: 'x', facts: { priority: 0 } });
      await at.tasks.change({ key: sampleKey(1), actor: 'x', facts: { attempts: 2 } });
      const [first, _lost, third] = (await readTableStream(server(), s.lost.name)).filter(
        ({ after }) => after?.['sk']?.S === 'TASK',
      );
      if (first === undefined || third === undefined) throw new Error('the stream told too little');
      const numbering = createDynamoNumbering(s.lost.open(), waiting(s.clock));
      const late = [first, { ...third, writtenAt: s.clock.now() }];
      expect(await numbering.number(late)).toMatchObject({ numbered: 1, stuck: { index: 1 } });
      s.clock.advance(16 * minute);
      expect((await numbering.number(late)).stuck).toBeUndefined();
      expect(await s.state(s.lost).differences()).toEqual([]);
    });
  });
});
