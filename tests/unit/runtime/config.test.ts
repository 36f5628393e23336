import { execFileSync } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';
import { parseActionEnvironment } from '../../../src/runtime/action-environment.ts';
import { parseActionInputs, readInputSettings, required } from '../../../src/runtime/action-inputs.ts';
import { parseCliEnvironment } from '../../../src/runtime/cli-environment.ts';
import { knownSecrets, takeSecret, takeSecretInput } from '../../../src/runtime/config.ts';
import { list, text, whole, yesNo } from '../../../src/runtime/value-reader.ts';

const runner = {
  GITHUB_REPOSITORY: 'octo/slug',
  GITHUB_RUN_ID: '77',
  GITHUB_RUN_ATTEMPT: '2',
  GITHUB_EVENT_NAME: 'issue_comment',
  GITHUB_EVENT_PATH: '/tmp/event.json',
  GITHUB_ACTOR: 'alice',
  GITHUB_WORKSPACE: '/w',
  RUNNER_TEMP: '/t',
  GITHUB_OUTPUT: '/t/out',
  STATE_claim: 'c1',
  PATH: '/bin',
};

describe('the environment of an action', () => {
  it('is read with the defaults of github.com, the run on the web and what main saved for post', () => {
    const environment = parseActionEnvironment(runner);
    expect(environment.github).toMatchObject({
      repository: { owner: 'octo', name: 'slug' },
      runId: 77,
      runAttempt: 2,
      apiUrl: 'https://api.github.com',
      graphqlUrl: 'https://api.github.com/graphql',
      triggeringActor: 'alice',
    });
    expect(environment.runUrl).toBe('https://github.com/octo/slug/actions/runs/77');
    expect(environment.savedState('claim')).toBe('c1');
    expect(environment.savedState('nothing')).toBeUndefined();
  });

  it('of a GitHub Enterprise server is honoured', () => {
    const environment = parseActionEnvironment({
      ...runner,
      GITHUB_API_URL: 'https://git.acme.com/api/v3/',
      GITHUB_SERVER_URL: 'https://git.acme.com',
    });
    expect(environment.github.apiUrl).toBe('https://git.acme.com/api/v3');
    expect(environment.runUrl).toBe('https://git.acme.com/octo/slug/actions/runs/77');
  });

  it('outside of a runner is refused once, with everything that is missing', () => {
    expect(() => parseActionEnvironment({})).toThrow(
      expect.objectContaining({ code: 'E101', message: expect.stringMatching(/GITHUB_REPOSITORY[\s\S]*RUNNER_TEMP/) }),
    );
  });
});

describe('the inputs of an action', () => {
  const spec = { task: required(text), 'max-turns': whole(1), draft: yesNo, 'allow-users': list };

  it('keep their dashes, are trimmed, and are undefined when blank', () => {
    const inputs = parseActionInputs({ INPUT_TASK: ' t.json ', 'INPUT_MAX-TURNS': '5', INPUT_DRAFT: '' }, spec);
    expect(inputs).toEqual({ task: 't.json', 'max-turns': 5, draft: undefined, 'allow-users': undefined });
  });

  it('are all judged before anything is said', () => {
    expect(() => parseActionInputs({ 'INPUT_MAX-TURNS': 'many', INPUT_DRAFT: 'maybe' }, spec)).toThrow(
      expect.objectContaining({
        code: 'E101',
        message: expect.stringMatching(/^3 values[\s\S]*input task is required[\s\S]*max-turns[\s\S]*draft/),
      }),
    );
  });

  it('that are settings become one layer, checked by the same rules as the file', () => {
    const layer = readInputSettings({
      'INPUT_MAX-COST-USD': '0.5',
      'INPUT_TEST-COMMAND': 'npm test',
      'INPUT_ALLOWED-PATHS': 'src/**\nlib/**',
      INPUT_MODEL: '',
    });
    expect(layer.values).toEqual({ maxCostMicroUsd: 500_000, test: 'npm test', allowedPaths: ['src/**', 'lib/**'] });
    expect(layer.origin?.test).toBe('input test-command');
    expect(() => readInputSettings({ 'INPUT_BRANCH-PREFIX': '../' })).toThrow(/branch-prefix/);
  });
});

describe('the environment of the command line', () => {
  it('tells that there are secrets, and never their values', () => {
    const environment = parseCliEnvironment({ ANTHROPIC_API_KEY: 'sk-1', GH_TOKEN: 'ghp_1', HOME: '/h', PATH: '/bin' });
    expect(environment).toMatchObject({ hasModelKey: true, githubTokenVariable: 'GH_TOKEN' });
    expect(environment.stateDir).toBe('/h/.local/state/entropy-playground');
    expect(JSON.stringify(environment)).not.toMatch(/sk-1|ghp_1/);
  });

  it.each([
    [{ NO_COLOR: '1', FORCE_COLOR: '1' }, 'never'],
    [{ FORCE_COLOR: '1' }, 'always'],
    [{ FORCE_COLOR: '0' }, 'never'],
    [{ TERM: 'dumb' }, 'never'],
    [{}, 'auto'],
  ] as const)('%j means colour %s', (variables, color) => {
    expect(parseCliEnvironment(variables).terminal.color).toBe(color);
  });

  it('names every bad variable at once', () => {
    expect(() =>
      parseCliEnvironment({ ENTROPY_MAX_TURNS: '0', GITHUB_API_URL: 'https://u:p@x', COLUMNS: 'wide' }),
    ).toThrow(
      expect.objectContaining({ message: expect.stringMatching(/^3 values[\s\S]*COLUMNS[\s\S]*ENTROPY_MAX_TURNS/) }),
    );
  });

  it('reads settings from ENTROPY_ variables and names them as their source', () => {
    const { settings } = parseCliEnvironment({ ENTROPY_MODEL: 'claude-x', ENTROPY_SANDBOX: 'bubblewrap' });
    expect(settings.values).toEqual({ model: 'claude-x', requiredSandbox: 'bubblewrap' });
    expect(settings.origin?.model).toBe('ENTROPY_MODEL');
  });
});

describe('a secret', () => {
  afterEach(() => {
    delete process.env['ENTROPY_TEST_SECRET'];
  });

  it('is handed out once and is then gone for this process and its children', () => {
    process.env['ENTROPY_TEST_SECRET'] = ' s3cret ';
    process.env['INPUT_ANTHROPIC-API-KEY'] = 'k';
    expect(takeSecret('ENTROPY_TEST_SECRET')).toBe('s3cret');
    expect(takeSecretInput('anthropic-api-key')).toBe('k');
    expect(takeSecret('ENTROPY_TEST_SECRET')).toBeUndefined();
    expect(execFileSync('env').toString()).not.toMatch(/s3cret|INPUT_ANTHROPIC/);
  });

  it('is looked for in all that leaves, unless it is an address, whose host stands in many a text', () => {
    process.env['ENTROPY_TEST_SECRET'] = 'https://pipelines.githubusercontent.example/idtoken?api-version=2.0';
    expect(takeSecret('ENTROPY_TEST_SECRET')).toContain('idtoken');
    process.env['ENTROPY_TEST_TOKEN'] = 'no-address-at-all';
    expect(takeSecret('ENTROPY_TEST_TOKEN')).toBe('no-address-at-all');
    const known = knownSecrets();
    expect(Object.values(known)).toContain('no-address-at-all');
    expect(Object.values(known).join()).not.toContain('idtoken');
  });
});
