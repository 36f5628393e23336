import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { createFolderObjectStore } from '../../../src/adapters/filesystem/folder-object-store.ts';
import { createApiKeyStore } from '../../../src/adapters/sqlite/api-keys.ts';
import { sqliteCoordination } from '../../../src/adapters/sqlite/coordination.ts';
import { openDatabase } from '../../../src/adapters/sqlite/database.ts';
import { granted, person, request } from '../../contract/claim-store.fixture.ts';
import { runCommand, runCommandText } from '../../fakes/command-line.ts';
import { sampleIssue, sampleKey, sampleMessage, sampleRun } from '../../fakes/coordination-samples.ts';
import { replayedClaims, storedClaims } from '../../fakes/replayed-sqlite.ts';
import { simulatedClock } from '../../fakes/simulated-clock.ts';
import { tempFolder } from '../../fakes/temp-folder.ts';

/** Mona wrote issue 1, is named in others' texts, holds a claim, stopped a run and made a key; Lisa did other things. */
async function workedIn(file: string): Promise<void> {
  const clock = simulatedClock();
  const database = openDatabase({ path: file, clock });
  const keys = createApiKeyStore(database);
  await using stores = sqliteCoordination(database);
  const { tasks, claims, runs, mailbox } = stores;
  await tasks.mirror(sampleIssue(1, { author: 'Mona', title: 'My secret', body: 'Mine alone.' }), 'github/mona');
  await tasks.mirror(sampleIssue(2, { author: 'lisa', assignees: ['mona'], body: 'Ask @mona.' }), 'github/lisa');
  await tasks.mirror(sampleIssue(3, { author: 'lisa', assignees: ['mona'] }), 'github/lisa');
  await tasks.change({ key: sampleKey(2), actor: 'github/mona', facts: { reason: 'as @mona said' } });
  await runs.open(sampleRun('r1'), 'coder/r1');
  await runs.requestStop('r1', { by: 'github/mona', reason: 'enough' });
  await claims.acquire(request('x', { key: 'locks/by-hand', holder: { ...person('mona'), runId: '01JD' } }));
  granted(await claims.acquire(request('other', { key: 'locks/other' })));
  await mailbox.send(sampleMessage('m1', { body: { text: 'from @mona' } }));
  const key = { id: '1', name: 'ci', role: 'viewer', createdAt: 1, createdBy: 'github/mona' } as const;
  await keys.add({ key, hash: 'a'.repeat(64) });
  const objects = createFolderObjectStore({ folder: `${file}.objects`, clock });
  await objects.put('runs/r1/task.json', Buffer.from('{}'), { contentType: 'application/json' });
  await objects.put('runs/other/task.json', Buffer.from('{}'), { contentType: 'application/json' });
}

test('what concerns a person is handed over, a record a line', async () => {
  using folder = tempFolder();
  const file = path.join(folder.root, 'state.db');
  await workedIn(file);
  const { code, stdout, stderr } = await runCommandText(['data', 'export', '--person', 'MONA', '--state', file]);
  expect(code).toBe(0);
  const records = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(new Set(records.map(({ kind }) => kind))).toEqual(
    new Set(['task', 'event', 'claim', 'run', 'message', 'api-key']),
  );
  expect(stdout).toContain('Mine alone.');
  expect(records.filter(({ name }) => name === 'locks/other')).toEqual([]);
  expect(stderr).toContain(`${records.length} records`);
});

test('a person who is nowhere is told as such, and nothing is said of a recovery that a file has not', async () => {
  using folder = tempFolder();
  const file = path.join(folder.root, 'state.db');
  await workedIn(file);
  const { code, stdout } = await runCommandText(['data', 'erase', '--person', 'nobody', '--state', file, '--yes']);
  expect(code).toBe(0);
  expect(stdout).toContain('nothing named them');
  expect(stdout).not.toContain('point-in-time');
});

test('an erased person is in no byte of the state, and the log still adds up to what is stored', async () => {
  using folder = tempFolder();
  const file = path.join(folder.root, 'state.db');
  await workedIn(file);
  const { code, json } = await runCommand(['data', 'erase', '--person', 'mona', '--state', file, '--yes', '--json']);
  expect(code).toBe(0);
  expect(json).toMatchObject({
    pseudonym: expect.stringMatching(/^erased-[0-9a-f]{16}$/),
    changed: { task: 3, claim: 1, run: 1, message: 1, 'api-key': 1, event: expect.any(Number) },
    removedFiles: 1,
    kept: [],
    log: 'told',
  });
  const again = await runCommand(['data', 'erase', '--person', 'Mona', '--state', file, '--yes', '--json']);
  expect(again.json).toMatchObject({ pseudonym: json.pseudonym, changed: {} });

  const db = new DatabaseSync(file, { readOnly: true });
  const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").all();
  const all = tables.map(({ name }) => JSON.stringify(db.prepare(`SELECT * FROM ${String(name)}`).all())).join('\n');
  expect(all.match(/@mona|github\/mona|"mona"|My secret|Mine alone/gi)).toBeNull();
  expect(replayedClaims(db)).toEqual(storedClaims(db));
  db.close();
  const task = await runCommand(['tasks', 'show', sampleKey(1), '--state', file, '--json']);
  expect(JSON.stringify(task.json)).toContain(json.pseudonym);
});

test('nothing is erased without a word, and nothing is made by asking', async () => {
  using folder = tempFolder();
  const file = path.join(folder.root, 'state.db');
  const absent = await runCommandText(['data', 'export', '--person', 'mona', '--state', file]);
  expect(absent.stderr).toContain('E102');
  await workedIn(file);
  const unsaid = await runCommandText(['data', 'erase', '--person', 'mona', '--state', file]);
  expect(unsaid).toMatchObject({ code: 2, stdout: '' });
  expect(unsaid.stderr).toContain('--yes');
  const odd = await runCommandText(['data', 'export', '--person', '../mona', '--state', file]);
  expect(odd.stderr).toContain('is no login of GitHub');
});
