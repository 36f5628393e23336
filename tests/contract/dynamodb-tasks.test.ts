import { ScanCommand } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDynamoClaimStore } from '../../src/adapters/dynamodb/claim-store.ts';
import type { DynamoTable } from '../../src/adapters/dynamodb/dynamo-table.ts';
import { table as names } from '../../src/adapters/dynamodb/table.ts';
import { createDynamoTaskStore } from '../../src/adapters/dynamodb/task-store.ts';
import { readTaskViews } from '../../src/adapters/dynamodb/task-views.ts';
import type { Dependency } from '../../src/domain/coordination/dependency.ts';
import { taskKeyOf } from '../../src/domain/coordination/task-key.ts';
import type { MirroredIssue } from '../../src/domain/coordination/task-record.ts';
import { isStartable } from '../../src/domain/coordination/wait-edge.ts';
import { defaultStaleAfterMs } from '../../src/domain/query/context.ts';
import { taskPredicate } from '../../src/domain/query/predicate.ts';
import { printQuery } from '../../src/domain/query/printer.ts';
import { readyOnes } from '../../src/domain/query/ready-ones.ts';
import { compareTasks, orderOf } from '../../src/domain/query/sort.ts';
import { everything, type Query } from '../../src/domain/query/syntax.ts';
import type { TaskStore } from '../../src/ports/task-store.ts';
import { countDynamoTaskRequests, countNextRequests } from '../bench/dynamo-task-requests.ts';
import { sampleIssue, sampleKey } from '../fakes/coordination-samples.ts';
import { dynamoTestTable, waiting } from '../fakes/dynamo-test-table.ts';
import { dynamoDbLocal } from '../fakes/dynamodb-server.ts';
import { generatedQuery } from '../fakes/generated-queries.ts';
import { generatedNow, generatedTasks } from '../fakes/generated-tasks.ts';
import { Killed, killPoints } from '../fakes/kill-points.ts';
import { drawFrom } from '../fakes/seeded-numbers.ts';
import { simulatedClock } from '../fakes/simulated-clock.ts';
import { insertTaskItems } from '../fakes/task-items.ts';
import { request } from './claim-store.fixture.ts';
import { overDynamo } from './dynamodb.fixture.ts';

const context = { now: generatedNow, me: 'Mona', staleAfterMs: defaultStaleAfterMs };
const blocks = (from: number, to: number): Dependency => ({
  kind: 'blocks',
  from: sampleKey(from),
  to: sampleKey(to),
  source: 'person',
});
const closing = { forgeState: 'closed', updatedAt: 9_000 } as const;
const closed = (number: number) => sampleIssue(number, closing);

