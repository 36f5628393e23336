import { describe, expect, it } from 'vitest';
import { defaultBudget } from '../../src/domain/budget.ts';
import { renderStepSummary, type StepSummary } from '../../src/domain/step-summary.ts';

const honest: StepSummary = {
  outcome: 'failed',
  reason: 'The change could not be handed in.',
  issue: { number: 7, title: 'A bug', url: 'https://github.com/octo/slug/issues/7' },
  runId: '01JD0000000000000000000000',
  fence: 1,
  model: 'claude-opus-4-8',
  sandbox: 'bubblewrap, offline',
  budget: defaultBudget,
  durations: { agent: 1_200 },
};

const markup = '![x](https://attacker.test/?leak) <img src=https://attacker.test> | a | @octocat\n## succeeded `';

describe('M7: a hand-over that forges what the step summary says', () => {
  it.each(['model', 'sandbox'] as const)('gets no markup of its own into the row "%s"', (field) => {
    const text = renderStepSummary({ ...honest, [field]: markup });
    const row = text.split('\n').find((line) => line.startsWith(`| ${field} `)) ?? '';
    expect(row).toMatch(/^\| \w+ \| `[^`]*` \|$/);
    expect(text.split('\n').filter((line) => line.startsWith('## '))).toEqual(['## failed']);
  });

  it('gets neither lines nor endless phases into the chart', () => {
    const phases = Object.fromEntries(Array.from({ length: 5_000 }, (_, at) => [`phase ${at}`, 1]));
    const text = renderStepSummary({ ...honest, durations: { 'a\n```\n# forged :x': 5, '::': 3, ...phases } });
    expect(text).not.toMatch(/^# forged/m);
    expect(text.match(/```/g)).toHaveLength(2);
    expect(text.length).toBeLessThan(4_000);
  });

  it('shows an honest run as it was', () => {
    const text = renderStepSummary(honest);
    expect(text).toContain('| model | `claude-opus-4-8` |');
    expect(text).toContain('| sandbox | `bubblewrap, offline` |');
    expect(text).toContain('agent (1 s)');
  });
});
