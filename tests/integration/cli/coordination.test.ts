import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSystemClock } from '../../../src/adapters/system/system-clock.ts';
import { type EmbeddedForgeFixture, embeddedForge } from '../../contract/embedded-forge.fixture.ts';
import { type CommandResult, runCommand, runCommandText } from '../../fakes/command-line.ts';
import { type ServedCoordinator, servedCoordinator } from '../../fakes/served-coordinator.ts';
import { type TempFolder, tempFolder } from '../../fakes/temp-folder.ts';

let github: EmbeddedForgeFixture;
let served: ServedCoordinator;
let folder: TempFolder;
let githubEnv: Readonly<Record<string, string>>;

beforeAll(async () => {
  folder = tempFolder();
  served = await servedCoordinator(createSystemClock());
  github = await embeddedForge({ 'README.md': '# slug\n' });
  await github.openIssue('alice', { title: 'First', body: 'Do it' });
  await github.openIssue('alice', { title: 'Second \u001b[31mred', body: 'Blocked by #1' });
  await github.openIssue('alice', { title: 'Third', body: 'Alone' });
  githubEnv = {
    GITHUB_TOKEN: github.github.userToken('alice'),
    GITHUB_API_URL: github.github.apiUrl,
    GITHUB_SERVER_URL: new URL(github.github.apiUrl).origin,
  };
});

