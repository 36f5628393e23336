import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../../src/adapters/sqlite/database.ts';
import { createSqliteTaskQueue } from '../../../src/adapters/sqlite/task-queue.ts';
import { createSystemClock } from '../../../src/adapters/system/system-clock.ts';
import { type CommandResult, runCommand } from '../../fakes/command-line.ts';
import { sampleRun } from '../../fakes/coordination-samples.ts';
import { type ServedCoordinator, servedCoordinator } from '../../fakes/served-coordinator.ts';
import { type TempFolder, tempFolder } from '../../fakes/temp-folder.ts';

let folder: TempFolder;
let served: ServedCoordinator;
let database: Database;

beforeAll(async () => {
  folder = tempFolder();
  const stateFile = path.join(folder.root, 'state.db');
  served = await servedCoordinator(createSystemClock(), stateFile);
  database = openDatabase({ path: stateFile, clock: createSystemClock() });
  const client = served.client();
  await client.runs.open(sampleRun('run-1'), 'coder/1');
  for (const [name, text] of [
    ['result.json', '{"ok":true}'],
    ['agent.log', 'said\n'],
  ] as const) {
    const body = Buffer.from(text);
    const sha256 = createHash('sha256').update(body).digest('hex');
    const contentType = name.endsWith('.log') ? 'text/plain' : 'application/json';
    await client.artifacts.upload('run-1', { name, bytes: body.length, sha256, contentType }, body);
  }
});

afterAll(async () => {
  await database.close();
  await served[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

const places = [
  ['a coordinator', () => ({ args: ['--coordinator', served.url], env: { ENTROPY_COORDINATOR_KEY: served.key } })],
  ['its file itself', () => ({ args: ['--state', path.join(folder.root, 'state.db')], env: {} })],
] as const;

describe.each(places)('the command line over %s', (name, place) => {
  const run = (...args: readonly string[]): Promise<CommandResult> => {
    const { args: where, env } = place();
    return runCommand([...args, ...where], { cwd: folder.root, env });
  };

  it('lists and fetches the files of a run', async () => {
    expect((await run('runs', 'artifacts', 'run-1', '--json')).json).toMatchObject({
      run: 'run-1',
      artifacts: [
        { name: 'agent.log', bytes: 5 },
        { name: 'result.json', bytes: 11 },
      ],
    });
    expect((await run('runs', 'artifacts', 'run-1')).stdout).toContain('result.json');
    const out = path.join(folder.root, name.replaceAll(' ', '-'));
    const fetched = await run('runs', 'download', 'run-1', '--out', out, '--json=name,path');
    expect(fetched.json.artifacts).toEqual([
      { name: 'agent.log', path: path.join(out, 'agent.log') },
      { name: 'result.json', path: path.join(out, 'result.json') },
    ]);
    expect(readFileSync(path.join(out, 'result.json'), 'utf8')).toBe('{"ok":true}');
    expect(readdirSync(out).sort()).toEqual(['agent.log', 'result.json']);
    const again = await run('runs', 'download', 'run-1', 'agent.log', '--out', out);
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('E104') });
    expect(await run('runs', 'download', 'run-1', 'agent.log', '--out', out, '--force')).toMatchObject({ code: 0 });
  });

  it('says which run, file or name there is not', async () => {
    for (const args of [
      ['runs', 'artifacts', 'run-9'],
      ['runs', 'download', 'run-9'],
      ['runs', 'download', 'run-1', 'patch.json'],
    ]) {
      expect(await run(...args)).toMatchObject({ code: 2, stderr: expect.stringContaining('E726') });
    }
    expect(await run('runs', 'download', 'run-1', '../x')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('E100'),
    });
    expect(existsSync(path.join(folder.root, 'run-9'))).toBe(false);
  });

  it('tells of the queue, of what was given up, and hands it out anew', async () => {
    const queue = createSqliteTaskQueue(database);
    const id = `of ${name}`;
    await queue.send({ id, task: 'github/octo/slug/issues/1', role: 'dispatcher', body: { secret: 'not told' } });
    expect((await run('queue', 'status', '--json')).json).toMatchObject({ waiting: 1, dead: 0 });
    const [received] = await queue.receive({ limit: 1, visibilityMs: 60_000 });
    await queue.release(received?.receipt ?? '', { kind: 'reject', detail: 'bad' });
    expect((await run('queue', 'status')).stdout).toContain('1 given up');
    const dead = await run('queue', 'dead', '--json');
    expect(dead.json.letters).toMatchObject([{ id, reason: 'rejected', detail: 'bad', deliveries: 1 }]);
    expect(dead.stdout).not.toContain('not told');
    expect((await run('queue', 'dead')).stdout).toContain('bad');
    expect(await run('queue', 'redrive', 'unknown', '--json')).toMatchObject({ code: 2, json: { redriven: 0 } });
    expect((await run('queue', 'redrive', 'unknown')).stdout).toBe('nothing was handed out anew\n');
    const limits = await run('queue', 'dead', '--limit', '101');
    expect(limits).toMatchObject({ code: 2, stderr: expect.stringContaining('from 1 to 100') });
    expect(await run('queue', 'redrive', id)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('1 handed out'),
    });
    expect((await run('queue', 'status', '--json')).json).toMatchObject({
      waiting: 1,
      dead: 0,
      oldestMs: expect.any(Number),
    });
    const [again] = await queue.receive({ limit: 1, visibilityMs: 60_000 });
    await queue.acknowledge(again?.receipt ?? '');
    expect((await run('queue', 'dead')).stderr).toContain('nothing was given up');
  });
});

describe('the queue over HTTP', () => {
  const at = '/v1/queue';
  const ask = (path: string, key: string, method = 'GET') =>
    fetch(`${served.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...(method === 'POST' && { body: '{}' }),
    });

  it('is for operators of all repositories to see, and for admins to redrive', async () => {
    const { keys } = served.client();
    const keyOf = async (name: string, role: 'viewer' | 'operator', repositories?: readonly string[]) => {
      const made = await keys.create({ name, role, ...(repositories && { repositories }) });
      return made.kind === 'created' ? made.secret : '';
    };
    const operator = await keyOf('queue-operator', 'operator');
    const limited = await keyOf('queue-limited', 'operator', ['octo/slug']);
    const viewer = await keyOf('queue-viewer', 'viewer');
    const statuses = async (path: string, method?: string) =>
      Promise.all([operator, limited, viewer, served.key].map(async (key) => (await ask(path, key, method)).status));
    expect(await statuses(at)).toEqual([200, 403, 403, 200]);
    expect(await statuses(`${at}/dead?limit=5`)).toEqual([200, 403, 403, 200]);
    expect(await statuses(`${at}/redrive`, 'POST')).toEqual([403, 403, 403, 200]);
    expect((await ask(`${at}/dead?limit=101`, served.key)).status).toBe(400);
  });
});
