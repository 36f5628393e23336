import { describe, expect, it } from 'vitest';
import type { AttemptRecord } from '../../../../src/domain/evaluation/attempt-record.ts';
import { chooseIssues, everyIssue } from '../../../../src/domain/evaluation/choose-issues.ts';
import { affords, plannedAttempts } from '../../../../src/domain/evaluation/plan-attempts.ts';
import { summarise } from '../../../../src/domain/evaluation/summary.ts';
import { wilsonInterval } from '../../../../src/domain/evaluation/wilson.ts';

const issues = [
  { id: 'go-a', language: 'go', kind: 'bug' },
  { id: 'py-b', language: 'python', kind: 'bug' },
  { id: 'py-c', language: 'python', kind: 'docs' },
] as const;

function record(issue: string, verdict: AttemptRecord['verdict'], more: Partial<AttemptRecord> = {}): AttemptRecord {
  const amounts = { turns: 4, modelCalls: 4, tokens: 10, costUsd: 0.1, seconds: 3, judgeSeconds: 1 };
  const told = { reason: verdict === 'solved' ? '' : 'why', at: '', digest: '', weakened: [] };
  return { type: 'ended', issue, attempt: 1, verdict, ...amounts, ...told, ...more };
}

describe('the summary of an evaluation', () => {
  const planned = plannedAttempts(issues, 1, []);

  it('has the rate, its interval, and the same by language and kind', () => {
    const judged = [record('go-a', 'solved'), record('py-b', 'failed'), record('py-c', 'solved')];
    const summary = summarise({ issues, planned, judged, unjudged: [] });
    expect(summary).toMatchObject({ attempts: 3, issues: 3, solved: 2, rate: 2 / 3, interval: wilsonInterval(2, 3) });
    expect(summary.byLanguage).toMatchObject({ go: { rate: 1 }, python: { rate: 0.5, attempts: 2 } });
    expect(summary.byLanguage.typescript).toBeUndefined();
    expect(summary.byKind).toMatchObject({ bug: { solved: 1, attempts: 2 }, docs: { solved: 1 } });
    expect(summary.failures.map(({ issue }) => issue)).toEqual(['py-b']);
  });

  it('has no rate where nothing was judged', () => {
    const summary = summarise({ issues, planned, judged: [], unjudged: [record('go-a', 'faulted')] });
    expect(summary).toMatchObject({ attempts: 0, rate: null, interval: null });
    expect(summary.unjudged).toHaveLength(1);
    expect(summary.untried.map(({ issue }) => issue)).toEqual(['py-b', 'py-c']);
  });

  it('does not count what says nothing about the model', () => {
    const summary = summarise({
      issues,
      planned,
      judged: [record('go-a', 'solved'), record('gone', 'failed')],
      unjudged: [record('py-b', 'faulted', { costUsd: 9 })],
    });
    expect(summary).toMatchObject({ attempts: 1, rate: 1, costUsd: { total: 0.1 } });
  });

  it('takes attempts at one issue for one issue, so that trying it often narrows nothing', () => {
    const judged = [1, 2, 3, 4].flatMap((attempt) => [
      record('go-a', attempt === 1 ? 'solved' : 'failed', { attempt }),
      record('py-b', 'solved', { attempt }),
    ]);
    const summary = summarise({ issues, planned: [], judged, unjudged: [] });
    expect(summary).toMatchObject({ attempts: 8, issues: 2, solved: 5, rate: (0.25 + 1) / 2 });
    expect(summary.interval).toEqual(wilsonInterval(1.25, 2));
  });

  it('has medians and sums', () => {
    const judged = [1, 2, 6].map((turns, at) => record(issues[at]?.id ?? '', 'solved', { turns, seconds: turns * 2 }));
    const summary = summarise({ issues, planned, judged, unjudged: [] });
    expect(summary.turns).toEqual({ total: 9, median: 2 });
    expect(summary.seconds).toEqual({ total: 18, median: 4 });
    expect(summarise({ issues, planned, judged: judged.slice(1), unjudged: [] }).turns.median).toBe(4);
  });

  it('names what was solved with weaker tests', () => {
    const judged = [
      record('go-a', 'solved', { weakened: ['a_test.go'] }),
      record('py-b', 'failed', { weakened: ['x'] }),
    ];
    expect(summarise({ issues, planned, judged, unjudged: [] }).weakened).toEqual([{ issue: 'go-a', attempt: 1 }]);
  });
});

describe('what is tried', () => {
  it('is every issue once before any is tried again, without what was judged', () => {
    const names = plannedAttempts(issues, 2, [{ issue: 'py-b', attempt: 1 }]);
    expect(names.map(({ issue, attempt }) => `${issue}#${attempt}`)).toEqual([
      'go-a#1',
      'py-c#1',
      'go-a#2',
      'py-b#2',
      'py-c#2',
    ]);
  });

  it('is chosen by name, language and kind, and a name that nobody has is told', () => {
    const pick = (choice: object) => chooseIssues(issues, { ...everyIssue, ...choice });
    expect(pick({ languages: ['python'], kinds: ['bug'] }).chosen.map(({ id }) => id)).toEqual(['py-b']);
    expect(pick({ only: ['go-a', 'nope'] })).toMatchObject({ chosen: [{ id: 'go-a' }], unknown: ['nope'] });
    expect(pick({}).chosen).toHaveLength(3);
  });

  it('is begun only with the whole of what it may cost', () => {
    expect(affords({ spentUsd: 1e9, reservedUsd: 0 }, 2)).toBe(true);
    expect(affords({ capUsd: 5, spentUsd: 1, reservedUsd: 2 }, 2)).toBe(true);
    expect(affords({ capUsd: 5, spentUsd: 1.01, reservedUsd: 2 }, 2)).toBe(false);
    // 0.1 + 0.2 is not 0.3 to a computer.
    expect(affords({ capUsd: 0.3, spentUsd: 0.1, reservedUsd: 0.1 }, 0.1)).toBe(true);
  });
});
