import { describe, expect, test } from 'vitest';
import { EntropyError } from '../../../../src/domain/error.ts';
import { fixtureRun, jobOf, oneJob, stepOf } from './run-fixture.ts';

const checkout = '- uses: actions/checkout@v7';

describe('post', () => {
  test('runs from the last to the first, with the saved state, also after a failure', async () => {
    using fixture = fixtureRun();
    const report = await fixture.run(
      oneJob(`
${checkout}
- uses: ./actions/with-post
  name: one
  with: { word: first }
- uses: ./actions/with-post
  name: two
  with: { word: second, exit: '4' }
- uses: ./actions/with-post
  name: three
  with: { word: third }`),
    );
    const names = jobOf(report)
      .steps.filter((step) => step.conclusion !== 'skipped')
      .map((step) => step.name);
    expect(names).toEqual(['Run actions/checkout@v7', 'one', 'two', 'Post two', 'Post one']);
    expect(stepOf(report, 'Post two').log).toContain('post second');
    expect(stepOf(report, 'Post one').log).toContain('post first');
    expect(report.conclusion).toBe('failure');
  });

  test.each([
    ['exit 1', 'success'],
    ['exit 0', 'skipped'],
  ])('obeys post-if: after %s it is %s', async (script, conclusion) => {
    using fixture = fixtureRun();
    const steps = `${checkout}\n- uses: ./actions/post-on-failure\n  name: it\n- run: ${script}`;
    const report = await fixture.run(oneJob(steps));
    expect(stepOf(report, 'Post it').conclusion).toBe(conclusion);
  });
});

describe('pre', () => {
  test('of an action of another repository runs before every step', async () => {
    using fixture = fixtureRun();
    const report = await fixture.run(
      oneJob(`
- name: env
  run: echo "pre says $FROM_PRE"
- name: it
  uses: octo/with-pre@v1`),
    );
    expect(jobOf(report).steps.map((step) => step.name)).toEqual(['Pre it', 'env', 'it']);
    expect(stepOf(report, 'env').log).toContain('pre says yes');
    expect(stepOf(report, 'it').log).toContain('state bird');
  });

  test('of a local action is not run, with a warning, as on GitHub', async () => {
    using fixture = fixtureRun();
    const report = await fixture.run(oneJob(`${checkout}\n- uses: ./actions/with-pre\n  name: it`));
    expect(jobOf(report).steps.map((step) => step.name)).not.toContain('Pre it');
    expect(report.annotations[0]?.message).toContain('`pre` execution is not supported for local action');
  });
});

describe('a composite action', () => {
  const use = (inputs: string): string => `${checkout}
- id: it
  name: it
  uses: ./actions/composite
  with: ${inputs}
  env:
    OUTER: outside
- name: after
  if: always()
  run: echo "\${{ steps.it.outputs.greeting }} \${{ steps.it.outcome }} \${{ steps.greet.outputs.text }}"`;

  test('has its own inputs, steps and outputs, and sees the environment around it', async () => {
    using fixture = fixtureRun();
    const report = await fixture.run(oneJob(use('{ who: bob }')));
    expect(stepOf(report, 'it').outputs['greeting']).toBe('hello bob from outside');
    expect(stepOf(report, 'it').outputs['path']).toMatch(/\/actions\/composite$/);
    expect(stepOf(report, 'it').log).toContain('the composite is well');
    expect(stepOf(report, 'it').log).toContain('main inside bob');
    expect(stepOf(report, 'after').log).toContain('hello bob from outside success \n');
    expect(stepOf(report, 'Post ./actions/with-post').log).toContain('post inside bob');
  });

  test('fails with its step, and its own conditions look at itself', async () => {
    using fixture = fixtureRun();
    const report = await fixture.run(oneJob(use("{ who: bob, fail: 'true' }")));
    expect(stepOf(report, 'it').log).toContain('the composite saw its own failure');
    expect(stepOf(report, 'it').log).not.toContain('\nthe composite is well');
    expect(stepOf(report, 'after').log).toContain('hello bob from outside failure');
    expect(report.conclusion).toBe('failure');
  });
});