afterAll(async () => {
  await served[Symbol.asyncDispose]();
  await github[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

const places = [
  ['the local store', () => ({ args: ['--state', join(folder.root, 'state.sqlite')], env: {} })],
  ['a coordinator', () => ({ args: ['--coordinator', served.url], env: { ENTROPY_COORDINATOR_KEY: served.key } })],
] as const;

/** Which facts must hold is the same wherever the state is; the tests of one store go on from each other. */
describe.each(places)('the command line over %s', (_, place) => {
  const run = (...args: readonly string[]): Promise<CommandResult> => {
    const { args: where, env } = place();
    return runCommand([...args, ...where], { cwd: folder.root, env: { ...githubEnv, ...env } });
  };

  it('takes over the issues of a repository and what they wait for', async () => {
    const synced = await run('tasks', 'sync', '-R', 'octo/slug', '--json');
    expect(synced).toMatchObject({
      code: 0,
      json: { repository: 'octo/slug', issues: 3, dependencies: 1, cycles: [] },
    });
    const { json } = await run('tasks', 'list', '--json=key,ready,openBlockers');
    expect(json).toMatchObject({ schema: 1, total: 3 });
    expect(json.tasks).toContainEqual({ key: 'github/octo/slug/issues/2', ready: false, openBlockers: 1 });
    expect(await run('depends', 'show', 'octo/slug#2')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('octo/slug#2 waits for octo/slug#1  by its text'),
    });
  });

  it('finds tasks by a query, points at what it does not understand, and shows no escape sequences', async () => {
    const found = await run('tasks', 'list', '--search', 'is:ready repo:octo/slug', '--json=key');
    expect(found.json.tasks.map(({ key }: { key: string }) => key)).toEqual([
      'github/octo/slug/issues/1',
      'github/octo/slug/issues/3',
    ]);
    const table = await run('tasks', 'list');
    expect(table.stdout).toContain('waits for 1');
    expect(table.stdout).not.toContain('\u001b');
    for (const line of table.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(await run('tasks', 'list', '--search', 'label:bug (')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/E106[\s\S]*column 12/),
    });
    expect(await run('tasks', 'show', 'octo/slug#77')).toMatchObject({ code: 2, stderr: /E726[\s\S]*tasks sync/ });
  });

  it('adds and removes dependencies, and refuses a circle with its path', async () => {
    expect(await run('depends', 'add', 'octo/slug#3', '--blocked-by', 'octo/slug#2')).toMatchObject({ code: 0 });
    expect(await run('depends', 'add', 'octo/slug#1', '--blocked-by', 'octo/slug#3')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/E732.*octo\/slug#1 → .*→ octo\/slug#1/),
    });
    expect(await run('depends', 'ready', '--json=key')).toMatchObject({ json: { total: 1 } });
    expect(await run('depends', 'remove', 'octo/slug#3', '--blocked-by', 'octo/slug#2')).toMatchObject({ code: 0 });
    expect(await run('depends', 'remove', 'octo/slug#3', '--blocked-by', 'octo/slug#2')).toMatchObject({ code: 2 });
    expect(await run('depends', 'add', 'octo/slug#3', '--blocked-by', 'octo/slug#70')).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/octo\/slug#70 is not known here.*counts as open, and octo\/slug#3 waits/),
    });
    expect(await run('depends', 'remove', 'octo/slug#3', '--blocked-by', 'octo/slug#70')).toMatchObject({ code: 0 });
    expect(await run('depends', 'add', 'octo/slug#3')).toMatchObject({ code: 2, stderr: /--blocked-by/ });
  });

  it('takes, checks, extends and gives back a claim of a person, and tells others who has it', async () => {
    const taken = await run('claims', 'take', 'octo/slug#3', '--reason', 'by hand', '--json');
    expect(taken).toMatchObject({
      code: 0,
      json: {
        action: 'taken',
        claim: { standing: 'held', fence: 1, holder: { owner: 'person/tester', kind: 'human' } },
      },
    });
    expect(await run('claims', 'check', 'octo/slug#3')).toMatchObject({ code: 0 });
    expect(await run('claims', 'check', 'octo/slug#3', '--as', 'bob')).toMatchObject({ code: 8 });
    expect(await run('claims', 'check', 'octo/slug#3', '--fence', '2')).toMatchObject({ code: 8 });
    expect(await run('claims', 'take', 'octo/slug#3', '--as', 'bob')).toMatchObject({
      code: 8,
      stderr: expect.stringMatching(
        /E700.*held by person\/tester.*by hand[\s\S]*claims takeover octo\/slug#3 --fence 1/,
      ),
    });
    expect(await run('claims', 'extend', 'octo/slug#3', '--for', '2h')).toMatchObject({ code: 0 });
    expect(await run('claims', 'release', 'octo/slug#3', '--as', 'bob')).toMatchObject({ code: 8 });
    expect(await run('claims', 'takeover', 'octo/slug#3', '--as', 'bob', '--fence', '9')).toMatchObject({ code: 8 });
    const over = await run('claims', 'takeover', 'octo/slug#3', '--as', 'bob', '--fence', '1', '--json');
    expect(over).toMatchObject({
      code: 0,
      json: { claim: { fence: 2 }, from: { holder: { owner: 'person/tester' } } },
    });
    expect(await run('claims', 'list')).toMatchObject({
      stdout: expect.stringMatching(/octo\/slug#3\s+held\s+person\/bob/),
    });
    expect(await run('claims', 'release', 'octo/slug#3', '--as', 'bob')).toMatchObject({ code: 0 });
    expect(await run('claims', 'list', '--json')).toMatchObject({ json: { claims: [] } });
    expect(await run('claims', 'list', '--all', '--json=fence')).toMatchObject({ json: { claims: [{ fence: 2 }] } });
    expect(await run('claims', 'take', '3')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('of which repository'),
    });
    expect(await run('claims', 'take', '3', '--as', 'github/bob')).toMatchObject({ code: 2 });
  });

  let runId = '';
  it('hands out the next task, with claim, budget and run in one call', async () => {
    expect(await run('next')).toMatchObject({ code: 0, stdout: expect.stringContaining('octo/slug#1') });
    const { code, json } = await run('next', '--claim', '--for', '10m', '--max-cost-usd', '1', '--json');
    expect([code, json.outcome, json.task.key, json.lease.fence]).toEqual([
      0,
      'claimed',
      'github/octo/slug/issues/1',
      1,
    ]);
    runId = json.run.id;
    expect(await run('runs', 'list', '--living', '--json=id,state')).toMatchObject({
      json: { runs: [{ id: runId, state: 'queued' }] },
    });
    expect(await run('runs', 'show', runId)).toMatchObject({ code: 0, stdout: expect.stringContaining('octo/slug#1') });
    expect(await run('agents', 'list', '--json')).toMatchObject({ json: { agents: [{ run: { id: runId } }] } });
    const books = await run('budgets', 'show', 'issue/octo/slug/1', '--json');
    expect(books.json.budgets).toMatchObject([
      { reserved: { microUsd: 1_000_000 }, runs: 1, caps: { microUsd: 10_000_000 } },
    ]);
  });

  it('stops a run, and gives its claim back with how the work ended', async () => {
    const held = await run('claims', 'list', '--json=key,leaseId');
    const lease = ['--lease', held.json.claims[0].leaseId];
    expect(await run('claims', 'extend', 'octo/slug#1', ...lease)).toMatchObject({ code: 0, stderr: '' });
    expect(await run('runs', 'show', runId, '--json=state')).toMatchObject({ json: { state: 'running' } });
    expect(await run('tasks', 'show', 'octo/slug#1', '--json=state')).toMatchObject({ json: { state: 'in_progress' } });
    expect(await run('runs', 'stop', runId, '--reason', 'enough')).toMatchObject({ code: 0 });
    expect(await run('runs', 'show', runId, '--json=stopRequested')).toMatchObject({
      json: { stopRequested: { by: 'person/tester', reason: 'enough' } },
    });
    expect(await run('runs', 'stop', 'nobody')).toMatchObject({ code: 2, stderr: expect.stringContaining('E726') });
    expect(await run('claims', 'extend', 'octo/slug#1')).toMatchObject({ code: 8, stderr: /add --lease ID/ });
    expect(await run('claims', 'extend', 'octo/slug#1', ...lease)).toMatchObject({
      code: 0,
      stderr: /asked to stop by person\/tester: enough/,
    });
    expect(await run('claims', 'hold', 'octo/slug#1', ...lease, 'true')).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/E105.*asked to stop by person\/tester: enough[\s\S]*claims release octo\/slug#1/),
    });
    expect(await run('claims', 'extend', 'octo/slug#1', ...lease, '--json')).toMatchObject({
      json: { action: 'extended', stopRequested: { reason: 'enough' } },
    });
    expect(await run('claims', 'release', 'octo/slug#1', ...lease, '--outcome', 'done')).toMatchObject({ code: 2 });
    const ended = ['--outcome', 'needs-info', '--reason', 'which slug?', '--cost-usd', '0.25'];
    expect(await run('claims', 'release', 'octo/slug#1', ...lease, ...ended)).toMatchObject({ code: 0 });
    expect(await run('tasks', 'show', 'octo/slug#1', '--json')).toMatchObject({
      json: { state: 'needs_info', reason: 'which slug?', costMicroUsd: 250_000 },
    });
    expect(await run('budgets', 'show', '-R', 'octo/slug')).toMatchObject({
      stdout: expect.stringMatching(/issue\/octo\/slug\/1\s+10\.00 USD\s+0\.25\s+0\.00/),
    });
    expect(await run('tasks', 'redrive', 'octo/slug#1')).toMatchObject({ code: 0, stdout: /was needs info/ });
    expect(await run('tasks', 'redrive', 'octo/slug#1')).toMatchObject({ code: 2, stderr: /E731/ });
  });

  it('sets limits, and ends with 6 when one is reached, 8 when nothing is ready', async () => {
    const set = await run('budgets', 'set', 'repository/octo/slug', '--runs', '0', '--json');
    expect(set).toMatchObject({ code: 0, json: { caps: { runs: 0 }, before: { runs: 5 } } });
    expect(await run('next', '--claim')).toMatchObject({ code: 6, stderr: /repository\/octo\/slug allows 0 runs/ });
    expect(await run('next', '--claim', '--search', 'label:nothing', '--json')).toMatchObject({
      code: 8,
      json: { outcome: 'none' },
    });
    expect(await run('budgets', 'set', 'repository/octo', '--usd', '3')).toMatchObject({ code: 2 });
    expect(await run('budgets', 'set', 'repository/octo/slug', '--usd', 'much')).toMatchObject({ code: 2 });
    expect(await run('budgets', 'set', 'repository/octo/slug')).toMatchObject({ code: 2, stderr: /at least one/ });
  });

  it('keeps the limits that are not named, and lifts one by none', async () => {
    const set = (...limits: readonly string[]) => run('budgets', 'set', 'issue/octo/slug/9', ...limits);
    const builtIn = { microUsd: 10_000_000, tokens: 20_000_000 };
    const first = await set('--usd', '5', '--json');
    expect(first.json).toMatchObject({ caps: { ...builtIn, microUsd: 5_000_000 }, before: builtIn });
    expect(await set('--turns', '50', '--tokens', 'none')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('from now on 5.00 USD, 50 turns (was 5.00 USD, 20,000,000 tokens)'),
    });
    expect((await set('--usd', 'none', '--turns', 'none', '--json')).json.caps).toEqual({});
    expect(await set('--runs', '2')).toMatchObject({ stdout: expect.stringContaining('(was no limit)') });
  });

  it('tells what happened, by task and by agent, as lines and as an object', async () => {
    const { json } = await run('activity', '--task', 'octo/slug#1', '--json=seq,change');
    const types = json.events.map(({ change }: { change: { type: string } }) => change.type);
    for (const type of ['claim.acquired', 'budget.reserved', 'run.opened', 'task.moved', 'run.stop-requested']) {
      expect(types).toContain(type);
    }
    const lines = (await run('activity', '--agent', 'person/')).stdout;
    expect(lines).toContain('taken over');
    for (const line of lines.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(await run('activity', '--since', 'yesterday')).toMatchObject({ code: 2 });
  });

  it('follows what happens until it is stopped, one object a line', async () => {
    const { args: where, env } = place();
    const stop = new AbortController();
    const args = ['activity', '--follow', '--after', '0', '--task', 'octo/slug#3', '--json=change', ...where];
    setTimeout(() => stop.abort(), 700);
    const { stdout } = await runCommandText(args, {
      cwd: folder.root,
      env: { ...githubEnv, ...env },
      signal: stop.signal,
    });
    const objects = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(objects[0]).toMatchObject({ schema: 1, change: { type: 'task.mirrored' } });
  });

  it('sweeps what agents left, and tells so', async () => {
    await run('claims', 'take', 'locks/deploy', '--agent', '--for', '1s', '--as', 'robot');
    expect(await run('claims', 'sweep', '--dry-run', '--json')).toMatchObject({
      code: 0,
      json: { looked: 1, dryRun: true },
    });
    expect(await run('claims', 'sweep')).toMatchObject({ code: 0, stderr: /1 claim of agents looked at/ });
  });
});

