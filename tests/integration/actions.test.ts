import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import type { Task } from '../../src/domain/task.ts';
import { closeAction } from '../../src/runtime/close-action.ts';
import { savedStates } from '../../src/runtime/close-state.ts';
import { gateAction } from '../../src/runtime/gate-action.ts';
import { publishAction } from '../../src/runtime/publish-action.ts';
import { type EmbeddedForgeFixture, embeddedForge } from '../contract/embedded-forge.fixture.ts';
import { type MemoryActionIo, memoryActionIo } from '../fakes/action-io.ts';
import { readyResult } from '../fakes/publish-scene.ts';
import { tempFolder } from '../fakes/temp-folder.ts';

const repository = { owner: 'octo', name: 'slug' };
const soon = () => AbortSignal.timeout(20_000);
const permissions = { contents: 'write', issues: 'write', 'pull-requests': 'write', actions: 'write' };
const outputsOf = (name: string): string[] =>
  Object.keys(parse(readFileSync(`actions/${name}/action.yml`, 'utf8')).outputs).sort();

afterEach(() => vi.unstubAllEnvs());

/** An issue with `/agent fix` on it, and the environment that a runner would give the step. */
async function stage(at: EmbeddedForgeFixture, body = '/agent fix', login = 'alice') {
  vi.spyOn(console, 'log').mockImplementation(() => undefined);
  const issue = await at.openIssue('carol', { title: 'slugify drops the last word', body: 'It does.' });
  const woken = Promise.withResolvers<unknown>();
  const stop = at.github.onEvent(({ name, payload }) => name === 'issue_comment' && woken.resolve(payload));
  await at.commentAs(login, issue, body);
  const payload = JSON.stringify(await woken.promise);
  stop();
  const folder = tempFolder({ 'event.json': payload, 'workspace/.keep': '', 'temp/.keep': '' });
  const runId = await at.startRun();
  const step = (inputs: Readonly<Record<string, string>>, state: Readonly<Record<string, string>> = {}): void => {
    vi.unstubAllEnvs();
    const values: Record<string, string> = {
      GITHUB_REPOSITORY: 'octo/slug',
      GITHUB_RUN_ID: String(runId),
      GITHUB_ACTOR: login,
      GITHUB_EVENT_NAME: 'issue_comment',
      GITHUB_EVENT_PATH: path.join(folder.root, 'event.json'),
      GITHUB_WORKSPACE: path.join(folder.root, 'workspace'),
      RUNNER_TEMP: path.join(folder.root, 'temp'),
      GITHUB_API_URL: at.github.apiUrl,
      GITHUB_SERVER_URL: at.github.url,
      'INPUT_GITHUB-TOKEN': at.github.mintToken({ repository, permissions }),
    };
    for (const [name, value] of Object.entries(inputs)) values[`INPUT_${name.toUpperCase()}`] = value;
    for (const [name, value] of Object.entries(state)) values[`STATE_${name}`] = value;
    for (const [name, value] of Object.entries(values)) vi.stubEnv(name, value);
  };
  const trackingComment = async (): Promise<string> => (await at.forge.comments(issue)).at(-1)?.body ?? '';
  return { folder, issue, step, trackingComment };
}

async function throughTheGate(step: (inputs: Readonly<Record<string, string>>) => void): Promise<MemoryActionIo> {
  const io = memoryActionIo();
  step({});
  await gateAction(io, soon());
  return io;
}

describe('the gate action', () => {
  it('tells exactly the outputs that its manifest promises, and leaves nothing for post to close', async () => {
    await using at = await embeddedForge({ 'README.md': '# slug\n' });
    const { folder, issue, step } = await stage(at);
    using _ = folder;
    const io = memoryActionIo();
    step({ 'max-turns': '7' });
    await gateAction(io, soon());
    const { outputs, state } = io.told;
    expect(Object.keys(outputs).sort()).toEqual(outputsOf('gate'));
    expect(outputs).toMatchObject({ admitted: 'true', 'has-setup': 'false', 'job-minutes': '55' });
    const task: Task = JSON.parse(readFileSync(outputs['task'] ?? '', 'utf8'));
    expect(task).toMatchObject({ runId: outputs['run-id'], issue: { number: issue }, budget: { maxTurns: 7 } });
    expect(JSON.parse(state[savedStates.openRun] ?? '')).toEqual(JSON.parse(outputs['open-run'] ?? ''));
    expect(state[savedStates.settled]).toBe('handed on to the agent job');
    expect(io.told.failures).toEqual([]);
  });

  it('says on the run that somebody without write access is refused, and writes no task', async () => {
    await using at = await embeddedForge({ 'README.md': '# slug\n' });
    const { folder, step } = await stage(at, '/agent fix', 'carol');
    using _ = folder;
    const io = memoryActionIo();
    step({});
    await gateAction(io, soon());
    expect(io.told.outputs).toMatchObject({ admitted: 'false', outcome: 'refused' });
    expect(io.told.notices).toHaveLength(1);
    expect(io.told.state[savedStates.openRun]).toBeUndefined();
  });

  it('without a token says how to give one', async () => {
    await using at = await embeddedForge({ 'README.md': '# slug\n' });
    const { folder, step } = await stage(at);
    using _ = folder;
    step({ 'github-token': '' });
    await expect(gateAction(memoryActionIo(), soon())).rejects.toMatchObject({
      code: 'E201',
      fix: expect.stringContaining('github-token: $'),
    });
  });
});

