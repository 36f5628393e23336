import { markdownLines } from '../markdown-code.ts';
import { asCodeSpan, neutraliseInline, neutraliseMarkdown, type OutgoingOptions } from '../outgoing-text.ts';
import type { PlanReport, PlanStep } from '../reports/plan-report.ts';
import type { Continuation } from '../task.ts';
import { utcDay } from '../told-time.ts';
import { shownPlan } from './plan-name.ts';

/** What the comment shows of a plan in words: all of it. Its texts are untrusted. */
export interface ShownWordPlan {
  readonly hash: string;
  readonly report: PlanReport;
  readonly base: { readonly branch: string; readonly sha: string };
  readonly continues?: Continuation;
  readonly expiresAt: number;
}

/** GitHub takes 65,536 characters; figures and what was hidden come after it. */
export const maxPlanText = 55_000;

/** Blocks of markdown: what would be done, how to say yes or no. Nothing of the plan is cut; see `maxPlanText`. */
export function wordPlanBlocks({ hash, report, base, continues, expiresAt }: ShownWordPlan, issue: number): string[] {
  const on = continues === undefined ? asCodeSpan(base.branch, 100) : `#${continues.pullRequest}`;
  const at = `\`${(continues?.headSha ?? base.sha).slice(0, 10)}\``;
  return [
    'Nothing is changed yet. This is what an agent would do, in its own words:',
    ...planWords(report, issue),
    `To have exactly this carried out, comment \`/agent approve ${shownPlan(hash)}\`. It was made for ${on} at ${at}.`,
    `It is held until ${utcDay(expiresAt)} (UTC); \`/agent stop\` gives it up, \`/agent plan\` makes a new one.`,
  ];
}

/** The words alone; they stay when the plan waits no more. */
export function planWords({ summary, steps, tests, risks }: PlanReport, issue: number): string[] {
  const options = { issue, maxLength: maxPlanText };
  return [
    shown(summary, options),
    ...steps.flatMap((step, index) => stepBlocks(step, index + 1, options)),
    ...list('**How it will be proven**', tests, options),
    ...list('**What can go wrong, and what is left out**', risks, options),
  ];
}

function stepBlocks({ title, detail, paths }: PlanStep, number: number, options: OutgoingOptions): string[] {
  const files = paths.map((path) => asCodeSpan(path, 300)).join(', ');
  return [
    `**Step ${number}:** ${withoutMath(neutraliseInline(title, options))}`,
    shown(detail, options),
    files === '' ? '' : `Touches ${files}.`,
  ];
}

function list(heading: string, lines: readonly string[], options: OutgoingOptions): string[] {
  if (lines.length === 0) return [];
  return [heading, lines.map((line) => `- ${withoutMath(neutraliseInline(line, options))}`).join('\n')];
}

function shown(text: string, options: OutgoingOptions): string {
  return withoutMath(neutraliseMarkdown(text, options));
}

/** A span of code, a backtick that opens none, or a dollar outside of code. */
const spanOrDollar = /\\`|(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)|\$/g;

/** GitHub draws what stands between dollars, and a formula can hold words that it does not show. */
function withoutMath(text: string): string {
  if (!text.includes('$')) return text;
  const lines = markdownLines(text).map((line) =>
    line.kind === 'fenced' ? line.text : line.text.replace(spanOrDollar, (found) => (found === '$' ? '&#36;' : found)),
  );
  return lines.join('\n');
}
