import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { createDynamoActivityLog } from '../../src/adapters/dynamodb/activity-log.ts';
import { createDynamoApiKeyStore } from '../../src/adapters/dynamodb/api-key-store.ts';
import { createDynamoCursorStore } from '../../src/adapters/dynamodb/cursor-store.ts';
import { dynamoCoordination } from '../../src/adapters/dynamodb/dynamo-coordination.ts';
import { createDynamoPersonalRecords } from '../../src/adapters/dynamodb/personal-records.ts';
import { createRestoredTable } from '../../src/adapters/dynamodb/restored-table.ts';
import { createDynamoWaitingList } from '../../src/adapters/dynamodb/waiting-list.ts';
import { createFolderObjectStore } from '../../src/adapters/filesystem/folder-object-store.ts';
import { archiveActivity } from '../../src/flows/archive-activity.ts';
import { erasePerson } from '../../src/flows/erase-person.ts';
import { exportPerson } from '../../src/flows/export-person.ts';
import { sampleIssue, sampleKey, sampleMessage, sampleRun } from '../fakes/coordination-samples.ts';
import { archivedLog, catchUp } from '../fakes/dynamo-archiver.ts';
import { dynamoTestTable, waiting } from '../fakes/dynamo-test-table.ts';
import { dynamoDbLocal } from '../fakes/dynamodb-server.ts';
import { simulatedClock } from '../fakes/simulated-clock.ts';
import { tempFolder } from '../fakes/temp-folder.ts';
import { granted, minute, person, request } from './claim-store.fixture.ts';
import { overDynamo } from './dynamodb.fixture.ts';
import { waitingTask } from './waiting-list.contract.ts';

const never = new AbortController().signal;

