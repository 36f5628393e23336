import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { descendantsOf, processesAround } from './process-tree.ts';
import { sampleScript } from './sample-copy.ts';
import { openStage } from './stage.ts';
import { writeSteadyScript } from './steady-script.ts';

const coder = /actions\/coder\/dist\/index\.js$/;

describe('the one-step form: the coder action in a job of one’s own', () => {
  it('makes the same pull request as the three jobs do', async () => {
    const delivered = async (form: 'three-jobs' | 'one-step') => {
      await using stage = await openStage();
      const issue = await stage.openIssue();
      const payload = await stage.comment(issue, '/agent fix');
      const { report } = await stage.run({ payload, issue, form, inputs: { model: `scripted:${sampleScript}` } });
      expect(report.conclusion).toBe('success');
      const [pull, ...others] = await stage.pulls();
      expect(others).toEqual([]);
      const treeSha = await stage.treeOf(pull?.head.sha ?? '');
      const told = (await stage.tracking(issue)).split('\n')[1];
      return { treeSha, branch: pull?.head.ref, title: pull?.title, told, claim: await stage.claim(issue) };
    };
    const [three, one] = [await delivered('three-jobs'), await delivered('one-step')];
    expect(one).toEqual(three);
    expect(one).toMatchObject({ told: '### 🤖 coder opened #2', claim: { state: 'free', fence: 1 } });
  });

  it('edits the tracking comment while the agent works', async () => {
    await using stage = await openStage();
    const issue = await stage.openIssue();
    const inputs = { model: `scripted:${writeSteadyScript(stage.root, 2_500)}` };
    const bodies = new Set<string>();
    const over = new AbortController();
    const watching = (async () => {
      for (; !over.signal.aborted; await sleep(300)) bodies.add(await stage.tracking(issue));
    })();
    await stage.run({ payload: await stage.comment(issue, '/agent fix'), issue, form: 'one-step', inputs });
    over.abort();
    await watching;
    const working = [...bodies].filter((body) => body.includes('is working on this'));
    expect(working.some((body) => /- \[x\] read the code|← now:/.test(body))).toBe(true);
    expect(working.some((body) => body.includes('sandbox bubblewrap') || body.includes('sandbox unshare'))).toBe(true);
    expect(await stage.tracking(issue)).toContain('coder opened');
  });

  it('closes comment and claim in its post when it was killed, and a retry opens the one pull request', async () => {
    await using stage = await openStage();
    const issue = await stage.openIssue();
    const inputs = { model: `scripted:${writeSteadyScript(stage.root, 150)}` };
    const run = (payload: Awaited<ReturnType<typeof stage.comment>>, onStart?: () => void) =>
      stage.run({
        payload,
        issue,
        form: 'one-step',
        inputs,
        onRunnerEvent: (event) => {
          if (event.type === 'log' && event.line.startsWith('sandbox:')) onStart?.();
        },
      });
    const killed = await run(await stage.comment(issue, '/agent fix'), () => {
      const found = descendantsOf(process.pid).find(({ command }) => coder.test(command));
      if (found !== undefined) process.kill(found.pid, 'SIGKILL');
    });
    expect(killed.report.conclusion).toBe('failure');
    expect(await stage.tracking(issue)).toContain('coder failed');
    expect(await stage.claim(issue)).toEqual({ state: 'free', fence: 1 });
    expect(await stage.pulls()).toEqual([]);
    expect(processesAround(path.join(stage.root, 'run-1'))).toEqual([]);

    const retried = await run(await stage.comment(issue, '/agent retry'));
    expect(retried.report.conclusion).toBe('success');
    expect(await stage.pulls()).toHaveLength(1);
  });
});
