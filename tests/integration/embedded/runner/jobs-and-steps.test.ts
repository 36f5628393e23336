import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { fixtureRun, jobOf, oneJob, stepOf } from './run-fixture.ts';

describe('a workflow with two jobs', () => {
  test('hands outputs over, and runs with the contexts of the event', async () => {
    using fixture = fixtureRun();
    const report = await fixture.run('basic.yml');
    expect(report.conclusion).toBe('success');
    const [first, second] = fixture.notes();
    expect(first?.note).toBe('/agent fix');
    expect(second?.note).toBe('/agent fix/a=1\nb//success');
    expect(first?.event['comment']).toMatchObject({ body: '/agent fix' });
    expect(stepOf(report, 'Run mine "$ADDED $FROM_BOTH"').log).toContain('mine later job');
  });

  test('gives an action the variables that GitHub gives it, by their exact names', async () => {
    using fixture = fixtureRun();
    await fixture.run('basic.yml');
    const env = fixture.notes()[0]?.env ?? {};
    expect(env).toMatchObject({
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      GITHUB_ACTION: 'note',
      GITHUB_ACTOR: 'alice',
      GITHUB_API_URL: 'http://localhost:1/api/v3',
      GITHUB_EVENT_NAME: 'issue_comment',
      GITHUB_JOB: 'first',
      GITHUB_REF: 'refs/heads/main',
      GITHUB_REF_NAME: 'main',
      GITHUB_REF_TYPE: 'branch',
      GITHUB_REPOSITORY: 'octo/slug',
      GITHUB_REPOSITORY_ID: '11',
      GITHUB_REPOSITORY_OWNER: 'octo',
      GITHUB_RUN_ATTEMPT: '2',
      GITHUB_RUN_ID: '4711',
      GITHUB_RUN_NUMBER: '3',
      GITHUB_SHA: 'a'.repeat(40),
      GITHUB_WORKFLOW: 'basic',
      GITHUB_WORKFLOW_REF: 'octo/slug/.github/workflows/basic.yml@refs/heads/main',
      'INPUT_GITHUB-TOKEN': 'ghs_token_of_first',
      INPUT_TWO_WORDS: 'a b',
      'INPUT_UPPER-CASE': 'kept',
      INPUT_UNKNOWN: 'thing',
      FROM_BOTH: 'job',
      FROM_STEP: 'step',
      FROM_WORKFLOW: '/agent fix',
    });
    expect(env['GITHUB_WORKSPACE']).toBe(fixture.notes()[0]?.cwd);
    expect(existsSync(env['RUNNER_TEMP'] ?? '')).toBe(true);
  });

  test('inherits nothing of our own environment', async () => {
    using fixture = fixtureRun();
    process.env['LEAKED_BY_US'] = 'yes';
    try {
      await fixture.run('basic.yml');
    } finally {
      delete process.env['LEAKED_BY_US'];
    }
    expect(fixture.notes()[0]?.env).not.toHaveProperty('LEAKED_BY_US');
  });

  test('works in fresh folders, and with a token of its own, in every job', async () => {
    using fixture = fixtureRun();
    await fixture.run('basic.yml');
    const [first, second] = fixture.notes();
    expect(first?.cwd).not.toBe(second?.cwd);
    expect(first?.env['RUNNER_TEMP']).not.toBe(second?.env['RUNNER_TEMP']);
    expect(fixture.minted).toEqual([
      { job: 'first', permissions: { issues: 'write' } },
      { job: 'second', permissions: { contents: 'read' } },
    ]);
  });

  test('shows no secret, token or added mask anywhere, and hands none on as an output', async () => {
    using fixture = fixtureRun();
    const report = await fixture.run('basic.yml');
    const seen = JSON.stringify([report, fixture.events]);
    for (const secret of ['sk-very-secret', 'ghs_token_of_first', 'hidden-42']) expect(seen).not.toContain(secret);
    expect(seen).toContain('the key is ***');
    expect(jobOf(report, 'first').outputs).toEqual({ seen: '/agent fix', multi: 'a=1\nb' });
    const warning = {
      level: 'warning',
      message: "Skip output 'leak' since it may contain secret.",
      job: 'first',
      step: '',
    };
    expect(report.annotations).toContainEqual(warning);
  });

  test('collects annotations with their places, and step summaries', async () => {
    using fixture = fixtureRun();
    const report = await fixture.run('basic.yml');
    expect(report.annotations).toContainEqual(
      expect.objectContaining({ level: 'warning', message: 'careful\nthere', file: 'a.js', line: 3, title: 'Look' }),
    );
    expect(report.annotations.map((annotation) => annotation.message)).toContainEqual(
      expect.stringContaining("Unexpected input(s) 'unknown'"),
    );
    expect(report.summary[0]).toEqual({ job: 'first', step: 'Run ./actions/record', markdown: 'noted /agent fix\n' });
  });

  test('tells everything as it happens, in order', async () => {
    using fixture = fixtureRun();
    await fixture.run('basic.yml');
    const types = fixture.events.filter((event) => event.type !== 'log').map((event) => event.type);
    const job = (steps: number): string[] => [
      'job.started',
      ...Array.from({ length: steps }, () => ['step.started', 'step.finished']).flat(),
      'job.finished',
    ];
    expect(types).toEqual(['run.started', ...job(4), ...job(2), 'run.finished']);
  });
});

