import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explainPath } from '../../../../src/domain/policy/explain-path.ts';
import { policyProblems, problemText } from '../../../../src/domain/policy/policy-problems.ts';
import { defaultSettings, mergeSettings, patchPolicyOf, type Settings } from '../../../../src/domain/settings.ts';

const merging = { merge: 'auto', draft: false, test: 'npm test' } as const;
const paid = { maxDayCostMicroUsd: 5_000_000 } as const;

function told(values: Partial<Settings>): readonly string[] {
  const merged = mergeSettings([{ source: '.github/entropy.yml', values }]);
  return policyProblems(merged).map((problem) => `${problem.kind}: ${problemText(problem)}`);
}

describe('settings that are unsafe together', () => {
  it.each<[Partial<Settings>, string]>([
    [{ ...merging, allowUsers: ['carol'] }, 'merge is auto together with allow-users (carol)'],
    [{ ...merging, allowedBots: ['renovate[bot]'] }, 'merge is auto together with allowed-bots (renovate[bot])'],
    [{ ...merging, who: { retry: ['triage'] } }, 'merge is auto together with who.retry (triage)'],
    [{ ...merging, test: undefined }, 'merge is auto and there is no test'],
    [{ ...merging, unprotectedPaths: ['package-lock.json'] }, 'paths.unprotected has "package-lock.json"'],
    [{ setupNetwork: ['open'], allowUsers: ['carol'] }, 'network.setup is open together with allow-users (carol)'],
    [{ setupNetwork: ['open'], unprotectedPaths: ['package.json'] }, 'install scripts that the agent wrote'],
    [{ who: { fix: ['read'] } }, 'nothing says how much they may spend'],
    [{ who: { fix: ['read'] }, ...paid, allowedBots: ['x[bot]'] }, 'together with allowed-bots'],
    [{ who: { fix: ['read'] }, ...paid, agentNetwork: ['npm'] }, 'together with network.agent'],
    [
      { automaticTriage: 'everybody' },
      'automatic.triage is everybody: whoever opens something sets an agent to work, and',
    ],
    [{ automaticReview: 'everybody', ...paid, agentNetwork: ['npm'] }, 'automatic.review is everybody'],
    [{ who: { stop: ['read'] } }, 'who.stop is read'],
    [{ who: { approve: ['triage', 'alice'] } }, 'who.approve is triage'],
    [{ unprotectedPaths: ['.github'] }, 'lets agents change .github/workflows/ci.yml'],
    [{ unprotectedPaths: ['**/*.yml'] }, 'lets agents change .github/workflows/ci.yml'],
    [{ unprotectedPaths: ['.github/workflows/deploy.yml'] }, 'lets agents change .github/workflows/deploy.yml'],
    [{ unprotectedPaths: ['**'], reviewPaths: ['/.github'] }, 'lets agents change CODEOWNERS'],
    [{ unprotectedPaths: ['AGENTS.md'] }, 'lets agents change AGENTS.md (instructions for agents)'],
    [{ unprotectedPaths: ['/.husky/*'] }, 'lets agents change .husky/pre-commit'],
  ])('%j', (values, expected) => {
    expect(told(values).filter((line) => line.startsWith('unsafe: ') && line.includes(expected))).toHaveLength(1);
  });

  it.each<[string, Partial<Settings>]>([
    ['the defaults', {}],
    ['merging what people with write access asked for', merging],
    ['merging what a person has approved, whoever asked', { ...merging, allowUsers: ['carol'], reviewPaths: ['**'] }],
    ['the machine’s network for people with write access', { setupNetwork: ['open'] }],
    ['triage for fixing', { who: { fix: ['triage'] } }],
    ['everybody, at a price that is named', { who: { fix: ['read'] }, ...paid }],
    ['what is looked at for everybody, at such a price', { automaticReview: 'everybody', ...paid }],
    ['a whole team', { teamStages: ['read', 'plan', 'code', 'test', 'review'], teamRounds: 2 }],
    ['workflows that are held for approval', { unprotectedPaths: ['.github'], reviewPaths: ['/.github'] }],
    ['a lock file', { unprotectedPaths: ['package-lock.json', '.changeset/**', '.github/ISSUE_TEMPLATE/**'] }],
    ['approving by a team', { who: { approve: ['octo/maintainers', 'admin'] } }],
  ])('are not %s', (_title, values) => {
    expect(told(values)).toEqual([]);
  });
});

