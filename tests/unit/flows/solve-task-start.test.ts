import { expect, test } from 'vitest';
import { openWorkspace } from '../../../src/adapters/git/open-workspace.ts';
import { solveTask } from '../../../src/flows/solve-task.ts';
import type { Sandbox } from '../../../src/ports/sandbox.ts';
import type { Workspace } from '../../../src/ports/workspace.ts';
import { call, calling, listModel } from '../../fakes/list-model.ts';
import { memoryRecorder } from '../../fakes/memory-recorder.ts';
import { plainSandbox } from '../../fakes/plain-sandbox.ts';
import { realRepository } from '../../fakes/real-repository.ts';
import { sampleTask } from '../../fakes/sample-task.ts';
import { simulatedClock } from '../../fakes/simulated-clock.ts';

const write = calling(call('write_file', { path: 'a.txt', content: 'good\n' }));
const submit = calling(call('submit', { title: 'Make it good', body: 'It is good now.', verified: [] }));

interface Late {
  /** Resolves when the model was asked for the first time. */
  readonly asked: Promise<void>;
  readonly sandbox: Sandbox;
  readonly workspace: Workspace;
  /** Types of what was recorded until now. */
  readonly types: () => readonly string[];
}

async function solveLate(
  change: (late: Late) => { sandbox?: Sandbox | Promise<Sandbox>; workspace?: Workspace },
  task: { testCommand?: string } = {},
) {
  using repository = realRepository({ 'a.txt': 'bad\n' });
  const { signal } = new AbortController();
  await using workspace = await openWorkspace({ root: repository.root, tempDir: repository.temp, signal });
  await using sandbox = plainSandbox(repository.root);
  const clock = simulatedClock();
  const recorder = memoryRecorder(clock);
  const asked = Promise.withResolvers<void>();
  const first = () => {
    asked.resolve();
    return write;
  };
  const model = listModel([first, submit]);
  const types = () => recorder.events.map((event) => event.type);
  const parts = { sandbox, workspace, ...change({ asked: asked.promise, sandbox, workspace, types }) };
  const base = { branch: 'main', sha: workspace.baseSha };
  const request = { task: sampleTask({ base, ...task }), model, recorder, clock, version: '0.1.0', ...parts };
  const result = await solveTask(request, signal);
  return { result, types: types() };
}

test('the model is asked while the sandbox is not open yet; the first tool waits for it', async () => {
  const { result, types } = await solveLate(({ asked, sandbox }) => ({ sandbox: asked.then(() => sandbox) }));
  expect(result).toMatchObject({ outcome: 'succeeded', sandbox: { rung: 'bubblewrap' } });
  expect(types.slice(0, 2)).toEqual(['run.started', 'model.requested']);
  expect(types.indexOf('sandbox.ready')).toBeLessThan(types.indexOf('tool.started'));
});

test('why a stronger sandbox was passed over is in the result, when the sandbox is there', async () => {
  const passedOver = [{ rung: 'bubblewrap', reason: 'not found', fix: 'install it' }] as const;
  const late = ({ sandbox }: Late) => ({ sandbox: Promise.resolve(sandbox), passedOver: Promise.resolve(passedOver) });
  const { result, types } = await solveLate(late);
  expect(result.sandbox).toMatchObject({ passedOver });
  expect(types.indexOf('sandbox.ready')).toBeLessThan(types.indexOf('tool.started'));
  expect((await solveLate(() => ({}))).result.sandbox).not.toHaveProperty('passedOver');
});

test('tests before the work wait for the sandbox, and the model for the tests', async () => {
  const soon = ({ sandbox }: Late) => ({ sandbox: new Promise<Sandbox>((resolve) => setImmediate(resolve, sandbox)) });
  const { types } = await solveLate(soon, { testCommand: 'true' });
  expect(types.slice(0, 4)).toEqual(['run.started', 'sandbox.ready', 'tests.finished', 'model.requested']);
});

test('the model is asked while the files are written down; no tool changes any before that is done', async () => {
  let toolsBefore: readonly string[] = ['not looked'];
  const { result } = await solveLate(({ asked, workspace, types }) => ({
    workspace: {
      ...workspace,
      markStart: async (signal) => {
        await asked;
        // A tool that would not wait has begun after one turn of the event loop.
        await new Promise((resolve) => setImmediate(resolve));
        toolsBefore = types().filter((type) => type === 'tool.started');
        await workspace.markStart(signal);
      },
    },
  }));
  expect(toolsBefore).toEqual([]);
  expect(result.patch?.files.map(({ path }) => path)).toEqual(['a.txt']);
});

test('files that cannot be written down end the run with the reason, before any tool', async () => {
  const { result, types } = await solveLate(({ workspace }) => ({
    workspace: { ...workspace, markStart: () => Promise.reject(new Error('disk full')) },
  }));
  expect(result).toMatchObject({ outcome: 'failed', reason: expect.stringContaining('disk full') });
  expect(types).not.toContain('tool.started');
});

test('a sandbox that cannot be had ends the run without a result', async () => {
  const leaking = (): never => {
    throw new Error('the canary was seen');
  };
  const solving = solveLate(({ asked }) => ({ sandbox: asked.then(leaking) }));
  await expect(solving).rejects.toThrow('the canary was seen');
});
