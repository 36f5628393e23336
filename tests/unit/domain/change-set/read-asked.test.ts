import { expect, test } from 'vitest';
import { beyondAllowed, readAskedChangeSet } from '../../../../src/domain/change-set/read-asked.ts';

const here = { owner: 'octo', name: 'lib' };

test('reads the repositories and what comes after what, in the order of the work', () => {
  const body =
    'Rename it.\n\nRepositories: octo/app (after octo/lib), octo/lib, octo/web (with octo/app and octo/lib)\n';
  expect(readAskedChangeSet(body, here)).toEqual({
    kind: 'asked',
    members: [
      { repository: 'octo/lib', dependsOn: [], begins: 'merged' },
      { repository: 'octo/app', dependsOn: ['octo/lib'], begins: 'merged' },
      { repository: 'octo/web', dependsOn: ['octo/app', 'octo/lib'], begins: 'in-review' },
    ],
  });
});

test('a name without an owner is of the owner of the issue', () => {
  const asked = readAskedChangeSet('**Repositories:** lib, app (After lib).', here);
  expect(asked).toMatchObject({ members: [{ repository: 'octo/lib' }, { repository: 'octo/app', begins: 'merged' }] });
});

test('names may stand in code spans, and what nobody sees in the line adds nothing', () => {
  const members = [{ repository: 'octo/lib' }, { repository: 'octo/app' }];
  expect(readAskedChangeSet('- Repositories: `octo/lib`, `octo/app` (after `octo/lib`)', here)).toMatchObject({
    members,
  });
  expect(readAskedChangeSet('Repositories: octo/lib<!--, octo/app-->', here)).toMatchObject({ kind: 'wrong' });
});

test.each([
  ['no such line', 'The repositories are fine.'],
  ['in a quote', '> Repositories: octo/app'],
  ['in code', '```\nRepositories: octo/app\n```'],
  ['in a comment that nobody sees', '<!--\nRepositories: octo/app\n-->'],
  ['the issue is of the only one', 'Repositories: octo/lib'],
])('asks for nothing: %s', (_name, body) => {
  expect(readAskedChangeSet(body, here)).toEqual({ kind: 'none' });
});

test.each([
  ['octo/lib, octo/app (after octo/lib), octo/lib', '`octo/lib` stands there twice'],
  ['octo/app (after octo/core)', '`octo/app` is to come after `octo/core`, which is not among them'],
  ['octo/../app', '`octo/../app` is not the name of a repository'],
  ['octo/app (before octo/lib), octo/lib', 'write `(after octo/lib)` or `(with octo/lib)`'],
  ['octo/app (after)', 'is not understood'],
  ['octo/app (constructor octo/lib), octo/lib', 'is not understood'],
  ['octo/lib (after octo/app), octo/app (after octo/lib)', '`octo/lib` → `octo/app` → `octo/lib`'],
  [Array.from({ length: 11 }, (_, at) => `r${at}`).join(', '), 'it has 11 repositories, and 10 is the most'],
])('says what is wrong with %s', (line, problem) => {
  expect(readAskedChangeSet(`Repositories: ${line}`, here)).toEqual({
    kind: 'wrong',
    problem: expect.stringContaining(problem),
  });
});

test('whatever a stranger writes there is shown as code, in one line', () => {
  const asked = readAskedChangeSet('Repositories: @octo/team`![x](https://evil.test)', here);
  expect(asked).toEqual({ kind: 'wrong', problem: '`@octo/team![x]` is not the name of a repository' });
});

test('what the default branch does not list is named, without regard to case', () => {
  const member = (repository: string) => ({ repository, dependsOn: [], begins: 'merged' }) as const;
  expect(beyondAllowed([member('octo/lib'), member('Octo/App'), member('evil/app')], ['octo/lib', 'octo/app'])).toEqual(
    ['evil/app'],
  );
});

test('a long line is read in time linear in its length', () => {
  const began = performance.now();
  readAskedChangeSet(`Repositories: ${'a(,'.repeat(600)}\n`.repeat(200), here);
  expect(performance.now() - began).toBeLessThan(500);
});
