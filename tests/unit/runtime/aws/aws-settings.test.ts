import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EntropyError } from '../../../../src/domain/error.ts';
import { awsVariables, type FunctionName, functionNames, variablesOf } from '../../../../src/runtime/aws/aws-names.ts';
import { parseAwsSettings } from '../../../../src/runtime/aws/aws-settings.ts';

type Name = keyof typeof awsVariables;

/** One right value for each, as the stack sets them. */
const right: Readonly<Record<Name, string>> = {
  table: 'entropy-table',
  queueUrl: 'https://sqs.eu-central-1.amazonaws.com/123456789012/tasks',
  deadLetterQueueUrl: 'https://sqs.eu-central-1.amazonaws.com/123456789012/dead-letters',
  artifactsBucket: 'artifacts',
  auditBucket: 'audit',
  webhookSecretId: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:webhook',
  appId: '123456',
  appKeyId: '0a-1b',
  sealingKeyId: '2c-3d',
  githubApiUrl: 'https://api.github.com',
  githubServerUrl: 'https://github.com/',
  coordinatorUrl: 'https://agents.example.com',
  workflow: 'agent.yml',
  runnerRepository: 'octo/agents',
  owners: 'Octo#21, hexa',
  oidcIssuer: 'https://token.actions.githubusercontent.com',
  trustedWorkflows: 'octo/agents/.github/workflows/agent.yml@*, hexa/a/.github/workflows/b.yml@refs/**',
  stack: 'entropy-playground',
  logLevel: 'WARN',
};

/** May be empty: each in its own repository, nobody, INFO. */
const optional: readonly Name[] = ['runnerRepository', 'owners', 'logLevel'];

function environment(changes: Partial<Readonly<Record<Name, string | undefined>>> = {}) {
  const values = { ...right, ...changes };
  return Object.fromEntries(Object.entries(awsVariables).map(([name, variable]) => [variable, values[name as Name]]));
}

function problemOf(name: FunctionName, values: Parameters<typeof environment>[0]): string {
  try {
    parseAwsSettings(environment(values), name);
  } catch (error) {
    if (error instanceof EntropyError && error.code === 'E101') return error.message;
    throw error;
  }
  return '';
}

const functions = fc.constantFrom(...functionNames);

describe('what a function is told of its stack', () => {
  it('is read whole: each of its settings, and none of another function', () => {
    for (const name of functionNames)
      expect(Object.keys(parseAwsSettings(environment(), name)).sort()).toEqual([...variablesOf[name]].sort());
  });

  it('is read as what it is', () => {
    expect(parseAwsSettings(environment(), 'api')).toMatchObject({
      appId: 123_456,
      githubServerUrl: 'https://github.com',
      runnerRepository: { owner: 'octo', name: 'agents' },
      trustedWorkflows: ['octo/agents/.github/workflows/agent.yml@*', 'hexa/a/.github/workflows/b.yml@refs/**'],
      owners: [{ login: 'octo', id: '21' }, { login: 'hexa' }],
      logLevel: 'WARN',
    });
    const bare = parseAwsSettings(environment({ runnerRepository: '', owners: '', logLevel: undefined }), 'api');
    expect(bare).toMatchObject({ runnerRepository: undefined, owners: [], logLevel: 'INFO' });
  });

  it('has every variable read: one that is missing is named, unless it may be', () => {
    const told = functions.chain((name) => fc.tuple(fc.constant(name), fc.constantFrom<Name>(...variablesOf[name])));
    fc.assert(
      fc.property(told, fc.constantFrom(undefined, '', '  '), ([name, missing], empty) => {
        const problem = problemOf(name, { [missing]: empty });
        if (optional.includes(missing)) expect(problem).toBe('');
        else expect(problem).toContain(awsVariables[missing]);
      }),
    );
  });

  it('lets no function be stopped by what another one is told', () => {
    fc.assert(
      fc.property(functions, fc.string(), (name, noise) => {
        const own: readonly Name[] = variablesOf[name];
        const others = Object.keys(awsVariables).filter((each) => !own.some((mine) => mine === each));
        expect(problemOf(name, Object.fromEntries(others.map((each) => [each, noise])))).toBe('');
      }),
    );
  });

  it('names all that is wrong at once', () => {
    const problem = problemOf('dispatcher', {
      queueUrl: 'tasks',
      appId: '-1',
      workflow: '../agent.yml',
      runnerRepository: 'octo',
      logLevel: 'LOUD',
      table: undefined,
    });
    for (const name of ['queueUrl', 'appId', 'workflow', 'runnerRepository', 'logLevel', 'table'] as const)
      expect(problem).toContain(awsVariables[name]);
    expect(problem).toContain('the function dispatcher cannot start');
  });

  it('shows no more than the beginning of a value that is wrong', () => {
    expect(problemOf('api', { oidcIssuer: 'x'.repeat(10_000) }).length).toBeLessThan(300);
  });
});