describe('the publish action', () => {
  it('says failed, closes the comment and frees the claim when the agent left nothing', async () => {
    await using at = await embeddedForge({ 'README.md': '# slug\n' });
    const { folder, step, trackingComment } = await stage(at);
    using _ = folder;
    const gate = await throughTheGate(step);
    const { task = '', 'task-sha256': sha256 = '', 'open-run': open = '' } = gate.told.outputs;
    const io = memoryActionIo();
    step({ task, 'task-sha256': sha256, 'open-run': open, 'agent-job': 'failure' });
    await publishAction(io, soon());
    expect(Object.keys(io.told.outputs).sort()).toEqual(outputsOf('publish'));
    expect(io.told.outputs).toMatchObject({ outcome: 'failed', 'pull-request': '', branch: '', tokens: '0' });
    expect(io.told.summaries[0]).toMatch(/^## failed/);
    expect(io.told.failures[0]).toContain('fix');
    expect(io.told.state[savedStates.settled]).toBe('failed');
    expect(await trackingComment()).toContain('failed');
    const again = memoryActionIo();
    step({});
    await gateAction(again, soon());
    expect(again.told.outputs['claim']).toMatch(/ fence 2$/);
  });

  it('refuses a result of another run, however ready it says that it is', async () => {
    await using at = await embeddedForge({ 'README.md': '# slug\n' });
    const { folder, step } = await stage(at);
    using _ = folder;
    const gate = await throughTheGate(step);
    const { task = '', 'task-sha256': sha256 = '' } = gate.told.outputs;
    using result = tempFolder({ 'result.json': JSON.stringify(readyResult(undefined)) });
    const io = memoryActionIo();
    step({ task, 'task-sha256': sha256, result: result.root });
    await publishAction(io, soon());
    expect(io.told.outputs).toMatchObject({ outcome: 'failed', 'pull-request': '' });
    expect(io.told.outputs['report']).toContain('the result is of run');
  });

  it('reads no task whose hash is not the one that the gate told; post then closes the run', async () => {
    await using at = await embeddedForge({ 'README.md': '# slug\n' });
    const { folder, step, trackingComment } = await stage(at);
    using _ = folder;
    const gate = await throughTheGate(step);
    const { task = '', 'open-run': open = '' } = gate.told.outputs;
    const io = memoryActionIo();
    step({ task, 'task-sha256': 'f'.repeat(64), 'open-run': open });
    await expect(publishAction(io, soon())).rejects.toMatchObject({ code: 'E603' });
    expect(io.told.state[savedStates.openRun]).toBe(open);
    step({}, io.told.state);
    await closeAction(memoryActionIo());
    expect(await trackingComment()).toContain('The job ended before the run was over');
  });
});

describe('post', () => {
  it('does nothing when main has settled the run', async () => {
    await using at = await embeddedForge({ 'README.md': '# slug\n' });
    const { folder, step, trackingComment } = await stage(at);
    using _ = folder;
    const io = memoryActionIo();
    step({});
    await gateAction(io, soon());
    const before = await trackingComment();
    step({}, io.told.state);
    await closeAction(memoryActionIo());
    expect(before).toContain(io.told.outputs['run-id']);
    expect(await trackingComment()).toBe(before);
  });

  it('closes what the claim says is this very run’s, when main was ended before it could say what it had claimed', async () => {
    await using at = await embeddedForge({ 'README.md': '# slug\n' });
    const { folder, step, trackingComment } = await stage(at);
    using _ = folder;
    await throughTheGate(step);
    step({}, { [savedStates.fault]: '{"code":"E105","message":"the workflow run was cancelled","fix":""}' });
    await closeAction(memoryActionIo());
    expect(await trackingComment()).toMatch(/coder was stopped[\s\S]*the workflow run was cancelled/);
    expect((await throughTheGate(step)).told.outputs).toMatchObject({
      admitted: 'true',
      claim: expect.stringContaining('fence 2'),
    });
  });

  it('leaves a claim alone that another workflow run holds', async () => {
    await using at = await embeddedForge({ 'README.md': '# slug\n' });
    const { folder, step, trackingComment } = await stage(at);
    using _ = folder;
    await throughTheGate(step);
    step({});
    vi.stubEnv('GITHUB_RUN_ATTEMPT', '2');
    await closeAction(memoryActionIo());
    expect(await trackingComment()).toContain('is working on this');
  });

  it('warns instead of failing when there is no token left to close with', async () => {
    await using at = await embeddedForge({ 'README.md': '# slug\n' });
    const { folder, step } = await stage(at);
    using _ = folder;
    step({ 'github-token': '' }, { [savedStates.openRun]: '{}' });
    const io = memoryActionIo();
    await closeAction(io);
    expect(io.told.warnings).toHaveLength(1);
  });
});