describe('what the local runner does not have', () => {
  const refused = async (workflow: string): Promise<EntropyError> => {
    using fixture = fixtureRun();
    const error = await fixture.run(workflow).catch((reason: unknown) => reason);
    expect(
      fixture.events.filter((event) => event.type === 'job.started' && !workflow.includes('actions/docker')),
    ).toEqual([]);
    if (!(error instanceof EntropyError)) throw new Error(`no EntropyError but ${String(error)}`);
    return error;
  };

  test.each([
    ['an unknown action', oneJob('- uses: someone/else@v1'), "The action 'someone/else@v1' is not to be had locally"],
    ['a Docker image', oneJob('- uses: docker://alpine'), "'docker://alpine' is a Docker action"],
    ['a Docker action', oneJob('- uses: octo/docker@v1'), 'is a Docker action'],
    [
      'a container',
      oneJob('- run: echo', 'container: node:24'),
      "Job 'job' of .github/workflows/inline.yml uses 'container'",
    ],
    ['services', oneJob('- run: echo', 'services:\n  db:\n    image: postgres'), "uses 'services'"],
    [
      'a missing workflow',
      'jobs:\n  a:\n    uses: ./.github/workflows/nowhere.yml\n',
      "The workflow './.github/workflows/nowhere.yml' of job 'a' was not found",
    ],
  ])('is refused by name before any job: %s', async (_, workflow, message) => {
    const error = await refused(workflow);
    expect(error.code).toBe('E800');
    expect(error.message).toContain(message);
  });

  test('is refused when a checkout brings it in, after the other steps were ended properly', async () => {
    using fixture = fixtureRun();
    const workflow = oneJob(
      `${checkout}\n- uses: ./actions/with-post\n  name: one\n  with: { word: w }\n- uses: ./actions/docker`,
    );
    await expect(fixture.run(workflow)).rejects.toMatchObject({ code: 'E800' });
    const finished = fixture.events.flatMap((event) => (event.type === 'step.finished' ? [event.step] : []));
    expect(finished).toContain('Post one');
  });

  test('a local action that was not checked out fails its step with the usual hint', async () => {
    using fixture = fixtureRun();
    const report = await fixture.run(oneJob('- uses: ./actions/record'));
    expect(report.conclusion).toBe('failure');
    expect(report.annotations[0]?.message).toContain('Did you forget to run actions/checkout');
  });

  test('a local action outside of the workspace fails its step', async () => {
    using fixture = fixtureRun();
    const report = await fixture.run(oneJob('- uses: ./../../elsewhere'));
    expect(report.annotations[0]?.message).toContain('leads out of the workspace');
  });
});

describe('actions/checkout', () => {
  test('asks for the repository, ref and folder that the workflow names', async () => {
    using fixture = fixtureRun();
    const steps = `- id: own
  uses: actions/checkout@v7
- uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1
  with:
    repository: else/where
    ref: \${{ job.workflow_sha }}
    path: .entropy-playground
    persist-credentials: false
    fetch-depth: 0
    sparse-checkout: |
      actions
      docs`;
    await fixture.run(oneJob(steps));
    const [own, other] = fixture.checkouts;
    expect(own).toMatchObject({
      repository: 'octo/slug',
      ref: 'a'.repeat(40),
      persistCredentials: true,
      fetchDepth: 1,
      sparse: [],
      token: 'ghs_token_of_job',
    });
    expect(other).toMatchObject({
      repository: 'else/where',
      ref: 'a'.repeat(40),
      path: `${own?.path}/.entropy-playground`,
      persistCredentials: false,
      fetchDepth: 0,
      sparse: ['actions', 'docs'],
    });
  });

  test('takes the credentials out again when the job ends', async () => {
    using fixture = fixtureRun();
    let cleaned = 0;
    const cleanUp = async (): Promise<void> => {
      cleaned += 1;
    };
    const checkOut = async () => ({ commit: 'b'.repeat(40), cleanUp });
    const resolve = { checkout: checkOut, action: async () => undefined, workflow: async () => undefined };
    const report = await fixture.run(oneJob(`${checkout}\n- run: exit 1`), { resolve });
    expect(cleaned).toBe(1);
    expect(stepOf(report, 'Post Run actions/checkout@v7').conclusion).toBe('success');
  });

  test.each([
    ['path: ../out', "is not under '"],
    ['submodules: recursive', "does not have the input 'submodules'"],
    ['persist-credentials: maybe', 'YAML 1.2'],
  ])('fails its step for %s', async (input, message) => {
    using fixture = fixtureRun();
    const report = await fixture.run(oneJob(`${checkout}\n  with: { ${input} }`));
    expect(report.annotations[0]?.message).toContain(message);
    expect(fixture.checkouts).toEqual([]);
  });
});

test('actions/setup-node uses the node of PATH and says when another one was asked for', async () => {
  using fixture = fixtureRun();
  const steps = `- id: node\n  uses: actions/setup-node@v6\n  with: { node-version: 18 }\n- name: say\n  run: echo "\${{ steps.node.outputs.node-version }}"`;
  const report = await fixture.run(oneJob(steps));
  expect(stepOf(report, 'say').log).toContain('v24.');
  expect(report.annotations[0]?.message).toContain('node 18 was asked for');
});

test('actions/cache is always a miss', async () => {
  using fixture = fixtureRun();
  const steps = `- id: cache\n  uses: actions/cache@v5\n  with: { path: x, key: k }\n- name: say\n  run: echo "hit [\${{ steps.cache.outputs.cache-hit }}]"`;
  const report = await fixture.run(oneJob(steps));
  expect(stepOf(report, 'say').log).toContain('hit []');
});
