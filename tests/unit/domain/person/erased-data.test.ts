import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyTaskChange } from '../../../../src/domain/coordination/task-changes.ts';
import { concerns, erasedData, isLogin } from '../../../../src/domain/person/erased-data.ts';
import { sampleIssue, sampleKey } from '../../../fakes/coordination-samples.ts';

const erasure = { login: 'Mona', pseudonym: 'erased-1' };
const erased = (data: unknown): unknown => erasedData(data, erasure);

describe('taking a person out of data', () => {
  it.each([
    ['an actor', { actor: 'github/mona' }, { actor: 'github/erased-1' }],
    ['who made a key', { createdBy: 'github/MONA' }, { createdBy: 'github/erased-1' }],
    ['an assignee', { assignees: ['mona', 'lisa'] }, { assignees: ['erased-1', 'lisa'] }],
    [
      'a holder',
      { holder: { owner: 'mona', reason: 'for @mona.' } },
      { holder: { owner: 'erased-1', reason: 'for @erased-1.' } },
    ],
    [
      'a mention',
      { body: 'Ask @Mona, or https://github.com/mona!' },
      { body: 'Ask @erased-1, or https://github.com/erased-1!' },
    ],
    ['a sender', { sender: { login: 'mona', type: 'User' } }, { sender: { login: 'erased-1', type: 'User' } }],
  ])('renames %s', (_what, data, expected) => {
    expect(erased(data)).toEqual(expected);
  });

  it.each([
    ['a repository of that owner', { task: 'github/mona/slug/issues/1', repository: 'mona/slug' }],
    ['an owner that has the name', { repository: { owner: { login: 'mona' }, full_name: 'mona/slug' } }],
    ['names that begin or end so', { author: 'mona-lisa', body: '@mona-lisa a@mona github/mona/slug @mona/team' }],
    ['a word', { body: 'mona', title: 'mona' }],
  ])('leaves %s as it is', (_what, data) => {
    expect(erased(data)).toEqual(data);
    expect(concerns(data, 'mona')).toBe(false);
  });

  it('takes the texts of their own issues out, mirrored or as GitHub sent them, and of nobody else', () => {
    const mine = sampleIssue(1, { author: 'mona', title: 'My secret', body: 'more of it' });
    expect(erased(mine)).toEqual({ ...mine, author: 'erased-1', title: '[erased]', body: '' });
    const sent = { user: { login: 'mona' }, title: 'My secret', body: null, number: 1 };
    expect(erased(sent)).toEqual({ user: { login: 'erased-1' }, title: '[erased]', body: null, number: 1 });
    expect(erased(sampleIssue(1, { author: 'lisa' }))).toEqual(sampleIssue(1, { author: 'lisa' }));
  });

  it('takes the brackets of a bot for what they are', () => {
    const bot = { login: 'helper[bot]', pseudonym: 'x' };
    expect(erasedData({ actor: 'github/helper[bot]', body: '@helperb' }, bot)).toEqual({
      actor: 'github/x',
      body: '@helperb',
    });
    expect([isLogin('helper[bot]'), isLogin('mona'), isLogin('@mona'), isLogin('a/b'), isLogin('.*')]).toEqual([
      ...[true, true, false, false, false],
    ]);
  });

  it('gives the same whether events or what they add up to are erased, and nothing more when done again', () => {
    const text = fc.constantFrom('mona', '@mona', 'lisa', 'github/mona', 'see @mona/x and @mona');
    const login = fc.constantFrom('mona', 'Mona', 'lisa');
    const issue = fc
      .record({ author: login, title: text, body: text, assignees: fc.array(login, { maxLength: 2 }) })
      .map((more) => sampleIssue(1, more));
    fc.assert(
      fc.property(fc.array(issue, { minLength: 1, maxLength: 3 }), text, (issues, reason) => {
        const key = sampleKey(1);
        const changes = [
          ...issues.map((told) => ({ type: 'task.mirrored' as const, key, issue: told, priority: 2 })),
          { type: 'task.changed' as const, key, facts: { reason } },
        ];
        const fold = (all: typeof changes) =>
          all.reduce<ReturnType<typeof applyTaskChange> | undefined>(
            (task, change) => applyTaskChange(task, change),
            undefined,
          );
        expect(fold(changes.map((change) => erased(change) as typeof change))).toEqual(erased(fold(changes)));
        expect(erased(erased(changes))).toEqual(erased(changes));
        expect(concerns(erased(changes), 'mona')).toBe(false);
      }),
    );
  });
});
