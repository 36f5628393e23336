import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { readTrajectory } from '../../src/adapters/filesystem/trajectory-reader.ts';
import { runCli } from '../integration/cli/run-cli.ts';
import { cliPlace } from './cli-place.ts';
import { processesAround } from './process-tree.ts';
import { openStage, type Stage } from './stage.ts';
import { writeSteadyScript } from './steady-script.ts';

/** Runs the shipped workflow and cancels it, as the button on GitHub does, some time after a step has begun. */
async function runAndCancel(stage: Stage, step: string, afterMs: number) {
  const issue = await stage.openIssue();
  const inputs = { model: `scripted:${writeSteadyScript(stage.root)}` };
  const cancel = new AbortController();
  const run = await stage.run({
    payload: await stage.comment(issue, '/agent fix'),
    issue,
    inputs,
    signal: cancel.signal,
    onRunnerEvent: (event) => {
      if (event.type === 'step.started' && event.step === step)
        void sleep(afterMs).then(() => cancel.abort(new Error('cancelled by a person')));
    },
  });
  return { run, issue, inputs };
}

describe('a workflow run that is cancelled', () => {
  it.each([
    { step: 'Admit the event', afterMs: 150 },
    { step: 'Admit the event', afterMs: 300 },
    { step: 'Get the code', afterMs: 0 },
    { step: 'Work on the issue', afterMs: 0 },
    { step: 'Work on the issue', afterMs: 500 },
    { step: 'Work on the issue', afterMs: 1_300 },
  ])('$afterMs ms into "$step" leaves nobody waiting and nothing behind', async ({ step, afterMs }) => {
    await using stage = await openStage();
    const { run, issue, inputs } = await runAndCancel(stage, step, afterMs);
    const outcome = run.report.jobs.find(({ id }) => id.endsWith('publish'))?.outputs['outcome'];
    expect(['cancelled', undefined]).toContain(outcome);
    expect(run.report.conclusion).not.toBe('success');
    const told = await stage.tracking(issue);
    if (told !== '') expect(told).toMatch(/coder was stopped[\s\S]*cancelled/);
    expect((await stage.claim(issue))?.state ?? 'free').toBe('free');
    expect(await stage.pulls()).toEqual([]);
    expect(processesAround(path.join(stage.root, 'run-1'))).toEqual([]);
    if (run.trajectory !== undefined && existsSync(run.trajectory)) await readTrajectory(run.trajectory);

    const again = await stage.run({ payload: await stage.comment(issue, '/agent retry'), issue, inputs });
    expect(again.report.conclusion).toBe('success');
    expect(await stage.pulls()).toHaveLength(1);
  });

  // Its condition is always(), so GitHub lets the job go on: what was paid for is delivered, and told.
  it('while it publishes still delivers', async () => {
    await using stage = await openStage();
    const { run, issue } = await runAndCancel(stage, 'Publish', 100);
    expect(run.report.jobs.find(({ id }) => id.endsWith('publish'))?.outputs).toMatchObject({ outcome: 'succeeded' });
    expect(await stage.pulls()).toHaveLength(1);
    expect(await stage.tracking(issue)).toContain('coder opened');
  });

  it('tells on the issue that it was stopped, with what is saved', async () => {
    await using stage = await openStage();
    const { run, issue } = await runAndCancel(stage, 'Work on the issue', 1_500);
    expect(run.result).toMatchObject({ outcome: 'cancelled' });
    expect(await stage.tracking(issue)).toMatch(/coder was stopped[\s\S]*cancelled/);
  });
});

describe('start, interrupted with Ctrl-C', () => {
  it('ends as cancelled and takes everything along', async () => {
    using place = cliPlace();
    const script = writeSteadyScript(place.root, 400);
    const ran = await runCli(['start', '--model', `scripted:${script}`, '--issue', issueFile, '--json'], {
      cwd: place.root,
      env: place.env,
      when: { seen: 'search', act: (child) => child.kill('SIGINT') },
    });
    expect(ran.code).toBe(130);
    expect(place.leftovers()).toEqual([]);
    expect(processesAround(place.root)).toEqual([]);
  });
});

const issueFile = new URL('../../examples/slug-issue.md', import.meta.url).pathname;
