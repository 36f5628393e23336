import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isBranchName } from '../../../src/domain/ref-name.ts';
import { settingProblem } from '../../../src/domain/setting-rules.ts';
import { defaultSettings, mergeSettings, settingKeys } from '../../../src/domain/settings.ts';

describe('merging settings', () => {
  it('lets later layers win, value by value, and remembers where each came from', () => {
    const merged = mergeSettings([
      { source: 'file', values: { model: 'a', maxTurns: 5, allowedPaths: ['src/**'] } },
      { source: 'environment', values: { model: 'b' }, origin: { model: 'ENTROPY_MODEL' } },
      { source: 'flag', values: { allowedPaths: ['lib/**'] } },
    ]);
    expect(merged.values).toEqual({ ...defaultSettings, model: 'b', maxTurns: 5, allowedPaths: ['lib/**'] });
    expect(merged.sources).toMatchObject({
      model: 'ENTROPY_MODEL',
      maxTurns: 'file',
      allowedPaths: 'flag',
      draft: 'default',
    });
  });

  it('has defaults that its own rules accept', () => {
    // A list with nothing in it is what nobody has said; said, it may be refused.
    const said = settingKeys.filter((key) => JSON.stringify(defaultSettings[key]) !== '[]');
    for (const key of said) expect([key, settingProblem(key, defaultSettings[key])]).toEqual([key, undefined]);
  });
});

describe('the rules for values', () => {
  it.each([
    ['base', 'a..b'],
    ['base', '--upload-pack=x'],
    ['setup', '  '],
    ['model', 'claude; rm'],
    ['maxMinutes', 10_000],
    ['maxCostMicroUsd', 2_000_000_000],
    ['allowedPaths', ['../x']],
    ['allowedPaths', []],
    ['allowedModels', []],
    ['allowedTools', []],
    ['allowedRoles', []],
    ['roleModels', { 'A B': 'claude-opus-4-8' }],
    ['roleModels', { coder: 'claude; rm' }],
    ['teamStages', []],
    ['teamStages', ['code', 'code']],
    ['teamStages', ['review', 'code']],
    ['teamRounds', 11],
    ['assigneeTrigger', 'octo agent'],
    ['protectedPaths', ['src/{a,b}']],
    ['branchPrefix', '../'],
    ['triggerPhrase', 'two words'],
    ['labelTrigger', ''],
    ['labelTrigger', 'two\nlines'],
    ['triggerPhrase', "/a'b"],
    ['allowUsers', ['a/b']],
    ['allowedBots', ['renovate']],
    ['sandboxEnv', { NPM_TOKEN: 'x' }],
    ['sandboxEnv', { 'A B': 'x' }],
  ] as const)('%s refuses %j', (key, value) => {
    expect(settingProblem(key, value as never)).toMatch(/\S/);
  });

  it('for branch names are those of git', () => {
    const piece = fc.constantFrom(
      'a',
      '/',
      '.',
      '..',
      '-',
      '@{',
      '~',
      '^',
      ' ',
      '.lock',
      'é',
      '*',
      '[',
      '\\',
      '@',
      'HEAD',
    );
    const names = fc.sample(fc.array(piece, { minLength: 1, maxLength: 5 }), { numRuns: 60, seed: 7 });
    for (const parts of names) {
      const name = parts.join('');
      expect([name, isBranchName(name)]).toEqual([name, gitAccepts(name)]);
    }
  });
});

function gitAccepts(name: string): boolean {
  if (name.startsWith('@{')) return false; // git would look up an earlier branch instead of judging the name
  try {
    const shown = execFileSync('git', ['check-ref-format', '--branch', name], { stdio: ['ignore', 'pipe', 'ignore'] });
    return shown.toString().trim() === name;
  } catch {
    return false;
  }
}
