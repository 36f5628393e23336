import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isRefName } from '../../../../src/embedded/github/git/ref-name.ts';

describe('names of refs', () => {
  test('are taken only when git takes them too', () => {
    const part = fc.constantFrom(
      'a',
      'heads',
      '.',
      '..',
      '@',
      '@{',
      '~',
      '^',
      ':',
      '?',
      '*',
      '[',
      '\\',
      ' ',
      '\t',
      '.lock',
      '/',
      '-',
      'ä',
      '{',
      '}',
      '$(x)',
      '\u007f',
    );
    const names = fc.sample(
      fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => `refs/${parts.join('')}`),
      150,
    );
    for (const name of new Set(names)) {
      const git = spawnSync('git', ['check-ref-format', name]).status === 0;
      if (isRefName(name)) expect([name, git]).toEqual([name, true]);
    }
  });

  test.each([
    'refs/heads/agent/1/f1-keep-last-word',
    'refs/heads/ä',
    'refs/heads/a.b',
    'refs/heads/$(x)',
    'refs/agents/claims/7',
  ])('%s is one', (name) => expect(isRefName(name)).toBe(true));
  test.each([
    '',
    '-x',
    'refs/heads/',
    'refs//x',
    'refs/heads/.x',
    'refs/heads/x.lock',
    'refs/heads/x.',
    'a\nb',
    'refs/heads/@{x',
  ])('%j is none', (name) => expect(isRefName(name)).toBe(false));
});
