import { appendFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { TrajectoryBody } from '../../../src/domain/trajectory.ts';
import { handOverFiles } from '../../../src/runtime/hand-over.ts';
import { rememberSecret } from '../../../src/runtime/known-secrets.ts';
import { showProgress } from '../../../src/runtime/progress.ts';
import { FakeForge } from '../../fakes/fake-forge.ts';
import { modelReplied, runStarted } from '../../fakes/sample-events.ts';
import { sampleTask } from '../../fakes/sample-task.ts';
import { simulatedClock } from '../../fakes/simulated-clock.ts';
import { tempFolder } from '../../fakes/temp-folder.ts';

const npmTest: TrajectoryBody = { type: 'tool.started', turn: 1, callId: 'c', tool: 'bash', subject: 'npm test' };

/** A run whose trajectory grows while its comment is edited. Both loops sleep on the same clock. */
function room() {
  const folder = tempFolder();
  const clock = simulatedClock();
  const forge = new FakeForge();
  const issue = forge.seedIssue();
  const comment = forge.seedComment(issue, 'queued', forge.login);
  const task = sampleTask({ trackingCommentId: comment.id });
  const connection = {
    forge,
    clock,
  };
  const logged: string[] = [];
  let seq = 0;
  const bothAsleep = () => vi.waitFor(() => expect(clock.sleepers()).toBe(2), { interval: 2 });
  return {
    folder,
    forge,
    logged,
    progress: showProgress({ task, connection, resultDir: folder.root, log: (line) => logged.push(line) }),
    record: (body: TrajectoryBody) =>
      appendFileSync(
        path.join(folder.root, handOverFiles.trajectory),
        `${JSON.stringify({ seq: seq++, at: clock.now(), ...body })}\n`,
      ),
    /** Time goes on in steps, so that each loop can do what it wakes for. */
    pass: async (ms: number) => {
      await bothAsleep();
      clock.advance(ms - 50);
      await bothAsleep();
      clock.advance(50);
      await bothAsleep();
    },
    comment: () => forge.allComments.find(({ snapshot }) => snapshot.id === comment.id)?.snapshot.body ?? '',
  };
}

describe('the tracking comment of a run', () => {
  it('shows after ten seconds what the agent is doing, and what that has cost', async () => {
    const at = room();
    using _ = at.folder;
    at.record(runStarted);
    at.record(modelReplied(1, 'Let me see.'));
    at.record(npmTest);
    await at.pass(10_000);
    expect(at.comment()).toContain('npm test');
    await at.progress.stop();
  });

  it('tells no secret that this process knows, wherever the agent has it from', async () => {
    const at = room();
    using _ = at.folder;
    const token = ['ghs', 'pRogR3ssZ7jK9mN1pQ3sT5vW7xY9zA1cD3fG5'].join('_');
    rememberSecret('github-token', token);
    at.record(runStarted);
    at.record({ ...npmTest, subject: `echo ${Buffer.from(token).toString('base64')}` });
    await at.pass(10_000);
    expect(at.comment()).toContain('left out: exact value of github-token (base64)');
    await at.progress.stop();
  });

  it('is left alone before ten seconds are over', async () => {
    const at = room();
    using _ = at.folder;
    at.record(runStarted);
    await at.pass(9_000);
    expect(at.comment()).toBe('queued');
    await at.progress.stop();
  });

  it('is the publisher’s alone once the work has stopped', async () => {
    const at = room();
    using _ = at.folder;
    at.record(runStarted);
    at.record(npmTest);
    await at.progress.stop();
    expect(at.comment()).toBe('queued');
  });

  it('that cannot be edited is said in the log and ends no run', async () => {
    const at = room();
    using _ = at.folder;
    at.forge.beforeCall = () => {
      throw new Error('GitHub is down');
    };
    at.record(runStarted);
    await at.pass(10_000);
    expect(at.logged).toEqual(['the tracking comment could not be edited: GitHub is down']);
    at.forge.beforeCall = undefined;
    await at.pass(10_000);
    expect(at.comment()).not.toBe('queued');
    await at.progress.stop();
  });
});
