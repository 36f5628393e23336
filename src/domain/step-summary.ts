import { type BudgetLimits, formatUsd, type Spend, totalTokens } from './budget.ts';
import type { Outcome } from './outcome.ts';
import { asCodeSpan, neutraliseInline, neutraliseMarkdown } from './outgoing-text.ts';
import type { PassedOverRung } from './passed-over.ts';
import { passedOverText } from './passed-over-text.ts';
import type { TestProof } from './run-result.ts';
import { isChecked } from './test-proof.ts';
import type { TestRun } from './test-run.ts';
import { duration } from './told-time.ts';

export interface StepSummary {
  readonly outcome: Outcome;
  /** Untrusted text. */
  readonly reason: string;
  /** What it is about; its title is untrusted. */
  readonly issue: {
    readonly number: number;
    readonly title: string;
    readonly url: string;
    readonly isPullRequest?: boolean;
  };
  readonly runId: string;
  readonly fence: number;
  /** This and the next are the agent's word: untrusted text. */
  readonly model: string;
  readonly sandbox?: string;
  /** Stronger ones that could not be had. Untrusted text. */
  readonly passedOver?: readonly PassedOverRung[];
  readonly spend?: Spend;
  readonly budget: BudgetLimits;
  readonly pullRequest?: { readonly number: number; readonly url: string };
  /** What was delivered and is no pull request of ours. */
  readonly delivered?: { readonly kind: string; readonly url: string };
  readonly testsBefore?: TestRun;
  readonly testsAfter?: TestRun;
  readonly proof?: TestProof;
  /** Milliseconds by phase. */
  readonly durations?: Readonly<Record<string, number>>;
}

const maxPhases = 30;

/** The job's step summary: the outcome first, then cost and what was run, then a small timeline, folded. */
export function renderStepSummary(summary: StepSummary): string {
  const { outcome, issue } = summary;
  const options = { issue: issue.number, maxLength: 2_000 };
  const blocks = [
    `## ${outcome}${deliveredText(summary)}`,
    neutraliseMarkdown(summary.reason, options),
    `${issue.isPullRequest === true ? 'Pull request' : 'Issue'} [#${issue.number}](${issue.url}) ${neutraliseInline(issue.title, { ...options, maxLength: 200 })}`,
    figures(summary),
    passedOverText(summary.passedOver),
    timeline(summary.durations),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function deliveredText({ pullRequest, delivered }: StepSummary): string {
  if (pullRequest !== undefined) return ` · [pull request #${pullRequest.number}](${pullRequest.url})`;
  return delivered === undefined ? '' : ` · [${delivered.kind}](${delivered.url})`;
}

function figures(summary: StepSummary): string {
  const { spend, budget } = summary;
  const rows: [string, string][] = [];
  if (spend !== undefined) {
    rows.push(['cost', `${formatUsd(spend.costMicroUsd)} of ${formatUsd(budget.maxCostMicroUsd)} USD`]);
    rows.push(['turns', `${spend.turns} of ${budget.maxTurns}`]);
    rows.push(['tokens', `${totalTokens(spend.usage)} of ${budget.maxTokens}`]);
  }
  rows.push(['model', asCodeSpan(summary.model, 100)]);
  if (summary.sandbox !== undefined) rows.push(['sandbox', asCodeSpan(summary.sandbox, 100)]);
  if (summary.testsBefore !== undefined) rows.push(['tests before', testText(summary.testsBefore)]);
  if (summary.testsAfter !== undefined) rows.push(['tests after', provenText(summary.testsAfter, summary.proof)]);
  rows.push(['run', `${summary.runId} · fence ${summary.fence}`]);
  const lines = rows.map(([name, value]) => `| ${name} | ${value.replaceAll('|', '\\|').replaceAll('\n', ' ')} |`);
  return ['| | |', '|---|---|', ...lines].join('\n');
}

/** `passed in 1.2 s`, `failed with exit code 1`. */
export function testText(run: TestRun): string {
  if (run.timedOut) return `ran too long and was ended after ${duration(run.durationMs)}`;
  if (run.exitCode === 0) return `passed in ${duration(run.durationMs)}`;
  return run.exitCode === null ? 'was killed' : `failed with exit code ${run.exitCode}`;
}

/** The same, with what it is worth. */
export function provenText(run: TestRun, proof: TestProof | undefined): string {
  return `${testText(run)}${isChecked(proof) ? '' : ', not checked independently'}`;
}

function timeline(durations: Readonly<Record<string, number>> | undefined): string {
  const named = Object.entries(durations ?? {}).map(
    ([name, ms]) => [name.replace(/[^a-z0-9 -]/gi, '').trim(), ms] as const,
  );
  const phases = named.filter(([name, ms]) => name !== '' && name !== 'total' && ms > 0).slice(0, maxPhases);
  if (phases.length === 0) return '';
  let at = 0;
  const bars = phases.map(([name, ms]) => {
    const length = Math.max(1, Math.round(ms));
    const bar = `  ${name} (${duration(ms)}) :${at}, ${length}ms`;
    at += length;
    return bar;
  });
  const chart = ['```mermaid', 'gantt', '  dateFormat x', '  axisFormat %M:%S', ...bars, '```'].join('\n');
  return `<details><summary>Where the time went</summary>\n\n${chart}\n\n</details>`;
}
