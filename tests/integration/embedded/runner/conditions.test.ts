import { describe, expect, test } from 'vitest';
import { conclusions, fixtureRun, oneJob, stepOf } from './run-fixture.ts';

describe('steps after a failure', () => {
  test('run only when their condition asks for it, and see what happened', async () => {
    using fixture = fixtureRun();
    const report = await fixture.run(
      oneJob(`
- id: bad
  run: exit 3
- name: plain
  run: echo never
- name: on failure
  if: failure() && steps.bad.outcome == 'failure'
  run: echo "job is \${{ job.status }}"
- name: always
  if: \${{ always() }}
  run: echo here
- name: cancelled
  if: cancelled()
  run: echo never`),
    );
    expect(stepOf(report, 'plain').conclusion).toBe('skipped');
    expect(stepOf(report, 'on failure').log).toContain('job is failure');
    expect(stepOf(report, 'always').conclusion).toBe('success');
    expect(stepOf(report, 'cancelled').conclusion).toBe('skipped');
    expect(report.conclusion).toBe('failure');
  });

  test('go on as if nothing had been after continue-on-error', async () => {
    using fixture = fixtureRun();
    const report = await fixture.run(
      oneJob(`
- id: bad
  continue-on-error: \${{ github.actor == 'alice' }}
  run: exit 3
- name: next
  run: echo "\${{ steps.bad.outcome }} \${{ steps.bad.conclusion }}"`),
    );
    expect(stepOf(report, 'next').log).toContain('failure success');
    expect(report.conclusion).toBe('success');
  });

  test('a condition that cannot be evaluated fails its step', async () => {
    using fixture = fixtureRun();
    const report = await fixture.run(oneJob(`- name: odd\n  if: fromJSON(github.actor)\n  run: echo never`));
    expect(stepOf(report, 'odd').conclusion).toBe('failure');
    expect(report.annotations[0]?.message).toContain('cannot be evaluated');
  });
});

describe('jobs', () => {
  const jobs = (text: string): string => `jobs:\n${text.trim().replace(/^/gm, '  ')}\n`;

  test('are skipped with what they need, and always() runs them all the same', async () => {
    using fixture = fixtureRun();
    const report = await fixture.run(
      jobs(`
bad: { runs-on: any, steps: [{ run: exit 1 }] }
next: { needs: bad, runs-on: any, steps: [{ run: echo }] }
on_failure: { needs: next, if: failure(), runs-on: any, steps: [{ run: echo }] }
always: { needs: next, if: always(), runs-on: any, steps: [{ name: seen, run: 'echo "\${{ needs.next.result }}"' }] }
after_always: { needs: always, runs-on: any, steps: [{ run: echo }] }
asks: { needs: [bad, always], if: "always() && needs.always.result == 'success'", runs-on: any, steps: [{ run: echo }] }`),
    );
    expect(conclusions(report)).toEqual({
      bad: 'failure',
      next: 'skipped',
      // Ancestors count, not only the named ones: `bad` failed, and `after_always` has a skipped ancestor.
      on_failure: 'success',
      always: 'success',
      after_always: 'skipped',
      asks: 'success',
    });
    expect(stepOf(report, 'seen').log).toContain('skipped');
    expect(report.conclusion).toBe('failure');
  });

  test('that may fail leave the run green and their result a success', async () => {
    using fixture = fixtureRun();
    const report = await fixture.run(
      jobs(`
bad: { continue-on-error: true, runs-on: any, steps: [{ run: exit 1 }] }
next: { needs: bad, runs-on: any, steps: [{ name: seen, run: 'echo "\${{ needs.bad.result }}"' }] }`),
    );
    expect(conclusions(report)).toEqual({ bad: 'failure', next: 'success' });
    expect(stepOf(report, 'seen').log).toContain('success');
    expect(report.conclusion).toBe('success');
  });

  test('run two at a time when nothing holds them back', async () => {
    using fixture = fixtureRun();
    const one = (name: string): string => `${name}: { runs-on: any, steps: [{ run: sleep 0.2 }] }`;
    const report = await fixture.run(jobs(['a', 'b', 'c'].map(one).join('\n')));
    expect(report.conclusion).toBe('success');
    const order = fixture.events.flatMap((event) =>
      event.type === 'job.started' || event.type === 'job.finished' ? [event.type.slice(4)] : [],
    );
    expect(order.slice(0, 3)).toEqual(['started', 'started', 'finished']);
    expect(order.filter((type) => type === 'finished')).toHaveLength(3);
  });

  test('a run with nothing but skipped jobs is skipped', async () => {
    using fixture = fixtureRun();
    const report = await fixture.run(jobs(`a: { if: github.actor == 'bob', runs-on: any, steps: [{ run: echo }] }`));
    expect(report).toMatchObject({ conclusion: 'skipped', reason: 'every job was skipped' });
  });

  test('fail, and do not take us down, when their own settings cannot be evaluated', async () => {
    using fixture = fixtureRun();
    const report = await fixture.run(
      jobs(`
a: { timeout-minutes: "\${{ fromJSON(github.actor) }}", runs-on: any, steps: [{ run: echo }] }
b: { strategy: { matrix: { x: "\${{ fromJSON('[]') }}" } }, runs-on: any, steps: [{ run: echo }] }`),
    );
    expect(conclusions(report)).toEqual({ a: 'failure', b: 'failure' });
  });

  test('say what was ignored', async () => {
    using fixture = fixtureRun();
    const report = await fixture.run(oneJob('- run: echo', 'environment: production'));
    expect(report.notes).toEqual(["'environment' of job 'job' is ignored by the local runner"]);
  });
});