describe('keys of a coordinator', () => {
  const run = (key: string, ...args: readonly string[]): Promise<CommandResult> =>
    runCommand([...args, '--coordinator', served.url], { cwd: folder.root, env: { ENTROPY_COORDINATOR_KEY: key } });

  it('are made, told once, narrowed, rotated and revoked', async () => {
    const made = await run(served.key, 'keys', 'create', 'laptop', '--role', 'viewer', '--repositories', 'octo/slug');
    expect(made).toMatchObject({ code: 0, stderr: expect.stringContaining('viewer key laptop') });
    const secret = made.stdout.trim();
    expect(await run(secret, 'claims', 'list', '-R', 'octo/slug')).toMatchObject({ code: 0 });
    expect(await run(secret, 'claims', 'take', 'octo/slug#3')).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('E722'),
    });
    expect(await run(secret, 'keys', 'list')).toMatchObject({ code: 4 });
    expect(await run(served.key, 'keys', 'create', 'laptop')).toMatchObject({ code: 2, stderr: /keys rotate laptop/ });

    const rotated = await run(served.key, 'keys', 'rotate', 'laptop', '--overlap', '0s', '--json');
    expect(await run(secret, 'claims', 'list', '-R', 'octo/slug')).toMatchObject({ code: 4 });
    expect(await run(rotated.json.secret, 'claims', 'list', '-R', 'octo/slug')).toMatchObject({ code: 0 });
    expect(await run(served.key, 'keys', 'revoke', 'laptop')).toMatchObject({ code: 0 });
    expect(await run(rotated.json.secret, 'claims', 'list')).toMatchObject({ code: 4 });
    const { stdout } = await run(served.key, 'keys', 'list', '--all');
    expect(stdout).toMatch(/laptop.*revoked/);
    expect(stdout).not.toContain(secret);
    expect(await run(served.key, 'keys', 'revoke', 'laptop')).toMatchObject({ code: 2 });
  });

  it('of an operator take nothing for an agent that a budget forbids: exit code 6, with the figures', async () => {
    const made = await run(served.key, 'keys', 'create', 'robot', '--role', 'operator');
    const key = made.stdout.trim();
    await run(served.key, 'budgets', 'set', 'repository/octo/empty', '--runs', '0');
    expect(await run(key, 'claims', 'take', 'octo/empty#1', '--agent', '--as', 'robot')).toMatchObject({
      code: 6,
      stderr: expect.stringContaining('repository/octo/empty allows 0 runs at a time'),
    });
    expect(await run(key, 'claims', 'take', 'octo/empty#1')).toMatchObject({ code: 0 });
  });

  it('that are missing or wrong end with 4, with what to do', async () => {
    const none = await runCommand(['claims', 'list', '--coordinator', served.url], { cwd: folder.root });
    expect(none).toMatchObject({ code: 4, stderr: expect.stringMatching(/E721[\s\S]*ENTROPY_COORDINATOR_KEY/) });
    expect(await run('nonsense', 'claims', 'list', '--json')).toMatchObject({
      code: 4,
      json: { error: { code: 'E721' } },
    });
    const plain = await runCommand(['claims', 'list', '--coordinator', 'http://example.com'], { cwd: folder.root });
    expect(plain).toMatchObject({ code: 2, stderr: expect.stringContaining('https') });
  });
});