describe('settings that contradict each other', () => {
  it.each<[Partial<Settings>, string]>([
    [{ merge: 'auto', test: 'npm test' }, 'merge is auto and pull requests are drafts'],
    [{ model: 'claude-haiku-4-5', allowedModels: ['claude-opus-*'] }, 'model is claude-haiku-4-5'],
    [{ teamStages: ['read', 'review'] }, 'team.stages is [read, review], without code'],
    [{ teamStages: ['code', 'test'], allowedRoles: ['coder'] }, 'team.stages asks for test, whose role tester'],
    [{ automaticTriage: 'permitted', allowedRoles: ['coder'] }, 'automatic.triage asks for triage'],
    [
      { roleModels: { reviewer: 'claude-haiku-4-5' }, allowedModels: ['claude-opus-*'] },
      'roles.models.reviewer is claude-haiku-4-5',
    ],
    [{ roleModels: { reviewer: 'claude-opus-4-8' }, allowedRoles: ['coder'] }, 'roles.models.reviewer is for a role'],
    [
      { allowedTools: ['bash', 'edit_file'], deniedTools: ['bash'] },
      'tools.allowed has bash, which tools.denied has too',
    ],
    [{ deniedTools: ['bash', 'edit_file', 'write_file'] }, 'tools.denied leaves an agent nothing'],
    [{ allowedTools: ['read_file'] }, 'tools.allowed leaves an agent nothing'],
    [{ maxCostMicroUsd: 9_000_000, maxDayCostMicroUsd: 8_000_000 }, 'limits.max-cost-usd is 9.00 USD a run'],
    [{ who: { fix: ['renovate[bot]'] } }, 'who.fix names renovate[bot], which is not in allowed-bots'],
    [{ who: { approve: ['renovate[bot]'] }, allowedBots: ['renovate[bot]'] }, 'who.approve names renovate[bot]'],
    [{ reviewPaths: ['src/pay'], protectedPaths: ['src/pay'] }, 'paths.review-required has "src/pay"'],
    [{ reviewPaths: ['package.json'] }, 'paths.review-required has "package.json", which is protected'],
    [{ reviewPaths: ['.github/**'] }, 'paths.review-required has ".github/**", which is protected (workflows'],
    [{ reviewPaths: ['**/package.json'] }, 'paths.review-required has "**/package.json", which is protected'],
    [{ reviewPaths: ['/.github/workflows/*.yml'] }, 'paths.review-required has "/.github/workflows/*.yml", which is'],
    [{ reviewPaths: ['**/Codeowners'] }, 'paths.review-required has "**/Codeowners", which is protected (who must'],
    [{ reviewPaths: ['src/pay/**/*.ts'], protectedPaths: ['SRC/**'] }, 'paths.review-required has "src/pay/**/*.ts"'],
    [{ reviewPaths: ['migrations/**'], allowedPaths: ['src/**'] }, 'paths.review-required has "migrations/**", which'],
    [{ reviewPaths: ['.git/**'] }, 'paths.review-required has ".git/**", which is git\'s own data'],
    [{ protectedPaths: ['**'] }, 'paths.protected has "**", which is every path'],
    [{ protectedPaths: ['src', '*'], reviewPaths: ['src'] }, 'paths.protected has "*", which is every path'],
    [
      { unprotectedPaths: ['package.json'], protectedPaths: ['**/package.json'] },
      'paths.unprotected has "package.json"',
    ],
    [{ unprotectedPaths: ['.git/config'] }, 'paths.unprotected has ".git/config", which is git\'s own data'],
  ])('%j', (values, expected) => {
    expect(told(values)).toEqual([expect.stringContaining(`contradiction: ${expected}`)]);
  });

  it('are told of each glob by itself', () => {
    expect(told({ reviewPaths: ['.github/**', '**/package.json', 'src/**'] })).toHaveLength(2);
    expect(told({ unprotectedPaths: ['CODEOWNERS', '.git/config'] })).toEqual([
      expect.stringContaining('lets agents change CODEOWNERS'),
      expect.stringContaining('".git/config"'),
    ]);
  });

  it.each<Partial<Settings>>([
    { reviewPaths: ['**'] },
    { reviewPaths: ['*'] },
    { reviewPaths: ['**/*.json', '*.yml', 'docs'] },
    { reviewPaths: ['.github'], unprotectedPaths: ['.github/ISSUE_TEMPLATE/**'] },
    { reviewPaths: ['**/package.json'], unprotectedPaths: ['packages/app/package.json'] },
    { reviewPaths: ['**/*.sql'], allowedPaths: ['src/**', 'db/migrations'] },
    { reviewPaths: ['src/pay'], allowedPaths: ['*.ts'] },
    { reviewPaths: ['src/**'], protectedPaths: ['src/legal', 'src/*.md'] },
    { reviewPaths: ['**/secret.txt'], protectedPaths: ['/*/secret.txt'] },
    { protectedPaths: ['*.*', 'src/**'] },
    { protectedPaths: ['package.json'], unprotectedPaths: ['package-lock.json'] },
  ])('are not seen in %j, which can do something', (values) => {
    expect(told(values)).toEqual([]);
  });

  it('do not speak of limits that a coordinator may have in the place of the defaults', () => {
    expect(told({ maxCostMicroUsd: 60_000_000 })).toEqual([]);
  });
});

