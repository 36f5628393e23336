import { describe, expect, test, vi } from 'vitest';
import { createConcurrencyCoordinator } from '../../../../src/embedded/runner/plan/concurrency.ts';
import { conclusions, fixtureRun, jobOf, oneJob } from './run-fixture.ts';

describe('a matrix', () => {
  test('makes one job of each combination, named as on GitHub, with its own contexts', async () => {
    using fixture = fixtureRun();
    const report = await fixture.run(
      oneJob(
        `- run: echo "\${{ matrix.os }} \${{ matrix.node }} \${{ strategy.job-index }}/\${{ strategy.job-total }} \${{ matrix.extra }}"`,
        `strategy:\n  matrix:\n    os: [linux, mac]\n    node: [24]\n    include: [{ os: mac, extra: more }]\noutputs:\n  os: \${{ matrix.os }}`,
      ),
    );
    expect(report.jobs.map((job) => job.name).sort()).toEqual(['job (linux, 24)', 'job (mac, 24)']);
    expect(jobOf(report, 'job (1)').steps[0]?.log).toContain('mac 24 1/2 more');
    expect(jobOf(report, 'job (0)').outputs).toEqual({ os: 'linux' });
  });

  test('fails fast unless told otherwise', async () => {
    using fixture = fixtureRun();
    const workflow = (settings: string): string =>
      oneJob(
        `- run: if [ "\${{ matrix.x }}" = bad ]; then exit 1; fi; exec sleep \${{ matrix.x }}`,
        `strategy:\n  matrix: { x: [bad, 30] }\n${settings}`,
      );
    const report = await fixture.run(workflow(''));
    expect(conclusions(report)).toEqual({ 'job (0)': 'failure', 'job (1)': 'cancelled' });
    expect(report.conclusion).toBe('failure');
    using patient = fixtureRun();
    const all = await patient.run(workflow('  fail-fast: false').replace('30', '0.1'));
    expect(conclusions(all)).toEqual({ 'job (0)': 'failure', 'job (1)': 'success' });
  });

  test('runs no more at once than max-parallel says', async () => {
    using fixture = fixtureRun();
    await fixture.run(oneJob('- run: sleep 0.05', 'strategy:\n  max-parallel: 1\n  matrix: { x: [1, 2, 3] }'));
    const order = fixture.events.filter((event) => event.type.startsWith('job.')).map((event) => event.type);
    expect(order).toEqual([
      'job.started',
      'job.finished',
      'job.started',
      'job.finished',
      'job.started',
      'job.finished',
    ]);
  });
});

describe('concurrency', () => {
  const workflow = (rest: string, script: string): string =>
    `concurrency:\n  group: one-\${{ github.actor }}\n${rest}${oneJob(`- run: ${script}`)}`;

  test('cancels the run in progress when the newer one says so', async () => {
    using older = fixtureRun();
    using newer = fixtureRun();
    const concurrency = createConcurrencyCoordinator();
    const first = older.run(workflow('', 'exec sleep 60'), { concurrency });
    await vi.waitFor(() => expect(older.events.map((event) => event.type)).toContain('step.started'));
    const second = await newer.run(workflow('  cancel-in-progress: true\n', 'echo'), { concurrency });
    expect(second.conclusion).toBe('success');
    expect((await first).conclusion).toBe('cancelled');
    const [finished] = older.events.filter((event) => event.type === 'run.finished');
    const [begun] = newer.events.filter((event) => event.type === 'job.started');
    expect(finished?.at).toBeLessThanOrEqual(begun?.at ?? 0);
  });

  test('keeps one waiting, whom a newer one replaces', async () => {
    using first = fixtureRun();
    using second = fixtureRun();
    using third = fixtureRun();
    const concurrency = createConcurrencyCoordinator();
    const running = first.run(workflow('', 'sleep 0.4'), { concurrency });
    await vi.waitFor(() => expect(first.events.map((event) => event.type)).toContain('step.started'));
    const waiting = second.run(workflow('', 'echo never'), { concurrency });
    const replacing = third.run(workflow('', 'echo'), { concurrency });
    expect((await Promise.all([running, waiting, replacing])).map((report) => report.conclusion)).toEqual([
      'success',
      'cancelled',
      'success',
    ]);
    expect(second.minted).toEqual([]);
  });

  test('of jobs in one run lets them go one after the other', async () => {
    using fixture = fixtureRun();
    const job = (name: string): string =>
      `  ${name}: { concurrency: same, runs-on: any, steps: [{ run: sleep 0.1 }] }\n`;
    const report = await fixture.run(`jobs:\n${job('a')}${job('b')}`);
    expect(conclusions(report)).toEqual({ a: 'success', b: 'success' });
    const order = fixture.events.filter((event) => event.type.startsWith('job.')).map((event) => event.type);
    expect(order).toEqual(['job.started', 'job.finished', 'job.started', 'job.finished']);
  });
});

test('workflow_dispatch gets typed inputs with defaults', async () => {
  using fixture = fixtureRun();
  const on =
    'on:\n  workflow_dispatch:\n    inputs:\n      deep: { type: boolean, default: false }\n      count: { type: number, default: 2 }\n      word: { type: string, default: w }\n';
  const step = oneJob(
    `- run: echo "\${{ inputs.deep && 1 || 0 }} \${{ inputs.count }} \${{ inputs.word }} \${{ github.event.inputs.deep }}"`,
  );
  const event = { name: 'workflow_dispatch', payload: { inputs: { deep: 'true' } } };
  const report = await fixture.run(`${on}${step}`, { event });
  expect(jobOf(report).steps[0]?.log).toContain('\n1 2 w true\n');
});