overDynamo(dynamoDbLocal, (server) => {
  async function room() {
    const clock = simulatedClock();
    const table = await dynamoTestTable(server(), clock);
    const opened = table.open();
    const storeOver = (over: DynamoTable) => createDynamoTaskStore(over, waiting(clock));
    return {
      ...{ clock, table, opened, storeOver },
      tasks: storeOver(opened),
      claims: createDynamoClaimStore(opened, waiting(clock)),
      [Symbol.asyncDispose]: () => table[Symbol.asyncDispose](),
    };
  }
  const search = (tasks: TaskStore, query: Query, more: { offset?: number; limit?: number } = {}) =>
    tasks.search(query, context, { offset: 0, limit: 1_000, ...more });
  const readyNow = async (tasks: TaskStore) => {
    const { tasks: found } = await search(tasks, readyOnes(everything));
    return found.map(({ issue }) => issue.number);
  };
  /** What each task says of itself when it is read. */
  const readyByReading = async (tasks: TaskStore, numbers: readonly number[]) => {
    const views = await Promise.all(numbers.map((number) => tasks.read(sampleKey(number))));
    return views.flatMap((view) => (view?.ready === true ? [view.issue.number] : []));
  };

  describe('a search among tasks in DynamoDB', () => {
    it('finds what a query asks for, in its order and page by page, as if all had been read', {
      timeout: 60_000,
    }, async () => {
      await using r = await room();
      const generated = generatedTasks(60, 11);
      await insertTaskItems(r.opened, generated);
      const views = await readTaskViews(
        r.opened,
        generated.map(({ key }) => key),
      );
      const all = [...views.values()];
      expect(all.filter(({ ready }) => ready).length).toBeGreaterThan(1);
      const draw = drawFrom(17);
      let found = 0;
      for (let at = 0; at < 30; at += 1) {
        const drawn = generatedQuery(draw, 'tasks');
        const query = draw.chance(0.4) ? readyOnes(drawn) : drawn;
        const expected = all.filter(taskPredicate(query, context)).sort(compareTasks(orderOf(query)));
        found += expected.length;
        const offset = draw.below(4);
        const limit = 1 + draw.below(6);
        const page = await search(r.tasks, query, { offset, limit });
        expect({ query: printQuery(query), tasks: page.tasks, total: page.total }).toEqual({
          query: printQuery(query),
          tasks: expected.slice(offset, offset + limit),
          total: expected.length,
        });
        const few = await r.tasks.search(query, context, { offset, limit, counting: 'page' });
        expect(few.tasks).toEqual(page.tasks);
      }
      expect(found).toBeGreaterThan(100);
    });
  });

  describe('what waits for a task in DynamoDB', () => {
    it('is ready when that is closed, however many there are', async () => {
      await using r = await room();
      const waiters = Array.from({ length: 105 }, (_, at) => at + 2);
      await r.tasks.mirror(sampleIssue(1), 'github');
      const views = await readTaskViews(r.opened, [sampleKey(1)]);
      const [first] = views.values();
      if (first === undefined) throw new Error('the task is missing');
      const hub = { ...first, blocks: waiters.map(sampleKey) };
      const waiting = waiters.map((number) => {
        const [key, issue] = [sampleKey(number), sampleIssue(number)];
        return { ...first, key, issue, blockedBy: [hub.key], openBlockers: 1, ready: false };
      });
      await insertTaskItems(r.opened, [hub, ...waiting]);
      expect(await readyNow(r.tasks)).toEqual([1]);
      await r.tasks.mirror(closed(1), 'github');
      expect(await readyNow(r.tasks)).toEqual(waiters);
      await r.tasks.mirror(sampleIssue(1, { updatedAt: 9_001 }), 'github');
      expect(await readyNow(r.tasks)).toEqual([1]);
      expect(await r.tasks.read(sampleKey(1))).toMatchObject({ blocks: { length: 105 } });
    });

    it('is taken over from a source in several transactions when one does not hold it all', async () => {
      await using r = await room();
      await r.tasks.mirror(sampleIssue(1), 'github');
      const told = Array.from({ length: 85 }, (_, at) => blocks(at + 2, 1));
      await r.tasks.mirrorDependencies(sampleKey(1), 'text', told, 'github');
      expect(await r.tasks.read(sampleKey(1))).toMatchObject({ blockedBy: { length: 85 }, openBlockers: 85 });
      await r.tasks.mirrorDependencies(sampleKey(1), 'text', told.slice(0, 3), 'github');
      expect(await r.tasks.dependencies(sampleKey(1))).toHaveLength(3);
    });

    it('is found though the writer died at any moment, by the next search for ready tasks', async () => {
      await using r = await room();
      type Change = (tasks: TaskStore, repository: string) => Promise<unknown>;
      const issueIn = (repository: string, number: number, more: Partial<MirroredIssue> = {}) =>
        sampleIssue(number, { repository, ...more });
      const edgeIn = (repository: string, from: number, to: number): Dependency => {
        const keyOf = (number: number) => taskKeyOf(issueIn(repository, number));
        return { kind: 'blocks', from: keyOf(from), to: keyOf(to), source: 'person' };
      };
      const changes: readonly Change[] = [
        (tasks, repository) => tasks.mirror(issueIn(repository, 1, closing), 'github'),
        (tasks, repository) => tasks.removeDependency(edgeIn(repository, 1, 2), 'mona'),
        (tasks, repository) => tasks.addDependency(edgeIn(repository, 3, 2), 'mona'),
        (tasks, repository) => tasks.mirror(issueIn(repository, 4), 'github'),
      ];
      const outcomes: string[] = [];
      for (const [which, change] of changes.entries()) {
        for (let at = 1, killed = true; killed; at += 1) {
          const repository = `octo/r${which}-${at}`;
          for (const number of [1, 2, 3]) await r.tasks.mirror(issueIn(repository, number), 'github');
          for (const to of [2, 4]) await r.tasks.addDependency(edgeIn(repository, 1, to), 'mona');
          const dying = r.storeOver(killPoints(at).watch(r.opened, ['put', 'transact']));
          killed = await change(dying, repository).then(
            () => false,
            (error: unknown) => {
              if (error instanceof Killed) return true;
              throw error;
            },
          );
          const term = { kind: 'term', field: 'repo', values: [{ kind: 'literal', text: repository }] } as const;
          const { tasks } = await search(r.tasks, readyOnes(term));
          const keys = [1, 2, 3, 4].map((number) => taskKeyOf(issueIn(repository, number)));
          const views = [...(await readTaskViews(r.opened, keys)).values()];
          expect([repository, tasks]).toEqual([repository, views.filter(({ ready }) => ready)]);
          outcomes.push(`${which}: ${tasks.map(({ issue }) => issue.number)}`);
        }
      }
      expect(new Set(outcomes)).toEqual(new Set(['0: 1,3', '0: 2,3', '1: 1,3', '1: 1,2,3', '2: 1,3', '3: 1,3']));
    });

    it('is in the index exactly when it can be started, after any work of several at once', async () => {
      const number = fc.integer({ min: 1, max: 6 });
      const act = fc.constantFrom('open', 'close', 'add', 'add', 'remove', 'claim', 'release', 'block', 'unblock');
      const step = fc.record({ act, number, other: number });
      const property = fc.asyncProperty(fc.array(step, { minLength: 12, maxLength: 36 }), async (steps) => {
        await using r = await room();
        const stores = [r.tasks, r.storeOver(r.table.open()), r.storeOver(r.table.open())];
        const perform = async (tasks: TaskStore, { act, number, other }: (typeof steps)[number], at: number) => {
          const key = sampleKey(number);
          if (act === 'open') await tasks.mirror(sampleIssue(number, { updatedAt: 10_000 + at }), 'x');
          if (act === 'close') await tasks.mirror({ ...closed(number), updatedAt: 10_000 + at }, 'x');
          if (act === 'add') await tasks.addDependency(blocks(number, other), 'x');
          if (act === 'remove') await tasks.removeDependency(blocks(number, other), 'x');
          if (act === 'block') await tasks.change({ key, actor: 'x', to: 'blocked' });
          if (act === 'unblock') await tasks.change({ key, actor: 'x', to: 'ready' });
          if (act === 'claim') await r.claims.acquire(request(`a${at}`, { key }));
          const claim = act === 'release' ? await r.claims.read(key) : undefined;
          if (claim !== undefined) await r.claims.release(claim);
        };
        const thirds = stores.map((tasks, third) => async () => {
          for (const [at, one] of steps.entries()) if (at % stores.length === third) await perform(tasks, one, at);
        });
        await Promise.all(thirds.map((work) => work()));
        const numbers = [1, 2, 3, 4, 5, 6];
        const ready = await readyByReading(r.tasks, numbers);
        expect(await readyNow(r.tasks)).toEqual(ready);

        const { Items = [] } = await r.table.client.send(new ScanCommand({ TableName: r.table.name }));
        const indexed = Items.filter((item) => names.readyByPriority.partitionKey in item).map(
          (item) => item['key']?.S,
        );
        const views = await Promise.all(numbers.map((one) => r.tasks.read(sampleKey(one))));
        const startable = views.flatMap((view) => (view && isStartable(view, view.openBlockers) ? [view.key] : []));
        expect(indexed.sort()).toEqual(startable);
      });
      await fc.assert(property, { numRuns: 5 });
    });

    it('never waits in a circle, though edges that close one are added at the same moment', async () => {
      await using r = await room();
      for (const edge of [blocks(2, 3), blocks(4, 1)]) await r.tasks.addDependency(edge, 'mona');
      const opened = r.table.open();
      let arrived = 0;
      const both = Promise.withResolvers<void>();
      // Neither writes before both have looked.
      const transact: DynamoTable['transact'] = async (writes) => {
        arrived += 1;
        if (arrived === 2) both.resolve();
        await both.promise;
        return opened.transact(writes);
      };
      const tasks = r.storeOver({ ...opened, transact });
      const results = await Promise.all([blocks(1, 2), blocks(3, 4)].map((edge) => tasks.addDependency(edge, 'mona')));
      expect(results.map(({ kind }) => kind).sort()).toEqual(['added', 'cycle']);
      const [cycle] = results.filter((result) => result.kind === 'cycle');
      expect(new Set(cycle?.path).size).toBe(4);
    });
  });

  describe('what tasks, runs and messages in DynamoDB cost', () => {
    it('is as many requests as the documentation says', async () => {
      const [get, getMany, put, transact] = ['GetItem', 'BatchGetItem', 'PutItem', 'TransactWriteItems'];
      expect(await countDynamoTaskRequests(server())).toEqual({
        mirror: [getMany, put],
        mirrorOld: [getMany],
        mirrorChange: [getMany, put],
        change: [getMany, put],
        changeUnderLease: [getMany, transact],
        read: [getMany, getMany],
        depend: [getMany, getMany, getMany, get, transact, get, getMany, getMany, put],
        dependOld: [getMany, getMany, getMany],
        close: [getMany, put, get, getMany, put],
        closeBlocker: [getMany, put, get, getMany, getMany, getMany, getMany, put, put],
        open: [get, put],
        heartbeat: [get, put],
        end: [get, get, transact],
        living: ['Query'],
        send: [getMany, transact],
        receive: ['Query', getMany, put, getMany],
        acknowledge: [get, get, put],
        receiveNothing: ['Query'],
      });
    });

    it('is the same for the next task among many as among few', async () => {
      const few = await countNextRequests(server(), 0);
      expect(few.ready).toEqual(['Query', 'Query', 'Query', 'BatchGetItem']);
      expect(few.next).toHaveLength(17);
      const many = await countNextRequests(server(), 300);
      expect([many.ready, many.next]).toEqual([few.ready, few.next]);
    });
  });

  describe('a task in DynamoDB', () => {
    it('is kept with the longest text that GitHub takes, whatever it takes to write it down', async () => {
      await using r = await room();
      for (const [at, letter] of ['\u0001', '"', '\u{1f600}'].entries()) {
        const issue = sampleIssue(at + 1, { body: letter.repeat(65_536) });
        await r.tasks.mirror(issue, 'github');
        expect((await r.tasks.read(sampleKey(at + 1)))?.issue).toEqual(issue);
      }
    });
  });
});
