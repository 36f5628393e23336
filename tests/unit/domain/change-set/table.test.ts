import { expect, test } from 'vitest';
import type { ChangeSet } from '../../../../src/domain/change-set/change-set.ts';
import { memberIssue } from '../../../../src/domain/change-set/member-issue.ts';
import { memberMark, readMemberMark } from '../../../../src/domain/change-set/member-mark.ts';
import { changeSetTable } from '../../../../src/domain/change-set/table.ts';

const place = { serverUrl: 'https://github.com', phrase: '/agent' };
const set: ChangeSet = {
  ...{
    schema: 1,
    repository: 'octo/lib',
    issue: 12,
    askedBy: 'alice',
    seen: 'hash',
    state: 'going',
    openedAt: 1,
    command: 'fix',
    request: 'one',
  },
  members: [
    {
      repository: 'octo/lib',
      dependsOn: [],
      begins: 'merged',
      state: 'in_review',
      tries: 1,
      issue: 13,
      pullRequest: 14,
    },
    { repository: 'octo/app', dependsOn: ['octo/lib'], begins: 'merged', state: 'waiting', tries: 0 },
    {
      repository: 'octo/web',
      dependsOn: ['octo/lib'],
      begins: 'in-review',
      state: 'in_review',
      tries: 2,
      pullRequest: 3,
    },
  ],
};

test('the table names every repository, its pull request and what waits for what', () => {
  expect(changeSetTable(set, place)).toMatchInlineSnapshot(`
    "**One change in 3 repositories**, asked for in [octo/lib#12](https://github.com/octo/lib/issues/12), merged in this order:

    | | repository | after | pull request | state |
    |---|---|---|---|---|
    | 1 | \`octo/lib\` |  | [#14](https://github.com/octo/lib/pull/14) | **in review**, may be merged |
    | 2 | \`octo/app\` | \`octo/lib\` |  | waits until \`octo/lib\` is merged |
    | 3 | \`octo/web\` | \`octo/lib\` | [#3](https://github.com/octo/web/pull/3) | in review, **not to be merged before** \`octo/lib\` |

    This table is kept up to date. A pull request of this set is merged by people, one after the other."
  `);
});

test('a reason that quotes somebody stays in its cell and calls nobody', () => {
  const members = [{ ...set.members[0], state: 'failed', why: 'no | way\n@octo/team <img src=x> fixes #1' }];
  const table = changeSetTable({ ...set, state: 'failed', members } as ChangeSet, place);
  expect(table).toContain('**failed**: no \\| way `@octo/team` &lt;img src=x> fixes issue 1 |');
  expect(table).toContain('`/agent retry` on the issue starts anew what failed');
});

test('the issue of a member carries the text, made harmless, under a mark that can be read back', () => {
  const asked = {
    title: 'Rename @octo/team',
    body: '<!-- hidden -->\ncloses #9',
    url: 'https://github.com/octo/lib/issues/12',
  };
  const web = set.members[2];
  if (web === undefined) throw new Error('no third member');
  const { title, body } = memberIssue(set, web, asked);
  expect(title).toBe('Rename `@octo/team` (part of octo/lib#12)');
  expect(body).not.toContain('<!-- hidden');
  expect(body).toContain('closes issue 9');
  expect(body).toContain('It comes after `octo/lib` (in review).');
  const mark = { set: { repository: { owner: 'octo', name: 'lib' }, number: 12 }, held: true };
  expect(readMemberMark(body)).toEqual(mark);
  expect(body.startsWith(memberMark(mark))).toBe(true);
});

test.each(['', 'text', '<!-- entropy-change-set octo/lib#0 held -->', '<!-- entropy-change-set ../..#1 held -->'])(
  'no mark: %s',
  (body) => expect(readMemberMark(body)).toBeUndefined(),
);
