import { describe, expect, it } from 'vitest';
import { startMeter } from '../../../src/agent/meter.ts';
import { defaultBudget } from '../../../src/domain/budget.ts';
import type { Task } from '../../../src/domain/task.ts';
import type { TestRun } from '../../../src/domain/test-run.ts';
import { proveChange } from '../../../src/flows/prove-change.ts';
import type { ProofRoom, ProofRooms } from '../../../src/ports/proof-rooms.ts';
import type { Sandbox } from '../../../src/ports/sandbox.ts';
import { memoryRecorder } from '../../fakes/memory-recorder.ts';
import { sampleTask } from '../../fakes/sample-task.ts';
import { simulatedClock } from '../../fakes/simulated-clock.ts';

const signal = new AbortController().signal;
const nothing = new Uint8Array();
const leftOut = { count: 1, paths: ['node_modules/.bin/check'] };

/** A sandbox whose every command ends so. */
function ending(exitCode: number): Sandbox {
  const stream = { head: nothing, tail: nothing, omittedBytes: 0 };
  return {
    rung: 'bubblewrap',
    description: 'for tests only',
    run: async () => ({ exitCode, signal: null, timedOut: false, stdout: stream, stderr: stream, durationMs: 1 }),
    [Symbol.asyncDispose]: async () => {},
  };
}

const room = (exitCode: number, kept = { count: 0, paths: [] as readonly string[] }): ProofRoom => ({
  sandbox: ending(exitCode),
  leftOut: kept,
  [Symbol.asyncDispose]: async () => {},
});

async function prove(rooms: Partial<ProofRooms>, sandbox = ending(0), task: Partial<Task> = {}) {
  const clock = simulatedClock();
  const testsBefore: TestRun = { command: 'test', exitCode: 0, timedOut: false, durationMs: 1, output: '' };
  const refuse = async (): Promise<never> => {
    throw new Error('asked for a room too many');
  };
  return await proveChange(
    {
      task: sampleTask(task),
      command: 'test',
      testsBefore,
      sandbox,
      rooms: { mark: refuse, openFresh: refuse, openOwn: refuse, ...rooms },
      recorder: memoryRecorder(clock),
      meter: startMeter(defaultBudget, clock),
    },
    signal,
  );
}

describe('where the tests of a change run', () => {
  it('is a fresh room, and no other when they pass there', async () => {
    expect(await prove({ openFresh: async () => room(0, leftOut) })).toMatchObject({
      verdict: { kind: 'passes' },
      proof: { room: 'fresh', leftOut },
    });
  });

  it('is no other when they fail there and nothing was left out: nothing else can be the reason', async () => {
    expect(await prove({ openFresh: async () => room(1) })).toMatchObject({
      verdict: { kind: 'broken' },
      proof: { room: 'fresh' },
    });
  });

  it('is the agent’s own room when something was left out, and both results are told', async () => {
    const proven = await prove({ openFresh: async () => room(1, leftOut), openOwn: async () => room(0) });
    expect(proven).toMatchObject({
      testsAfter: { exitCode: 0 },
      verdict: { kind: 'passes' },
      proof: { room: 'own', leftOut, fresh: { exitCode: 1 } },
    });
  });

  it('counts as the fresh one when they fail in both', async () => {
    const proven = await prove({ openFresh: async () => room(3, leftOut), openOwn: async () => room(4) });
    expect(proven).toMatchObject({
      testsAfter: { exitCode: 3 },
      verdict: { kind: 'broken' },
      proof: { room: 'fresh' },
    });
  });

  it('is the agent’s own room where no sandbox kept the agent out of another', async () => {
    const proven = await prove({ openOwn: async () => room(0) }, { ...ending(0), rung: 'none' });
    expect(proven.proof).toMatchObject({ room: 'own', why: 'the agent worked without a sandbox' });
  });

  it.each<[string, Partial<Task>]>([
    ['goes on with a pull request', { continues: { branch: 'agent/7/f1-x', headSha: 'a'.repeat(40), pullRequest: 9 } }],
    ['starts from a branch of an agent', { base: { branch: 'agent/7/f1-x', sha: 'a'.repeat(40) } }],
  ])('is the agent’s own room when the run %s: that code has set the place up', async (_what, task) => {
    const proven = await prove({ openOwn: async () => room(0) }, ending(0), task);
    expect(proven.proof).toMatchObject({ room: 'own', why: expect.stringContaining('code of an earlier run') });
  });

  it('is the agent’s own room when a fresh one cannot be made, and why is told', async () => {
    const full = async () => {
      throw new Error('no space left on device');
    };
    expect(await prove({ openFresh: full, openOwn: async () => room(0) })).toMatchObject({
      proof: { room: 'own', why: 'a fresh place could not be made (no space left on device)' },
    });
  });
});
