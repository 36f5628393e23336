import { describe, expect, it } from 'vitest';
import { defaultStaleAfterMs } from '../../../../src/domain/query/context.ts';
import { taskPredicate } from '../../../../src/domain/query/predicate.ts';
import { searchScope } from '../../../../src/domain/query/search-scope.ts';
import { parseTaskQuery, taskCondition } from '../../../../src/domain/query/task-query.ts';
import { generatedQuery } from '../../../fakes/generated-queries.ts';
import { generatedNow, generatedTasks } from '../../../fakes/generated-tasks.ts';
import { drawFrom } from '../../../fakes/seeded-numbers.ts';

const context = { now: generatedNow, me: 'Mona', staleAfterMs: defaultStaleAfterMs };

function scopeOf(text: string) {
  const parsed = parseTaskQuery(text, context);
  if (parsed.kind === 'error') throw new Error(parsed.error.message);
  return searchScope(taskCondition(parsed.query, context));
}

describe('where a search looks', () => {
  it.each([
    ['repo:Octo/Slug label:bug', ['github/octo/slug/']],
    ['repo:octo/slug repo:acme/site is:open', ['github/octo/slug/', 'github/acme/site/']],
    ['org:octo', ['github/octo/']],
    ['org:octo repo:acme/site', ['github/octo/', 'github/acme/site/']],
    ['(org:octo AND repo:octo/slug) bug', ['github/octo/slug/']],
    ['repo:octo/slug OR label:bug', undefined],
    ['-repo:octo/slug', undefined],
    ['label:bug', undefined],
  ])('%s', (text, prefixes) => {
    expect(scopeOf(text).prefixes?.toSorted()).toEqual(prefixes?.toSorted());
  });

  it.each([
    ['is:ready label:bug', true],
    ['is:ready OR label:bug', false],
    ['(is:ready repo:a/b) OR (is:ready repo:c/d)', true],
    ['-is:ready', false],
    ['is:open', false],
  ])('only among ready tasks: %s', (text, readyOnly) => {
    expect(scopeOf(text).readyOnly).toBe(readyOnly);
  });

  it.each([
    ['label:bug', false, false],
    ['is:claimed', true, false],
    ['claimed-by:mona', true, false],
    ['is:stale', true, false],
    ['-is:blocked', false, true],
    ['blocks:#3', false, true],
    ['-is:ready', true, true],
  ])('knows what %s has to know of a task', (text, needsClaims, needsWaits) => {
    expect(scopeOf(text)).toMatchObject({ needsClaims, needsWaits });
  });

  it('leaves out no task that a query asks for, and needs nothing that it did not name', () => {
    const draw = drawFrom(41);
    const tasks = generatedTasks(200, 7);
    for (let at = 0; at < 300; at += 1) {
      const query = generatedQuery(draw, 'tasks');
      const fits = taskPredicate(query, context);
      const { prefixes, readyOnly, needsClaims, needsWaits } = searchScope(taskCondition(query, context));
      for (const task of tasks) {
        const { claim: _claim, ...unclaimed } = task;
        const partly = { ...(needsClaims ? task : unclaimed), ...(needsWaits ? {} : { blockedBy: [], blocks: [] }) };
        expect(fits(partly)).toBe(fits(task));
        if (!fits(task)) continue;
        expect(prefixes?.some((prefix) => task.key.startsWith(prefix)) ?? true).toBe(true);
        expect(task.ready || !readyOnly).toBe(true);
      }
    }
  });
});
