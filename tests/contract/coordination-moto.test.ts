import { describe, expect, it } from 'vitest';
import { dynamoCoordination } from '../../src/adapters/dynamodb/dynamo-coordination.ts';
import { defaultStaleAfterMs } from '../../src/domain/query/context.ts';
import { readyOnes } from '../../src/domain/query/ready-ones.ts';
import { everything } from '../../src/domain/query/syntax.ts';
import { sampleIssue, sampleKey, sampleMessage, sampleRun } from '../fakes/coordination-samples.ts';
import { archivedLog } from '../fakes/dynamo-archiver.ts';
import { dynamoTestTable, waiting } from '../fakes/dynamo-test-table.ts';
import { moto } from '../fakes/dynamodb-server.ts';
import { simulatedClock } from '../fakes/simulated-clock.ts';
import { claimed } from './coordination.fixture.ts';
import { overDynamo } from './dynamodb.fixture.ts';

/** A second opinion on expressions, indexes and transactions; the contracts themselves run over DynamoDB Local. */
overDynamo(moto, (server) => {
  describe('a coordinator over another stand-in for DynamoDB', () => {
    it('claims the next task, works on it under its lease, hands over and closes what others wait for', async () => {
      const clock = simulatedClock();
      await using table = await dynamoTestTable(server(), clock, moto);
      const activity = archivedLog(server(), table, clock);
      const store = dynamoCoordination(table.open(), { clock: waiting(clock), activity });
      const { tasks, runs, mailbox, claims } = store;
      const ready = async () => {
        const page = { offset: 0, limit: 10 };
        const found = await tasks.search(readyOnes(everything), { now: 0, staleAfterMs: defaultStaleAfterMs }, page);
        return found.tasks.map(({ issue }) => issue.number);
      };
      for (const number of [1, 2, 3]) await tasks.mirror(sampleIssue(number), 'github');
      const edge = { kind: 'blocks', from: sampleKey(1), to: sampleKey(2), source: 'person' } as const;
      expect(await tasks.addDependency(edge, 'mona')).toEqual({ kind: 'added' });
      const back = { ...edge, from: sampleKey(2), to: sampleKey(1) };
      expect(await tasks.addDependency(back, 'mona')).toMatchObject({ kind: 'cycle' });
      expect(await ready()).toEqual([1, 3]);

      const lease = await claimed(store, 'a');
      expect((await tasks.change({ key: lease.key, actor: 'a', to: 'claimed', lease })).kind).toBe('changed');
      expect((await runs.open(sampleRun('a'), 'a')).kind).toBe('opened');
      expect((await runs.list({ states: ['queued'], limit: 5 })).map(({ id }) => id)).toEqual(['a']);
      expect((await runs.change('a', { to: 'running', actor: 'a' })).kind).toBe('changed');
      expect((await runs.change('a', { to: 'succeeded', actor: 'a' })).kind).toBe('changed');
      expect(await runs.agents({ limit: 5 })).toMatchObject([{ runs: 1, succeeded: 1 }]);
      await claims.release(lease);
      expect(await tasks.change({ key: lease.key, actor: 'a', to: 'ready', lease })).toMatchObject({ kind: 'stale' });

      await tasks.mirror(sampleIssue(1, { forgeState: 'closed', updatedAt: 9_000 }), 'github');
      expect(await ready()).toEqual([2, 3]);
      for (const id of ['m1', 'm2', 'm1']) await mailbox.send(sampleMessage(id));
      const [first, ...more] = await mailbox.receive('reviewer', { limit: 5, visibilityMs: 1_000 });
      expect([first?.message.id, more.length]).toEqual(['m1', 0]);
      expect(await mailbox.acknowledge(first?.receipt ?? '')).toBe(true);
      expect((await mailbox.about(sampleKey(1))).map(({ id }) => id)).toEqual(['m1', 'm2']);
    });
  });
});
