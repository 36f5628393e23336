import { describe, expect, test } from 'vitest';
import { conclusions, fixtureRun, jobOf, workflowFile } from './run-fixture.ts';

describe('a called workflow', () => {
  test('gets typed inputs and named secrets, gives outputs, and knows where it comes from', async () => {
    using fixture = fixtureRun();
    const foreign = { repository: 'entropy/playground', sha: 'c'.repeat(40), ref: 'refs/tags/v1' };
    const resolve = {
      checkout: async () => ({ commit: '' }),
      action: async () => undefined,
      workflow: async () => ({ ...workflowFile('called.yml'), identity: foreign }),
    };
    const report = await fixture.run('caller.yml', { resolve });
    expect(conclusions(report)).toEqual({ 'call/inner': 'success', 'call/reader': 'success', after: 'success' });
    expect(report.jobs.map((job) => job.name)).toContain('call / inner');
    expect(jobOf(report, 'call/inner').outputs).toEqual({ answer: '/agent fix x3 loud' });
    const log = jobOf(report, 'call/inner').steps[0]?.log;
    expect(log).toContain('key has 14 characters, other 0');
    expect(log).toContain(
      `workflow caller file .github/workflows/called.yml of entropy/playground at ${'c'.repeat(40)}`,
    );
    expect(jobOf(report, 'after').steps[0]?.log).toContain('success /agent fix x3 loud');
  });

  test('gives its jobs what they ask for, else what the calling job has', async () => {
    using fixture = fixtureRun();
    await fixture.run('caller.yml');
    const granted = Object.fromEntries(fixture.minted.map(({ job, permissions }) => [job, permissions]));
    expect(granted).toEqual({
      'call/inner': { contents: 'write' },
      'call/reader': { contents: 'write', issues: 'read' },
      after: { contents: 'read' },
    });
  });

  const call = (settings: string): string =>
    `jobs:\n  call:\n    uses: ./.github/workflows/called.yml\n${settings.replace(/^(?=.)/gm, '    ')}\n`;
  const right = 'permissions: { contents: write }\nwith: { word: w }\nsecrets: inherit';

  test.each([
    [
      'too few permissions',
      right.replace('write', 'read'),
      "The nested job 'inner' is requesting 'contents: write', but is only allowed 'contents: read'",
    ],
    ['an unknown input', right.replace('word: w', 'word: w, wrod: x'), "input 'wrod' is not defined there"],
    ['a missing input', right.replace('with: { word: w }\n', ''), "input 'word' is required"],
    ['an unknown secret', right.replace('inherit', '{ key: x, kye: x }'), "secret 'kye' is not defined there"],
    ['a missing secret', right.replace('inherit', '{ other: x }'), "secret 'key' is required"],
  ])('is refused before anything runs: %s', async (_, settings, message) => {
    using fixture = fixtureRun();
    const error: unknown = await fixture.run(call(settings)).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'E800', message: expect.stringContaining(message) });
    expect(fixture.events).toEqual([]);
  });

  test('inherits all secrets, and none without being told', async () => {
    using fixture = fixtureRun();
    const report = await fixture.run(call(right), { secrets: { KEY: 'twelve chars', other: '123' } });
    expect(jobOf(report, 'call/inner').steps[0]?.log).toContain('key has 12 characters, other 3');
  });

  test('fails with a clear message when an input has the wrong type', async () => {
    using fixture = fixtureRun();
    const report = await fixture.run(call(right.replace('word: w', `word: w, times: "\${{ github.actor }}"`)));
    expect(report.conclusion).toBe('failure');
    expect(report.annotations[0]?.message).toContain(
      'The input \'times\' of ./.github/workflows/called.yml wants a number and was given "alice"',
    );
  });

  test('is cancelled with the run', async () => {
    using fixture = fixtureRun();
    const cancel = new AbortController();
    const inner =
      'on: workflow_call\njobs:\n  a: { runs-on: any, steps: [{ name: long, run: exec sleep 60 }] }\n  b: { needs: a, if: always(), runs-on: any, steps: [{ run: echo }] }\n';
    const resolve = {
      checkout: async () => ({ commit: '' }),
      action: async () => undefined,
      workflow: async () => workflowFile(inner),
    };
    const onEvent = (event: { type: string }): void => {
      if (event.type === 'step.started') cancel.abort();
    };
    const report = await fixture.run('jobs:\n  call:\n    uses: ./x.yml\n', {
      resolve,
      signal: cancel.signal,
      onEvent,
    });
    expect(conclusions(report)).toEqual({ 'call/a': 'cancelled', 'call/b': 'success' });
    expect(report.conclusion).toBe('cancelled');
  });

  test('may not call itself without end', async () => {
    using fixture = fixtureRun();
    const loop = 'on: [issue_comment, workflow_call]\njobs:\n  again:\n    uses: ./loop.yml\n';
    const resolve = {
      checkout: async () => ({ commit: '' }),
      action: async () => undefined,
      workflow: async () => workflowFile(loop),
    };
    await expect(fixture.run(loop, { resolve })).rejects.toMatchObject({
      code: 'E800',
      message: expect.stringContaining('10 workflows deep'),
    });
  });
});