it('a glob that some path needs is never told to do nothing', () => {
  const part = fc.constantFrom('a', 'b', '*', '**', 'a*', '*.b', '?', 'package.json', '.github');
  const glob = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
  const path = fc
    .array(fc.constantFrom('a', 'b', 'ab', 'a.b', 'package.json', '.github'), { minLength: 1, maxLength: 4 })
    .map((parts) => parts.join('/'));
  const globs = fc.array(glob, { maxLength: 2 });
  fc.assert(
    fc.property(glob, path, globs, globs, globs, (reviewed, file, allowedPaths, protectedPaths, unprotectedPaths) => {
      const policy = { ...defaultSettings, reviewPaths: [reviewed], allowedPaths, protectedPaths, unprotectedPaths };
      fc.pre(explainPath(file, patchPolicyOf(policy)).kind === 'held');
      const lines = told({ reviewPaths: [reviewed], allowedPaths, protectedPaths, unprotectedPaths });
      expect(lines.filter((line) => line.includes('paths.review-required has'))).toEqual([]);
    }),
    { numRuns: 100 },
  );
});

it('whatever paths are unprotected, a delicate one is told unless it is reviewed', () => {
  const glob = fc.constantFrom('**', '*', '*.yml', '**/*.md', '.github', '/.github/**', 'CODEOWNERS', 'src/**', '/x');
  fc.assert(
    fc.property(fc.uniqueArray(glob, { maxLength: 4 }), (unprotectedPaths) => {
      expect(
        told({ unprotectedPaths, reviewPaths: unprotectedPaths }).filter((line) => line.includes('unsafe')),
      ).toEqual([]);
      const open = told({ unprotectedPaths }).filter((line) => line.includes('lets agents change'));
      const harmless = ['src/**', '/x'];
      expect(open).toHaveLength(unprotectedPaths.filter((each) => !harmless.includes(each)).length);
    }),
  );
  expect(defaultSettings.unprotectedPaths).toEqual([]);
});
