import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSettings } from '../../../cdk/parse-settings.ts';
import { settingNames } from '../../../cdk/stack-settings.ts';
import { EntropyError } from '../../../src/domain/error.ts';

const file = (values: Readonly<Record<string, unknown>>) => ({ name: 'entropy.stack.json', values });
const context = (values: Readonly<Record<string, unknown>>) => ({ name: 'the context', values });

function problemsOf(...sources: Parameters<typeof parseSettings>[0]): string {
  try {
    parseSettings(sources);
  } catch (error) {
    if (error instanceof EntropyError && error.code === 'E101') return error.message;
    throw error;
  }
  return '';
}

describe('the settings of the stack', () => {
  it('are all there without anything being set, but for what CloudFormation asks', () => {
    const settings = parseSettings([]);
    expect(settings).toMatchObject({
      stackName: 'entropy-playground',
      githubApiUrl: 'https://api.github.com',
      oidcIssuer: 'https://token.actions.githubusercontent.com',
      tableRemoval: 'retain',
      auditRemoval: 'retain',
      auditRetentionDays: 90,
    });
    expect(settings.githubAppId).toBeUndefined();
    expect(settings.owners).toBeUndefined();
  });

  it("follow a server of one's own where nothing else is said", () => {
    const settings = parseSettings([file({ githubServerUrl: 'https://git.example.com/' })]);
    expect(settings).toMatchObject({
      githubServerUrl: 'https://git.example.com',
      githubApiUrl: 'https://git.example.com/api/v3',
      oidcIssuer: 'https://git.example.com/_services/token',
    });
  });

  it('are taken from the context rather than from the file', () => {
    const settings = parseSettings([file({ concurrency: 20, workflow: 'bots.yml' }), context({ concurrency: '30' })]);
    expect(settings).toMatchObject({ concurrency: 30, workflow: 'bots.yml' });
  });

  it('name the key of a tag that AWS keeps for itself, and an end of the archive before its lock', () => {
    const problems = problemsOf(file({ tags: { 'aws:team': 'x' }, auditExpirationDays: 30 }));
    expect(problems).toContain('entropy.stack.json: tags has the key "aws:team", not the key of a tag');
    expect(problems).toContain('auditExpirationDays is less than auditRetentionDays (90)');
  });

  it('are read from the text that a command line gives', () => {
    const given = context({
      githubAppId: '123456',
      owners: 'octo#9919, hexa',
      spendPerDayUsd: '250.5',
      reservedConcurrency: '{"webhook": 50}',
      logRetentionDays: '7',
      stackName: 'a12',
    });
    expect(parseSettings([given])).toMatchObject({
      githubAppId: 123456,
      owners: ['octo#9919', 'hexa'],
      spendPerDayUsd: 250.5,
      reservedConcurrency: { webhook: 50 },
      logRetentionDays: 7,
      stackName: 'a12',
    });
  });

  it('tell every problem at once, each with where it was written', () => {
    const problems = problemsOf(
      file({ githubAppId: 'x', onwers: ['octo'], logRetentionDays: 8, owners: ['-octo'], alarmEmail: 'nobody' }),
      context({ concurrency: '1', domainName: 'agents.example.com', reservedConcurrency: { webhok: 3 } }),
    );
    expect(problems.split('\n  ').slice(1)).toEqual([
      'entropy.stack.json: githubAppId is "x", not a number',
      'entropy.stack.json: owners.0 is "-octo", not a login of GitHub (letters, digits and -), with its number: LOGIN#ID',
      expect.stringMatching(/^entropy\.stack\.json: logRetentionDays is 8, not one of 1, 3, 5, 7, 14,/),
      'entropy.stack.json: alarmEmail is "nobody", not an address for mail',
      'the context: concurrency is 1, not at least 2',
      'the context: there is no setting "reservedConcurrency.webhok"; did you mean "webhook"?',
      'entropy.stack.json: there is no setting "onwers"; did you mean "owners"?',
      'the context: domainName needs certificateArn',
    ]);
  });

  it.each([
    [{ certificateArn: 'arn:aws:acm:eu-central-1:123456789012:certificate/0a-1b' }, 'certificateArn needs domainName'],
    [
      { alarmEmail: 'a@example.com', alarmTopicArn: 'arn:aws:sns:eu-central-1:123456789012:on-call' },
      'alarmEmail cannot be set with alarmTopicArn: subscribe the address to that topic',
    ],
    [{ spendPerDayUsd: 10 }, 'spendPerDayUsd is less than spendPerHourUsd (20)'],
  ])('that contradict each other are refused: %j', (values, problem) => {
    expect(problemsOf(file(values))).toContain(problem);
  });

  it('refuse whatever has another name', () => {
    const strange = fc
      .string({ minLength: 1, maxLength: 30 })
      .filter((name) => !settingNames.some((known) => known === name));
    fc.assert(
      fc.property(strange, fc.jsonValue(), (name, value) => {
        const values = Object.fromEntries([[name, value]]);
        if (!Object.hasOwn(values, name)) return;
        expect(problemsOf(file(values))).toContain('there is no setting');
      }),
      { numRuns: 200, examples: [['__proto__', {}]] },
    );
  });

  it('never fail but by telling what is wrong', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...settingNames), fc.jsonValue()), (values) => {
        const problems = problemsOf(file(values));
        if (problems === '') expect(parseSettings([file(values)]).stackName).toMatch(/^[A-Za-z]/);
        else expect(problems).toContain('entropy.stack.json: ');
      }),
      { numRuns: 300 },
    );
  });
});
