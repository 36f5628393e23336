import { expect, it } from 'vitest';
import { EntropyError } from '../../../src/domain/error.ts';
import { settingKeys } from '../../../src/domain/settings.ts';
import { checkedSettings } from '../../../src/runtime/checked-settings.ts';
import { examinePolicy, findingText } from '../../../src/runtime/policy-report.ts';
import { parseRepositoryConfig } from '../../../src/runtime/repository-config.ts';
import { settingExamples } from '../../../src/runtime/setting-examples.ts';

const unsafe = `test: npm test
draft: false
who:
  approve: [maintain]
  fix: triage

merge: auto
`;

it('tells settings that do not go together by the line of the first and the lines of the others', async () => {
  const report = await examinePolicy(unsafe);
  expect(report.findings).toEqual([
    {
      kind: 'unsafe',
      line: 7,
      column: 1,
      message: expect.stringContaining('merge is auto together with who.fix (triage)'),
      fix: expect.stringContaining('merge: never'),
      with: [{ setting: 'who', line: 3 }],
    },
  ]);
  expect(findingText(report, report.findings[0] as never)).toMatch(/^\.github\/entropy\.yml:7:1 merge is auto/);
});

it('points into a group, and tells everything that stands there wrongly at once', async () => {
  const { findings } = await examinePolicy('who:\n  stop: write\n  approve: [read]\n');
  expect(findings).toMatchObject([{ line: 3, column: 3, message: expect.stringMatching(/^who\.approve is read/) }]);
  const wrong = await examinePolicy(
    'who:\n  fixx: write\nnetwork:\n  setup: 7\n  services: [0]\nmerge: yes\nlimts: {}\n',
  );
  expect(wrong.findings.map(({ line, column, message }) => `${line}:${column} ${message}`)).toEqual([
    '2:3 unknown key "who.fixx"; did you mean "fix"?',
    '4:3 network.setup must be text or a list',
    '5:14 entry 1 of network.services must be at least 1',
    '6:1 merge must be one of never, auto',
    '7:1 unknown key "limts"; did you mean "limits"?',
  ]);
});

it('points at the entry of a value that is wrong', async () => {
  const { findings } = await examinePolicy('who:\n  fix: write\n  retry:\n    - alice\n    - "not a login"\n');
  expect(findings.map(({ line, message }) => `${line} ${message}`)).toEqual([
    expect.stringMatching(/^5 who says "not a login" for "retry"/),
  ]);
});

it.each([
  ['sandbox: bubblewrap', 'sandbox must be a group of keys', 'sandbox: { required: bubblewrap }'],
  ['network: { services: [5432, 99999] }', 'entry 2 of network.services must be at most 65535', 'services: [5432]'],
  ['budgets: 20', 'budgets must be a group of keys', 'budgets: { max-day-usd: 50 }'],
  ['allow-users: alice', 'allow-users must be a list', 'allow-users: [alice]'],
  ['network: { setup: ["*.example.com"] }', 'network.setup holds', 'network: { setup: [npm, packages.example.com] }'],
  ['limts: {}', 'unknown key "limts"', 'write "limits", or remove it'],
  ['- a', 'the file must be a group of keys', 'test: npm test'],
  ['a: 1\na: 2', 'Map keys must be unique', 'remove one'],
  ['base: [', 'Flow sequence', 'correct the YAML'],
])('tells how to write what %j has wrongly', async (text, message, fix) => {
  const [finding] = (await examinePolicy(text)).findings;
  expect(finding?.message).toContain(message);
  expect(finding?.fix).toContain(fix);
});

it.each(settingKeys)('has an example for %s that nothing is wrong with', async (key) => {
  const report = await examinePolicy(settingExamples[key]);
  expect(report.findings.filter(({ kind }) => kind === 'wrong')).toEqual([]);
  expect(report.settings.sources[key]).not.toBe('default');
});

it('finds nothing wrong with an empty file, nor with a careful one', async () => {
  expect((await examinePolicy('')).findings).toEqual([]);
  const careful = `who: { fix: triage, approve: [maintain, octo/security] }
paths: { unprotected: [.github], review-required: [.github, "migrations/**"] }
network: { setup: [npm, packages.example.com], agent: npm, services: [5432] }
models: { allowed: [claude-*] }
tools: { denied: [bash] }
roles: { allowed: [coder] }
`;
  expect((await examinePolicy(careful)).findings).toEqual([]);
});

it('refuses what an input makes unsafe, with the places of both', async () => {
  const file = await parseRepositoryConfig('merge: auto\ndraft: false\ntest: make\n');
  expect(() => checkedSettings([file])).not.toThrow();
  const input = { source: 'input', values: { allowUsers: ['carol'] }, origin: { allowUsers: 'input allow-users' } };
  const refused = (): unknown => checkedSettings([file, input]);
  expect(refused).toThrow(EntropyError);
  expect(refused).toThrow(/^\.github\/entropy\.yml:1:1 with input allow-users: merge is auto together with/);
});
