import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { simulatedClock } from '../../../fakes/simulated-clock.ts';
import { conclusions, type FixtureRun, fixtureRun, oneJob, stepOf } from './run-fixture.ts';

const seen = (fixture: FixtureRun, note: string) =>
  vi.waitFor(() => expect(fixture.notes().map((entry) => entry.note)).toContain(note), 5_000);
const started = (fixture: FixtureRun, step: string) =>
  vi.waitFor(
    () => expect(fixture.events).toContainEqual(expect.objectContaining({ type: 'step.started', step })),
    5_000,
  );
const logged = (fixture: FixtureRun, line: string) =>
  vi.waitFor(() => expect(fixture.events).toContainEqual(expect.objectContaining({ type: 'log', line })), 5_000);

const stubborn = `
- uses: actions/checkout@v7
- name: cleans
  uses: ./actions/with-post
  with: { word: up }
- name: stubborn
  uses: ./actions/stubborn
- name: plain
  run: echo never
- name: on cancel
  if: cancelled()
  run: echo "job is \${{ job.status }}"
- name: always
  if: always()
  run: echo here`;

describe('a cancelled run', () => {
  test('asks with SIGINT, then SIGTERM, kills at last, and still runs always() steps and post', async () => {
    using fixture = fixtureRun();
    const clock = simulatedClock();
    const cancel = new AbortController();
    const running = fixture.run(oneJob(stubborn), { clock, signal: cancel.signal });
    await seen(fixture, 'started');
    cancel.abort();
    await seen(fixture, 'SIGINT');
    clock.advance(7_499);
    expect(fixture.notes().map((entry) => entry.note)).not.toContain('SIGTERM');
    clock.advance(1);
    await seen(fixture, 'SIGTERM');
    clock.advance(2_500);
    const report = await running;
    expect(report.conclusion).toBe('cancelled');
    expect(stepOf(report, 'stubborn')).toMatchObject({ outcome: 'cancelled', conclusion: 'cancelled' });
    expect(stepOf(report, 'plain').conclusion).toBe('skipped');
    expect(stepOf(report, 'on cancel').log).toContain('job is cancelled');
    expect(stepOf(report, 'always').conclusion).toBe('success');
    expect(stepOf(report, 'Post cleans').log).toContain('post up');
    expect(clock.sleepers()).toBe(0);
  });

  test('ends what a step started together with it, so that its open output holds nothing up', async () => {
    using fixture = fixtureRun();
    const clock = simulatedClock();
    const cancel = new AbortController();
    const steps = `- name: polite\n  run: |\n    trap 'echo leaving; exit 0' INT\n    sleep 600 &\n    echo ready\n    wait`;
    const running = fixture.run(oneJob(steps), { clock, signal: cancel.signal });
    await logged(fixture, 'ready');
    cancel.abort();
    const report = await running;
    expect(stepOf(report, 'polite')).toMatchObject({ outcome: 'cancelled' });
    expect(stepOf(report, 'polite').log).toContain('leaving');
  });

  test('ends everything by force when the job takes more than five minutes to end', async () => {
    using fixture = fixtureRun();
    const clock = simulatedClock();
    const cancel = new AbortController();
    const steps = `- name: long\n  if: always()\n  run: echo ready; sleep 60\n- name: after\n  if: always()\n  run: echo never`;
    const running = fixture.run(oneJob(steps), { clock, signal: cancel.signal });
    await logged(fixture, 'ready');
    cancel.abort();
    await vi.waitFor(() => expect(clock.sleepers()).toBeGreaterThan(1));
    clock.advance(5 * 60_000);
    const report = await running;
    expect(report.conclusion).toBe('cancelled');
    expect(report.jobs[0]?.steps.map((step) => step.name)).toEqual(['long']);
  });

  test('skips the jobs that wait, but runs those with always() or cancelled()', async () => {
    using fixture = fixtureRun();
    const cancel = new AbortController();
    const workflow = `jobs:
  one: { runs-on: any, steps: [{ name: long, run: exec sleep 60 }] }
  plain: { needs: one, runs-on: any, steps: [{ run: echo }] }
  always: { needs: one, if: always(), runs-on: any, steps: [{ name: tell, run: 'echo "\${{ needs.one.result }}"' }] }
  tidy: { needs: plain, if: cancelled(), runs-on: any, steps: [{ run: echo }] }
`;
    const running = fixture.run(workflow, { signal: cancel.signal });
    await started(fixture, 'long');
    cancel.abort();
    const report = await running;
    expect(conclusions(report)).toEqual({ one: 'cancelled', plain: 'skipped', always: 'success', tidy: 'success' });
    expect(stepOf(report, 'tell').log).toContain('cancelled');
    expect(report.conclusion).toBe('cancelled');
  });

  test('lets a running job and a running step finish when their condition still holds', async () => {
    using fixture = fixtureRun();
    const cancel = new AbortController();
    const workflow = `jobs:
  job: { runs-on: any, if: always(), steps: [{ name: goes on, run: 'echo ready; sleep 0.3; echo done' }] }
  other: { runs-on: any, steps: [{ name: keeps, if: always(), run: 'echo waiting; sleep 0.3; echo kept' }, { name: next, run: echo never }] }
`;
    const running = fixture.run(workflow, { signal: cancel.signal });
    await logged(fixture, 'ready');
    await logged(fixture, 'waiting');
    cancel.abort();
    const report = await running;
    expect(conclusions(report)).toEqual({ job: 'success', other: 'cancelled' });
    expect(stepOf(report, 'goes on').log).toContain('done');
    expect(stepOf(report, 'keeps').log).toContain('kept');
    expect(stepOf(report, 'next').conclusion).toBe('skipped');
  });

  test('that was cancelled before it began runs nothing', async () => {
    using fixture = fixtureRun();
    const report = await fixture.run(oneJob('- run: echo never'), { signal: AbortSignal.abort() });
    expect(report.conclusion).toMatch(/skipped|cancelled/);
    expect(fixture.minted).toEqual([]);
  });
});

