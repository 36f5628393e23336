import { appendFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LifeEvent } from '../../../src/domain/life-event.ts';
import type { TrajectoryBody } from '../../../src/domain/trajectory.ts';
import type { RunnerEvent, RunnerEventBody } from '../../../src/embedded/runner/runner-event.ts';
import { watchedSteps, watchLife } from '../../../src/runtime/embedded-life.ts';
import { numbered, runStarted } from '../../fakes/sample-events.ts';
import { sampleTask } from '../../fakes/sample-task.ts';
import { tempFolder } from '../../fakes/temp-folder.ts';

const lease = { key: 'github/octo/slug/issues/1', leaseId: 'l', fence: 3, expiresAt: 3_600_000 };
const sandboxReady: TrajectoryBody = {
  type: 'sandbox.ready',
  rung: 'bubblewrap',
  description: 'bubblewrap, offline',
  canary: 'contained',
};

/** A run whose artifacts and files are there as its jobs would leave them. */
function run() {
  const folder = tempFolder({ 'task/task.json': JSON.stringify(sampleTask({ lease })) });
  const uploaded: { name: string; folder: string }[] = [];
  const events: LifeEvent[] = [];
  const life = watchLife({
    jobsDir: path.join(folder.root, 'runner'),
    artifacts: { list: () => uploaded.map((artifact, id) => ({ ...artifact, id, size: 1, digest: '' })) },
    onEvent: (event) => events.push(event),
  });
  const see = (event: RunnerEventBody): void => life.see({ at: 0, ...event } as RunnerEvent);
  const ended = { conclusion: 'success', outcome: 'success', index: 0 } as const;
  return {
    folder,
    events,
    life,
    see,
    admit: () => uploaded.push({ name: 'entropy-task', folder: path.join(folder.root, 'task') }),
    step: (job: string, step: string, durationMs: number, more: object = {}) => {
      see({ type: 'step.started', job, step, index: 0 });
      see({ type: 'step.finished', job, step, durationMs, ...ended, ...more });
    },
    endJob: (job: string, outputs: Readonly<Record<string, string>> = {}) =>
      see({ type: 'job.finished', job, name: job, conclusion: 'success', outputs, durationMs: 900 }),
    /** What the agent has recorded so far. */
    record: (bodies: readonly TrajectoryBody[], damage = (line: string) => line) => {
      const result = path.join(folder.root, 'runner/jobs/agent-1/slug/slug/entropy-result');
      mkdirSync(result, { recursive: true });
      const lines = numbered(bodies).map((event) => `${damage(JSON.stringify(event))}\n`);
      appendFileSync(path.join(result, 'trajectory.jsonl'), lines.join(''));
    },
  };
}

const said = (events: readonly LifeEvent[]) =>
  events.map((event) => {
    if (event.type === 'step') return `step ${event.event.type}`;
    if (event.type === 'log') return `log ${event.line}`;
    if (event.type === 'phase.started') return `${event.phase} …`;
    return `${event.phase} ${event.ok ? 'ok' : 'failed'}: ${event.subject} | ${event.detail}`;
  });

describe('the life of an issue', () => {
  it('is told from the gate to the reading back, with the agent’s own steps inside its phase', async () => {
    const at = run();
    using _ = at.folder;
    at.admit();
    at.step('agent / gate', watchedSteps.gate, 420);
    at.endJob('agent/gate');
    at.step('agent/agent', watchedSteps.setup, 50);
    at.record([runStarted, sandboxReady]);
    at.step('agent/agent', watchedSteps.agent, 2_000);
    await at.life.done();
    at.step('agent/publish', watchedSteps.publish, 300);
    at.endJob('agent/publish', { outcome: 'succeeded', 'pull-request': '2', branch: 'agent/1/f3-x' });
    expect(said(at.events)).toEqual([
      'command ok: /agent fix | alice may: admin',
      'claim …',
      'claim ok: octo/slug#1  fence 3 | lease 60 min',
      'setup …',
      'setup ok: set-up command | ',
      'agent …',
      'step run.started',
      'step sandbox.ready',
      'agent ok: coder | sandbox bubblewrap, offline',
      'publish …',
      'publish ok: pull request #2 | agent/1/f3-x',
      'read-back …',
      'read-back ok: branch, pull request, comment | ',
    ]);
    expect(at.life.durations).toEqual({ command: 420, setup: 50, agent: 2_000, publish: 300 });
  });

  it('says of a refused event that it was not admitted, and nothing of a claim', () => {
    const at = run();
    using _ = at.folder;
    at.step('agent/gate', watchedSteps.gate, 10);
    at.endJob('agent/gate');
    expect(said(at.events)).toEqual(['command failed: /agent fix | not admitted']);
  });

  it('does not mention a set-up that was skipped', () => {
    const at = run();
    using _ = at.folder;
    at.see({
      type: 'step.finished',
      job: 'agent/agent',
      step: watchedSteps.setup,
      index: 0,
      conclusion: 'skipped',
      outcome: 'skipped',
      durationMs: 0,
    });
    expect(at.events).toEqual([]);
  });

  it('ends the agent’s phase also when the agent recorded nothing', async () => {
    const at = run();
    using _ = at.folder;
    at.step('agent/agent', watchedSteps.agent, 30, { conclusion: 'failure', outcome: 'failure' });
    await at.life.done();
    expect(said(at.events)).toEqual(['agent …', 'agent failed: coder | ']);
  });

  it('reports a damaged trajectory to whoever waits for the end, after the phase was told', async () => {
    const at = run();
    using _ = at.folder;
    at.record([runStarted], (line) => line.replace('run.started', 'run.strated'));
    at.step('agent/agent', watchedSteps.agent, 30);
    await expect(at.life.done()).rejects.toMatchObject({ code: 'E306' });
    expect(said(at.events).at(-1)).toBe('agent ok: coder | ');
  });

  it('says that nothing was read back when nothing was published', () => {
    const at = run();
    using _ = at.folder;
    at.step('agent/publish', watchedSteps.publish, 300);
    at.endJob('agent/publish', { outcome: 'no_change' });
    expect(said(at.events)).toEqual(['publish …', 'publish failed: no_change | ']);
  });

  it('keeps every line of every job for the page of the run', () => {
    const at = run();
    using _ = at.folder;
    at.see({ type: 'job.started', job: 'agent/gate', name: 'gate' });
    at.see({ type: 'log', job: 'agent/gate', step: 's', index: 0, line: 'hello' });
    expect(at.life.log).toEqual(['agent/gate | ── gate', 'agent/gate | hello']);
  });
});
