import { describe, expect, it } from 'vitest';
import { attemptLine, evaluationText } from '../../../src/cli/evaluation-view.ts';
import { createPaint } from '../../../src/cli/paint.ts';
import type { AttemptRecord } from '../../../src/domain/evaluation/attempt-record.ts';
import { plannedAttempts } from '../../../src/domain/evaluation/plan-attempts.ts';
import { summarise } from '../../../src/domain/evaluation/summary.ts';
import type { EvaluationReport } from '../../../src/runtime/evaluate/evaluate.ts';

const issues = [
  { id: 'go-a', language: 'go', kind: 'bug' },
  { id: 'py-b', language: 'python', kind: 'docs' },
] as const;

function record(issue: string, verdict: AttemptRecord['verdict'], reason = ''): AttemptRecord {
  const amounts = { turns: 4, modelCalls: 4, tokens: 1_234, costUsd: 0.5, seconds: 61, judgeSeconds: 1 };
  return { type: 'ended', issue, attempt: 1, verdict, reason, at: '', digest: '', weakened: [], ...amounts };
}

function textOf(records: readonly AttemptRecord[], more: Partial<EvaluationReport> = {}): string {
  const isJudged = ({ verdict }: AttemptRecord) => verdict === 'solved' || verdict === 'failed';
  const judged = records.filter(isJudged);
  const unjudged = records.filter((each) => !isJudged(each));
  const about = { schema: 1, model: 'm-1', date: '2026-11-21', version: '0.1.0', repeat: 1 } as const;
  const rest = { results: '/out/results.jsonl', missing: [], spentUsd: 1, stopped: null };
  const summary = summarise({ issues, planned: plannedAttempts(issues, 1, []), judged, unjudged });
  const stdout = { write: () => undefined, columns: 100 };
  const environment = { columns: undefined } as Parameters<typeof evaluationText>[1]['environment'];
  const io = { stdout, environment, paintOut: createPaint('never', false) };
  return evaluationText({ ...about, ...rest, ...summary, ...more }, io);
}

describe('the table of an evaluation', () => {
  it('tells model, day, number, rate and interval together', () => {
    const text = textOf([record('go-a', 'solved'), record('py-b', 'failed', 'hidden tests: 1 of 3 passed')]);
    expect(text).toContain('m-1 · 2026-11-21 · entropy-playground 0.1.0');
    expect(text).toContain('2 attempts at 2 issues');
    expect(text).toContain('1 of 2 · 50.0 % (95 %: 9.5 to 90.5 %)');
    expect(text).toContain('0.50 USD each (median), 1.00 USD in all');
    expect(text).toMatch(/python +0 of 1/);
    expect(text).toContain('    py-b  hidden tests: 1 of 3 passed');
    expect(text).not.toContain('go on');
  });

  it('tells no rate where nothing was judged, and how to go on', () => {
    const text = textOf([record('go-a', 'faulted', 'E400: no sandbox')], { stopped: 'over-budget' });
    expect(text).toContain('nothing was judged, so there is no rate');
    expect(text).not.toMatch(/\d %/);
    expect(text).toContain('broken or stopped, not counted\n    go-a  E400: no sandbox');
    expect(text).toContain('never begun, not counted\n    py-b');
    expect(text).toContain(
      'go on with a higher --max-cost-usd: entropy-playground evaluate --model m-1 --resume /out/results.jsonl',
    );
  });

  it('names what the machine lacks', () => {
    const missing = [{ language: 'go', what: 'Go 1.22', fix: 'install it' }] as const;
    expect(textOf([record('py-b', 'solved')], { missing })).toContain('missing: Go 1.22. install it');
  });

  it('shows untrusted reasons without their control characters', () => {
    const line = attemptLine(record('go-a', 'failed', 'bad \u001b[31mred\u202e'), 1, 2);
    expect(line).toMatch(/^ {4}1 of 2 {2}failed {3}go-a {2}4 turns · 0\.50 USD · 1m 0?1s · bad /);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there
    expect(line).not.toMatch(/[\u001b\u202e]/);
  });
});