describe('time limits', () => {
  test('end a step as a failure', async () => {
    using fixture = fixtureRun();
    const clock = simulatedClock();
    const running = fixture.run(
      oneJob('- name: slow\n  timeout-minutes: 2\n  run: exec sleep 60\n- name: after\n  run: echo never'),
      { clock },
    );
    await started(fixture, 'slow');
    await vi.waitFor(() => expect(clock.sleepers()).toBe(2));
    clock.advance(2 * 60_000);
    const report = await running;
    expect(stepOf(report, 'slow')).toMatchObject({ outcome: 'failure' });
    expect(stepOf(report, 'slow').log).toContain("The action 'slow' has timed out after 2 minutes.");
    expect(report.conclusion).toBe('failure');
  });

  test('cancel a job', async () => {
    using fixture = fixtureRun();
    const clock = simulatedClock();
    const steps = '- name: slow\n  run: echo ready; exec sleep 60\n- name: after\n  if: always()\n  run: echo here';
    const running = fixture.run(oneJob(steps, `timeout-minutes: \${{ fromJSON('1') }}`), {
      clock,
    });
    await logged(fixture, 'ready');
    clock.advance(60_000);
    const report = await running;
    expect(conclusions(report)).toEqual({ job: 'cancelled' });
    expect(stepOf(report, 'after').conclusion).toBe('success');
    expect(report.annotations.map((annotation) => annotation.message)).toContain(
      'The job has exceeded the maximum execution time of 1 minutes',
    );
  });
});

describe('a process that is killed from outside', () => {
  test('fails its step; always() steps, posts and later jobs still run', async () => {
    using fixture = fixtureRun();
    const workflow = `jobs:
  one:
    runs-on: any
    steps: [${['{ uses: actions/checkout@v7 }', '{ name: cleans, uses: ./actions/with-post, with: { word: up } }', '{ name: killed, uses: ./actions/stubborn }', '{ name: hand over, if: always(), run: echo here }'].join(', ')}]
  later: { needs: one, if: always(), runs-on: any, steps: [{ name: tell, run: 'echo "\${{ needs.one.result }}"' }] }
`;
    const running = fixture.run(workflow);
    await seen(fixture, 'started');
    process.kill(fixture.notes()[0]?.pid ?? 0, 'SIGKILL');
    const report = await running;
    expect(stepOf(report, 'killed').outcome).toBe('failure');
    expect(stepOf(report, 'killed').log).toContain('The process was ended by SIGKILL.');
    expect(stepOf(report, 'hand over').conclusion).toBe('success');
    expect(stepOf(report, 'Post cleans').log).toContain('post up');
    expect(stepOf(report, 'tell').log).toContain('failure');
  });
});

describe.runIf(process.platform === 'linux')('what steps leave running', () => {
  const marked = (mark: string): readonly string[] =>
    readdirSync('/proc').filter((name) => {
      if (!/^\d+$/.test(name)) return false;
      try {
        return readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(mark);
      } catch {
        return false;
      }
    });

  test('lives for the later steps of its job and is gone with the job', async () => {
    using fixture = fixtureRun();
    const mark = path.basename(fixture.folder.root);
    const report = await fixture.run(
      oneJob(`
- shell: bash
  run: |
    sleeper() { exec -a ${mark} sleep 600; }
    sleeper > /dev/null 2>&1 &
    setsid bash -c 'exec -a ${mark} sleep 600' > /dev/null 2>&1 &
    env -i bash -c 'exec -a ${mark} sleep 600' > /dev/null 2>&1 &
    until [ "$(grep -l -s -a '^${mark}' /proc/[0-9]*/cmdline | wc -l)" = 3 ]; do sleep 0.01; done
- name: count
  run: grep -l -s -a '^${mark}' /proc/[0-9]*/cmdline | wc -l`),
    );
    expect(stepOf(report, 'count').log).toMatch(/\n3\n/);
    await vi.waitFor(() => expect(marked(mark)).toEqual([]));
  });

  test('does not hold a step up by its open output', async () => {
    using fixture = fixtureRun();
    const mark = path.basename(fixture.folder.root);
    const clock = simulatedClock();
    const running = fixture.run(oneJob(`- name: leaves\n  run: bash -c 'exec -a ${mark} sleep 600' & echo done`), {
      clock,
    });
    await logged(fixture, 'done');
    await vi.waitFor(() => expect(clock.sleepers()).toBe(2));
    clock.advance(5_000);
    expect((await running).conclusion).toBe('success');
    await vi.waitFor(() => expect(marked(mark)).toEqual([]));
  });
});
