import { describe, expect, test } from 'vitest';
import type { MirroredIssue, TaskView } from '../../../../src/domain/coordination/task-record.ts';
import { taskPredicate } from '../../../../src/domain/query/predicate.ts';
import { parseTaskQuery } from '../../../../src/domain/query/task-query.ts';
import { sampleAgent } from '../../../fakes/coordination-samples.ts';
import { generatedNow } from '../../../fakes/generated-tasks.ts';
import { sampleHold, sampleView } from '../../../fakes/query-samples.ts';

const context = { now: generatedNow, me: 'Mona', staleAfterMs: 1_800_000 };
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

function fits(text: string, issue: Partial<MirroredIssue> = {}, more: Partial<TaskView> = {}): boolean {
  const parsed = parseTaskQuery(text, context);
  if (parsed.kind === 'error') throw new Error(parsed.error.message);
  return taskPredicate(parsed.query, context)(sampleView(more, issue));
}

describe('what fits a query', () => {
  test('case does not matter, in any alphabet', () => {
    expect(fits('label:BUG', { labels: ['Bug'] })).toBe(true);
    expect(fits('label:ÄRGER', { labels: ['ärger'] })).toBe(true);
    expect(fits('repo:octo/SLUG org:OCTO author:MONA')).toBe(true);
    expect(fits('label:k', { labels: ['\u212a'] })).toBe(false);
  });

  test('a comma is one of them, a space is all of them', () => {
    expect(fits('label:bug,slow', { labels: ['slow'] })).toBe(true);
    expect(fits('label:bug label:slow', { labels: ['slow'] })).toBe(false);
    expect(fits('label:bug label:slow', { labels: ['slow', 'bug'] })).toBe(true);
    expect(fits('-label:bug,slow', { labels: ['slow'] })).toBe(false);
  });

  test('what is lacking fits no value, and the negation of any', () => {
    for (const text of [
      'milestone:v1',
      'milestone:*',
      'closed:>2020-01-01',
      'closed:<2090-01-01',
      'agent:x',
      'role:*',
    ]) {
      expect(fits(text), text).toBe(false);
      expect(fits(`-${text}`), text).toBe(true);
    }
    expect(fits('no:milestone no:assignee -no:label')).toBe(true);
  });

  test('a date is the whole day in UTC, a time its whole minute or second', () => {
    const midnight = Date.UTC(2026, 10, 2);
    const at = (createdAt: number, text: string): boolean => fits(text, { createdAt });
    expect([-1, 0, dayMs - 1, dayMs].map((off) => at(midnight + off, 'created:2026-11-02'))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect([-1, 0, dayMs - 1, dayMs].map((off) => at(midnight + off, 'created:>2026-11-02'))).toEqual([
      false,
      false,
      false,
      true,
    ]);
    expect([-1, 0, dayMs - 1, dayMs].map((off) => at(midnight + off, 'created:>=2026-11-02'))).toEqual([
      false,
      true,
      true,
      true,
    ]);
    expect([-1, 0, dayMs - 1, dayMs].map((off) => at(midnight + off, 'created:<2026-11-02'))).toEqual([
      true,
      false,
      false,
      false,
    ]);
    expect([-1, 0, dayMs - 1, dayMs].map((off) => at(midnight + off, 'created:<=2026-11-02'))).toEqual([
      true,
      true,
      true,
      false,
    ]);
    expect(at(midnight + dayMs - 1, 'created:2026-11-01..2026-11-02')).toBe(true);
    expect(at(midnight + 59_999, 'created:2026-11-02T00:00')).toBe(true);
    expect(at(midnight + 60_000, 'created:2026-11-02T00:00')).toBe(false);
    expect(at(midnight - 2 * hourMs, 'created:2026-11-02T00:00:00+02:00')).toBe(true);
    expect(at(Math.floor(generatedNow / dayMs) * dayMs - dayMs, 'created:@today-1d')).toBe(true);
  });

  test('an age is how long ago: ">" is longer, "<" is less, alone it is not longer', () => {
    const ago = (ms: number, text: string): boolean => fits(text, { updatedAt: generatedNow - ms });
    expect([dayMs - 1, dayMs, dayMs + 1].map((ms) => ago(ms, 'updated:>1d'))).toEqual([false, false, true]);
    expect([dayMs - 1, dayMs, dayMs + 1].map((ms) => ago(ms, 'updated:>=24h'))).toEqual([false, true, true]);
    expect([dayMs - 1, dayMs, dayMs + 1].map((ms) => ago(ms, 'updated:<1d'))).toEqual([true, false, false]);
    expect([dayMs - 1, dayMs, dayMs + 1].map((ms) => ago(ms, 'updated:1d'))).toEqual([true, true, false]);
    expect([hourMs - 1, hourMs, dayMs, dayMs + 1].map((ms) => ago(ms, 'updated:1h..1d'))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  test('words are whole words that follow each other, in title or body', () => {
    const issue = { title: 'Crash: the log-in page', body: 'memory_leak in naïve “code”' };
    for (const text of ['crash', 'LOG', '"log in"', 'log-in', '"crash the log"', 'naïve', 'code', '"naïve code"']) {
      expect(fits(text, issue), text).toBe(true);
    }
    for (const text of ['cras', 'login', 'memory', 'nave', '"the page"', '"page memory_leak"', 'na']) {
      expect(fits(text, issue), text).toBe(false);
    }
  });

  test('in: is about the words beside it and those in parentheses beside it', () => {
    const issue = { title: 'crash', body: 'slow' };
    expect(fits('crash slow', issue)).toBe(true);
    expect(fits('crash in:title', issue)).toBe(true);
    expect(fits('slow in:title', issue)).toBe(false);
    expect(fits('slow in:title,body', issue)).toBe(true);
    expect(fits('(crash OR slow) in:body', issue)).toBe(true);
    expect(fits('(crash in:title) slow', issue)).toBe(true);
    expect(fits('crash (slow in:body) in:title', issue)).toBe(true);
    expect(fits('-slow in:title', issue)).toBe(true);
  });

  test('@me is who asks, app/name is the account of an app', () => {
    expect(fits('author:@me')).toBe(true);
    expect(fits('assignee:@ME', { assignees: ['octocat', 'mona'] })).toBe(true);
    expect(fits('author:app/robot', { author: 'Robot[bot]' })).toBe(true);
    expect(fits('label:@me', { labels: ['@me'] })).toBe(true);
  });

  test('a claim is found by its owner, its run and its agent, and is stale without progress', () => {
    const held = sampleHold({
      holder: { owner: 'coder/1', runId: 'run-7', kind: 'agent', reason: '', agent: sampleAgent('JD') },
      acquiredAt: generatedNow - 1_800_000,
    });
    const { progressAt: _, ...claim } = held;
    for (const text of [
      'claimed-by:CODER/1',
      'claimed-by:run-7',
      'claimed-by:coder/jd',
      'claimed-by:*',
      'is:claimed',
    ]) {
      expect(fits(text, {}, { claim }), text).toBe(true);
      expect(fits(text), text).toBe(false);
    }
    expect(fits('is:stale', {}, { claim })).toBe(true);
    expect(fits('is:stale', {}, { claim: { ...claim, progressAt: claim.acquiredAt + 1 } })).toBe(false);
    expect(fits('is:stale')).toBe(false);
  });

  test('a number alone is an issue of the same repository', () => {
    const more = { blockedBy: ['github/octo/slug/issues/7', 'github/acme/site/pulls/9'], openBlockers: 1 };
    for (const text of [
      'blocked-by:7',
      'blocked-by:#7',
      'blocked-by:Octo/Slug#7',
      'blocked-by:acme/site#9',
      'is:blocked',
    ]) {
      expect(fits(text, {}, more), text).toBe(true);
    }
    expect(fits('blocked-by:github/acme/site/pulls/9 blocked-by:*', {}, more)).toBe(true);
    expect(fits('blocked-by:https://github.com/acme/site/pull/9', {}, more)).toBe(true);
    for (const text of ['blocked-by:9', 'blocked-by:octo/slug#9', 'blocks:7', 'blocks:*']) {
      expect(fits(text, {}, more), text).toBe(false);
    }
  });

  test('state:open is that of the issue, other states are those of the task', () => {
    expect(fits('state:open state:needs_info', {}, { state: 'needs_info' })).toBe(true);
    expect(fits('state:blocked', {}, { state: 'open', openBlockers: 1 })).toBe(false);
    expect(fits('is:ready', {}, { ready: true })).toBe(true);
    expect(fits('state:ready', {}, { ready: true })).toBe(false);
  });

  test('money is exact to the millionth', () => {
    expect(fits('cost:0.1', {}, { costMicroUsd: 100_000 })).toBe(true);
    expect(fits('cost:>0.3', {}, { costMicroUsd: 300_000 })).toBe(false);
    expect(fits('cost:>0.3', {}, { costMicroUsd: 300_001 })).toBe(true);
    expect(fits('cost:0.1..0.3 attempts:<=0 fence:0 priority:P2 comments:<1', {}, { costMicroUsd: 300_000 })).toBe(
      true,
    );
  });
});

describe('what tasks cannot answer', () => {
  test.each([
    ['is:open mentions:octocat', 9, "only GitHub's own search knows mentions:octocat"],
    ['crash in:title,comments', 7, "only GitHub's own search knows in:comments"],
    ['type:issue,Bug', 1, "only GitHub's own search knows type:Bug"],
    ['-no:project', 2, "only GitHub's own search knows no:project"],
    ['sort:reactions', 1, "only GitHub's own search knows sort:reactions-desc"],
    ['a stars:>5', 3, 'stars:>5 is not about issues'],
  ])('%s is refused where it stands', (text, column, message) => {
    expect(parseTaskQuery(text, context)).toMatchObject({ kind: 'error', error: { column, message } });
  });

  test('@me without anybody who asks is refused', () => {
    expect(parseTaskQuery('is:open author:@me', {})).toMatchObject({ kind: 'error', error: { column: 9 } });
    expect(parseTaskQuery('is:open author:@me', { me: 'mona' })).toMatchObject({ kind: 'ok' });
  });

  test('a store that is asked all the same says so with a code', () => {
    const query = { kind: 'term', field: 'mentions', values: [{ kind: 'literal', text: 'mona' }] } as const;
    expect(() => taskPredicate(query, context)).toThrow(expect.objectContaining({ code: 'E106' }));
  });
});