describe('run steps', () => {
  test('use bash -e by default, the strict form when asked, and any program as a shell', async () => {
    using fixture = fixtureRun();
    const report = await fixture.run(
      oneJob(`
- name: default
  run: 'false | true; echo "default goes on"; false; echo never'
  continue-on-error: true
- name: strict
  shell: bash
  run: 'false | true; echo never'
  continue-on-error: true
- name: own
  shell: node {0}
  run: console.log('in node', process.argv.length);
- name: nowhere
  shell: fish
  run: echo never
  continue-on-error: true`),
    );
    expect(stepOf(report, 'default').log).toContain('default goes on');
    expect(stepOf(report, 'default')).toMatchObject({ outcome: 'failure', conclusion: 'success' });
    expect(stepOf(report, 'strict')).toMatchObject({ outcome: 'failure', conclusion: 'success' });
    expect(stepOf(report, 'own').log).toContain('in node 2');
    expect(stepOf(report, 'nowhere').log).toContain('Invalid shell option');
    expect(
      report.jobs
        .flatMap((job) => job.steps)
        .map((step) => step.log)
        .join(''),
    ).not.toMatch(/^never$/m);
  });

  test('take working directories and shells from the defaults, the nearest word counting', async () => {
    using fixture = fixtureRun();
    const report = await fixture.run(`defaults:
  run:
    shell: bash
    working-directory: outer
jobs:
  job:
    runs-on: any
    defaults:
      run:
        working-directory: inner
    steps:
      - run: mkdir -p inner own
        working-directory: .
      - name: inner
        run: basename "$PWD"
      - name: own
        working-directory: own
        run: basename "$PWD"
`);
    expect(stepOf(report, 'inner').log).toContain('shell: bash\n##[endgroup]\ninner\n');
    expect(stepOf(report, 'own').log).toMatch(/\nown\n$/);
  });

  test('keep the text of a block with expressions as it was written', async () => {
    using fixture = fixtureRun();
    const report = await fixture.run(
      oneJob(`
- name: quotes
  run: |
    if true; then
      printf '%s|' 'one' "{braces}" "\${{ github.actor }}" "\${{ 'it''s ''so''' }}"
    fi`),
    );
    expect(stepOf(report, 'quotes').log).toContain("one|{braces}|alice|it's 'so'|");
  });

  test('cannot be tricked by output while commands are stopped', async () => {
    using fixture = fixtureRun();
    const report = await fixture.run(
      oneJob(`
- name: stopped
  run: |
    echo "::stop-commands::one-random-token"
    echo "::error::not an error"
    echo "::add-mask::visible"
    echo "::one-random-token::"
    echo "visible"
    echo "::error::an error"
    echo "::constructor::just text"`),
    );
    expect(report.annotations.map((annotation) => annotation.message)).toEqual(['an error']);
    expect(stepOf(report, 'stopped').log).toContain('::error::not an error');
    expect(stepOf(report, 'stopped').log).toMatch(/^visible$/m);
    expect(stepOf(report, 'stopped').log).toContain('::constructor::just text');
  });

  test.each([
    ['::set-env name=A::b', 'The `set-env` command is disabled'],
    ['::add-path::/tmp', 'The `add-path` command is disabled'],
    ['::stop-commands::error', 'the name of a command'],
  ])('fail for the insecure command %s', async (command, message) => {
    using fixture = fixtureRun();
    const report = await fixture.run(oneJob(`- run: 'echo "${command}"'`));
    expect(report.conclusion).toBe('failure');
    expect(report.annotations[0]?.message).toContain(message);
  });

  test('still obey set-output, with the warning that GitHub gives', async () => {
    using fixture = fixtureRun();
    const report = await fixture.run(
      oneJob(`
- id: old
  run: 'echo "::set-output name=a::b"'
- name: read
  run: echo "got \${{ steps.old.outputs.a }}"`),
    );
    expect(stepOf(report, 'read').log).toContain('got b');
    expect(report.annotations[0]?.message).toContain('The `set-output` command is deprecated');
  });

  test('fail when a command file cannot be read, and cannot set NODE_OPTIONS for later steps', async () => {
    using fixture = fixtureRun();
    const report = await fixture.run(
      oneJob(`
- name: broken
  continue-on-error: true
  run: 'echo "a<<NEVER" >> "$GITHUB_OUTPUT"'
- name: options
  run: 'echo "NODE_OPTIONS=--require=./evil.js" >> "$GITHUB_ENV"'
- name: after
  run: 'echo "options are [$NODE_OPTIONS]"'`),
    );
    expect(stepOf(report, 'broken').outcome).toBe('failure');
    expect(stepOf(report, 'after').log).toContain('options are []');
  });
});