describe('what GitHub would refuse', () => {
  test.each([
    [
      'a circle of needs',
      'jobs:\n  a: { needs: b, runs-on: x, steps: [{ run: echo }] }\n  b: { needs: a, runs-on: x, steps: [{ run: echo }] }\n',
      "circle of 'needs'",
    ],
    ['an unknown need', 'jobs:\n  a: { needs: b, runs-on: x, steps: [{ run: echo }] }\n', "unknown job 'b'"],
    ['an unknown key', 'jobs:\n  a: { runs-on: x, stepz: [], steps: [{ run: echo }] }\n', "Unexpected value 'stepz'"],
    [
      'a context that is not there',
      'jobs:\n  a: { if: secrets.x, runs-on: x, steps: [{ run: echo }] }\n',
      "Unrecognized named-value: 'secrets'",
    ],
    [
      'an unknown function',
      `jobs:\n  a: { runs-on: x, steps: [{ run: 'echo \${{ nope() }}' }] }\n`,
      "Unrecognized function: 'nope'",
    ],
    ['bad YAML', 'jobs:\n  a: [\n', 'inline.yml'],
    [
      'two steps of one id',
      'jobs:\n  a: { runs-on: x, steps: [{ id: s, run: a }, { id: S, run: b }] }\n',
      "'S' is used twice",
    ],
  ])('is refused with its place: %s', async (_, workflow, message) => {
    using fixture = fixtureRun();
    await expect(fixture.run(workflow)).rejects.toThrow(message);
    await expect(fixture.run(workflow)).rejects.toMatchObject({ code: 'E800' });
  });
});

describe('an event that is not meant', () => {
  test.each([
    ['on: push\n', "not started by 'issue_comment'"],
    ['on:\n  issue_comment:\n    types: [edited]\n', "action 'created' starts nothing"],
  ])('starts nothing: %j', async (on, reason) => {
    using fixture = fixtureRun();
    const report = await fixture.run(`${on}${oneJob('- run: echo')}`);
    expect(report).toMatchObject({ conclusion: 'skipped', jobs: [] });
    expect(report.reason).toContain(reason);
  });
});