overDynamo(dynamoDbLocal, (server) => {
  async function scene() {
    const clock = simulatedClock();
    const table = await dynamoTestTable(server(), clock);
    const folder = tempFolder({ 'audit/.keep': '', 'artifacts/.keep': '' });
    const opened = table.open();
    const activity = createDynamoActivityLog(opened, waiting(clock));
    const records = createDynamoPersonalRecords(opened, waiting(clock));
    const stores = dynamoCoordination(opened, { clock: waiting(clock), activity });
    const room = {
      // The archiver goes on meanwhile, as in the stack.
      records: {
        ...records,
        untilTold: async (signal: AbortSignal) => {
          await catchUp(server(), table, clock);
          return records.untilTold(signal);
        },
      },
      waiting: createDynamoWaitingList(opened),
      audit: createFolderObjectStore({ folder: `${folder.root}/audit`, clock }),
      artifacts: createFolderObjectStore({ folder: `${folder.root}/artifacts`, clock }),
    };
    return {
      ...{ clock, table, opened, activity, stores, room },
      keys: createDynamoApiKeyStore(opened),
      archive: async (): Promise<void> => {
        await catchUp(server(), table, clock);
        const retainUntil = clock.now() + 90 * 24 * 60 * minute;
        const archive = {
          head: room.audit.head,
          put: (
            key: string,
            body: Uint8Array | AsyncIterable<Uint8Array>,
            options: Parameters<typeof room.audit.put>[2],
          ) => room.audit.put(key, body, { ...options, retainUntil }),
        };
        await archiveActivity({ activity, cursors: createDynamoCursorStore(opened), archive }, never);
      },
      stored: async (): Promise<string> => {
        const { Items = [] } = await table.client.send(new ScanCommand({ TableName: table.name }));
        return JSON.stringify(Items);
      },
      [Symbol.asyncDispose]: async () => {
        await table[Symbol.asyncDispose]();
        folder[Symbol.dispose]();
      },
    };
  }

  async function work(s: Awaited<ReturnType<typeof scene>>): Promise<void> {
    const { tasks, claims, budgets, runs, mailbox } = s.stores;
    await tasks.mirror(sampleIssue(1, { author: 'Mona', title: 'My secret', body: 'Mine alone.' }), 'github/mona');
    await tasks.mirror(sampleIssue(2, { author: 'lisa', assignees: ['mona'], body: 'Ask @mona.' }), 'github/lisa');
    await tasks.change({ key: sampleKey(2), actor: 'github/mona', facts: { reason: 'as @mona said' } });
    await s.archive();
    await runs.open(sampleRun('r1'), 'coder/r1');
    await runs.requestStop('r1', { by: 'github/mona', reason: 'enough' });
    await claims.acquire(request('x', { key: 'locks/by-hand', holder: { ...person('mona'), runId: '01JD' } }));
    granted(await claims.acquire(request('other', { key: 'locks/other' })));
    await budgets.setCaps('organisation/octo', { runs: 3 }, 'github/mona');
    const edge = { kind: 'blocks', from: sampleKey(2), to: sampleKey(1), source: 'person' } as const;
    await tasks.addDependency(edge, 'github/mona');
    await mailbox.send(sampleMessage('m1', { body: { text: 'from @mona' } }));
    await s.keys.add({
      key: { id: '1', name: 'ci', role: 'viewer', createdAt: 1, createdBy: 'github/mona' },
      hash: 'a'.repeat(64),
    });
    const asked = {
      ...waitingTask(5).asked,
      payload: { sender: { login: 'mona' }, repository: { full_name: 'octo/slug' } },
    };
    await s.room.waiting.join({ ...waitingTask(5), asked });
    await s.room.waiting.join(waitingTask(6));
    for (const file of ['task.json', 'artifacts/trajectory.jsonl.gz']) {
      await s.room.artifacts.put(`runs/r1/${file}`, Buffer.from('{}'), { contentType: 'application/json' });
    }
    await s.room.artifacts.put('runs/other/task.json', Buffer.from('{}'), { contentType: 'application/json' });
  }

  describe("a person's data", () => {
    it('is handed over: every record in which they are, and none in which they are not', async () => {
      await using s = await scene();
      await work(s);
      const lines: string[] = [];
      for await (const line of exportPerson(s.room, 'MONA', never)) lines.push(line);
      const records = lines.map((line): { kind: string; name: string } => JSON.parse(line));
      const found = new Set(records.map(({ kind, name }) => `${kind} ${name}`));
      expect(found).toContain(`task ${sampleKey(1)}`);
      expect(lines.join('')).toContain('Mine alone.');
      expect([...found].filter((name) => /other|waiting github\/octo\/slug\/issues\/6/.test(name))).toEqual([]);
      expect(new Set(records.map(({ kind }) => kind))).toEqual(
        new Set(['task', 'dependencies', 'event', 'run', 'claim', 'limits', 'message', 'api-key', 'waiting']),
      );
    });

    it('goes from all that is stored and from the log, which still adds up to what is stored', async () => {
      await using s = await scene();
      await work(s);
      const report = await erasePerson(s.room, 'mona', never);
      expect(report).toMatchObject({
        pseudonym: expect.stringMatching(/^erased-[0-9a-f]{16}$/),
        changed: {
          task: 2,
          dependencies: 1,
          run: 1,
          claim: 1,
          limits: 1,
          message: 1,
          'api-key': 1,
          event: expect.any(Number),
        },
        ...{ withdrawn: 1, removedFiles: 2, log: 'told' },
        kept: [
          { key: 'activity/v1/2026/11/02/0000000000000001.jsonl.gz', until: s.clock.now() + 90 * 24 * 60 * minute },
        ],
      });
      const left = await s.stored();
      expect(left.match(/@mona|github\/mona|"mona"|mona\\"|My secret|Mine alone/gi)).toBeNull();
      expect(await createRestoredTable(s.opened, waiting(s.clock)).differences()).toEqual([]);
      expect((await s.stores.tasks.read(sampleKey(1)))?.issue).toMatchObject({
        author: report.pseudonym,
        title: '[erased]',
      });
      expect((await s.keys.find('1'))?.key.createdBy).toBe(`github/${report.pseudonym}`);
      expect(await s.room.waiting.read(waitingTask(5).key)).toBeUndefined();
      expect(await s.room.waiting.read(waitingTask(6).key)).toEqual(waitingTask(6));
      const files: string[] = [];
      for await (const { key } of s.room.artifacts.list('runs/')) files.push(key);
      expect(files).toEqual(['runs/other/task.json']);
    });

    it('is erased under the same name again, finds nothing new, and makes no event of it', async () => {
      await using s = await scene();
      await work(s);
      const first = await erasePerson(s.room, 'mona', never);
      const events = await archivedLog(server(), s.table, s.clock).read({ limit: 1_000 });
      const again = await erasePerson(s.room, 'Mona', never);
      expect(again).toEqual({ ...first, changed: {}, withdrawn: 0, removedFiles: 0 });
      expect(await archivedLog(server(), s.table, s.clock).read({ limit: 1_000 })).toEqual(events);
      await s.stores.tasks.change({ key: sampleKey(1), actor: 'github/lisa', facts: { priority: 0 } });
      await catchUp(server(), s.table, s.clock);
      expect(await createRestoredTable(s.opened, waiting(s.clock)).differences()).toEqual([]);
    });

    it('is asked for by a whole login', async () => {
      await using s = await scene();
      await expect(erasePerson(s.room, 'm.*', never)).rejects.toMatchObject({ code: 'E100' });
    });
  });
});