describe('the command line over plain GitHub', () => {
  const run = (...args: readonly string[]): Promise<CommandResult> =>
    runCommand([...args, '--github', 'octo/slug'], { cwd: folder.root, env: githubEnv });

  it('reads issues and dependencies live, and keeps claims in refs', async () => {
    expect(await run('tasks', 'list', '--json=key,ready')).toMatchObject({ code: 0, json: { total: 3 } });
    expect(await run('depends', 'show', '2')).toMatchObject({ code: 0, stdout: /waits for octo\/slug#1/ });
    expect(await run('claims', 'take', '1')).toMatchObject({ code: 0, stdout: /octo\/slug#1 is yours/ });
    expect(await run('claims', 'list', '--json=key,fence')).toMatchObject({
      json: { claims: [{ key: 'github/octo/slug/issues/1', fence: 1 }] },
    });
    expect(await run('claims', 'take', '1', '--as', 'bob')).toMatchObject({ code: 8 });
    const { code, json } = await run('next', '--claim', '--json');
    expect([code, json.task?.key]).toEqual([0, 'github/octo/slug/issues/3']);
    expect(await run('runs', 'list', '--json=id,task')).toMatchObject({ json: { runs: [{ id: json.run.id }] } });
    expect(await run('claims', 'hold', '3', '--lease', json.lease.leaseId, 'false')).toMatchObject({ code: 1 });
    expect(await run('claims', 'release', '3', '--lease', json.lease.leaseId)).toMatchObject({ code: 0 });
    expect(await run('claims', 'release', '1')).toMatchObject({ code: 0 });
  });

  it('says which store can do what plain GitHub cannot', async () => {
    for (const args of [
      ['activity'],
      ['agents', 'list'],
      ['keys', 'list'],
      ['tasks', 'redrive', '1'],
      ['depends', 'add', '1', '--blocks', '2'],
    ]) {
      expect(await run(...args), args.join(' ')).toMatchObject({ code: 2, stderr: expect.stringMatching(/E725/) });
    }
    const noToken = await runCommand(['claims', 'list', '--github', 'octo/slug'], { cwd: folder.root });
    expect(noToken).toMatchObject({ code: 4, stderr: expect.stringContaining('E201') });
  });
});

describe('webhooks of a repository', () => {
  const run = (...args: readonly string[]): Promise<CommandResult> =>
    runCommand([...args, '-R', 'octo/slug'], {
      cwd: folder.root,
      env: { ...githubEnv, ENTROPY_WEBHOOK_SECRET: 'a-secret-of-enough-characters' },
    });

  it('are registered once for a coordinator, listed, and their deliveries sent again', async () => {
    const args = ['webhooks', 'register', '--coordinator', 'https://agents.example.com', '--json'];
    const first = await run(...args);
    expect(first).toMatchObject({
      code: 0,
      json: { action: 'created', webhook: { url: 'https://agents.example.com/v1/webhooks/github', active: true } },
    });
    expect((await run(...args)).json).toMatchObject({ action: 'updated', webhook: { id: first.json.webhook.id } });
    const listed = await run('webhooks', 'list', '--json=id,url');
    expect(listed.json.webhooks).toHaveLength(1);
    expect(first.stdout + listed.stdout).not.toContain('a-secret');
    const id = String(first.json.webhook.id);
    expect(await run('webhooks', 'list', '--deliveries', id)).toMatchObject({ code: 0 });
    expect(await run('webhooks', 'redeliver', id, '999999')).toMatchObject({ code: 2, stderr: /E726/ });
    expect(await run('webhooks', 'redeliver', id)).toMatchObject({ code: 2, stderr: /--failed/ });
    expect(await run('webhooks', 'redeliver', id, '--failed')).toMatchObject({ code: 0 });
  });

  it('need a secret that both sides know', async () => {
    const env = { ...githubEnv };
    const args = ['webhooks', 'register', '--coordinator', 'https://agents.example.com', '-R', 'octo/slug'];
    expect(await runCommand(args, { cwd: folder.root, env })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('ENTROPY_WEBHOOK_SECRET'),
    });
  });
});

describe('config agent', () => {
  it('is kept in a file, given way to variables, and shown with where each fact came from', async () => {
    const env = { XDG_CONFIG_HOME: join(folder.root, 'config') };
    const run = (args: readonly string[], more = {}) =>
      runCommand(args, { cwd: folder.root, env: { ...env, ...more } });
    expect(await run(['config', 'agent', 'set', 'id=coder/laptop', 'capabilities=sql,typescript'])).toMatchObject({
      code: 0,
    });
    const shown = await run(['config', 'agent', 'show', '--json'], { ENTROPY_AGENT_MODEL: 'm-1' });
    expect(shown.json).toMatchObject({
      id: { value: 'coder/laptop', from: expect.stringContaining('agent.json') },
      capabilities: { value: ['sql', 'typescript'] },
      model: { value: 'm-1', from: 'ENTROPY_AGENT_MODEL' },
      role: { value: 'coder', from: 'default' },
    });
    expect(await run(['config', 'agent', 'set', 'id='])).toMatchObject({ code: 0 });
    expect((await run(['config', 'agent', 'show', '--json=id'])).json).toMatchObject({ id: { from: 'default' } });
    expect(await run(['config', 'agent', 'set', 'modle=x'])).toMatchObject({ code: 2, stderr: /did you mean model=/ });
    expect(await run(['config', 'agent', 'set', 'id=a b'])).toMatchObject({ code: 2 });
    expect(await run(['config', 'agent'])).toMatchObject({ code: 2, stderr: /config agent is not complete/ });
  });
});
