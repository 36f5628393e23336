import type { Omitted } from './brief.ts';
import { type BudgetLimit, type BudgetLimits, formatUsd, type Spend } from './budget.ts';
import { counted } from './counted.ts';
import { planBlocks, type ShownPlan } from './held/plan-text.ts';
import { planWords, type ShownWordPlan, wordPlanBlocks } from './held/word-plan-text.ts';
import { marker } from './markers.ts';
import { asCodeSpan, neutraliseInline, neutraliseMarkdown, type OutgoingOptions } from './outgoing-text.ts';
import type { PassedOverRung } from './passed-over.ts';
import { passedOverText } from './passed-over-text.ts';
import type { PlanReport } from './reports/plan-report.ts';
import { describeRemovals, type Removals } from './sanitise/removals.ts';
import { duration, utcTime } from './told-time.ts';
import { type SavedTold, savedText } from './unfinished/unfinished-text.ts';

const trackingSteps = ['claimed', 'read', 'change', 'publish'] as const;
export type TrackingStep = (typeof trackingSteps)[number];

export interface TrackingWork {
  readonly kind: 'working';
  /** The step that is being done; all before it are ticked. */
  readonly step: TrackingStep;
  /** Milliseconds since 1970; absent: the lease is short, and renewed as long as somebody works. */
  readonly leaseExpiresAt?: number;
  /** What happens right now: a command or a file (untrusted), how often by now, for how long. */
  readonly now?: { readonly subject: string; readonly count?: number; readonly elapsedMs?: number };
}

/** How a run ended, with what a person wants to know then. Reasons and questions are untrusted text. */
export type TrackingEnd =
  | {
      readonly kind: 'opened' | 'updated';
      readonly pullRequest: number;
      readonly draft: boolean;
      readonly files: number;
      readonly lines: { readonly added: number; readonly removed: number };
      readonly tests?: string;
      /** Undefined: a person merges it. */
      readonly merge?: AutoMergeTold;
    }
  /** Waits for somebody's approval. */
  | { readonly kind: 'held'; readonly plan: ShownPlan }
  /** The same of a plan in words. */
  | { readonly kind: 'planned'; readonly plan: ShownWordPlan }
  /** What became of a plan that was held; `what` is a sentence of ours. `words`: the plan, when it was one in words. */
  | { readonly kind: 'hold_over'; readonly what: string; readonly words?: PlanReport }
  /**
   * Labels, a review or a verdict were delivered. `what` completes the heading (`reviewed #5`), `told` is markdown: both are
   * ours, and quote nobody but in code spans.
   */
  | { readonly kind: 'delivered'; readonly what: string; readonly told: string }
  /** `what` completes the heading, where nothing was to be changed at all. */
  | { readonly kind: 'no_change'; readonly reason: string; readonly what?: string }
  | { readonly kind: 'needs_info'; readonly questions: readonly string[] }
  | { readonly kind: 'blocked'; readonly reason: string; readonly next: string }
  | { readonly kind: 'over_budget'; readonly limit?: BudgetLimit; readonly reason: string; readonly next: string }
  | { readonly kind: 'stopped'; readonly by?: string; readonly reason?: string }
  | { readonly kind: 'failed'; readonly reason: string; readonly next: string }
  | { readonly kind: 'refused'; readonly reason: string };

export type AutoMergeTold =
  | { readonly kind: 'asked' }
  /** Why GitHub does not merge it by itself: GitHub's words, or ours. */
  | { readonly kind: 'refused'; readonly reason: string };

export interface TrackingComment {
  readonly role: string;
  readonly issue: number;
  readonly fence: number;
  readonly runId: string;
  readonly state: TrackingWork | TrackingEnd;
  readonly spend?: Spend;
  readonly budget?: BudgetLimits;
  /** `bubblewrap, offline`. */
  readonly sandbox?: string;
  /** Stronger ones that could not be had. Untrusted text. */
  readonly passedOver?: readonly PassedOverRung[];
  /** What was left out of the issue because nobody sees it. */
  readonly hidden?: Removals;
  /** Remarks on the pull request that the agent is not told of. */
  readonly omitted?: Omitted;
  /** Link to the running log. */
  readonly log?: string;
  /** What it began with that an earlier run had left; a sentence of ours. */
  readonly goesOn?: string;
  /** Where its own work is, when it ended without handing anything in. */
  readonly saved?: SavedTold;
}

export const trackingOp = 'tracking';

/** Blocks of markdown, joined by empty lines. */
type Blocks = string[];

/** The one comment that follows a run from the claim to its end, edited in place. Its marker is its first line. */
export function renderTrackingComment(comment: TrackingComment): string {
  const { issue, fence, runId: run, state } = comment;
  const mark = marker({ issue, fence, run, op: trackingOp });
  const body =
    state.kind === 'working'
      ? working(comment, state)
      : [
          ...ended(comment, state),
          comment.saved === undefined ? '' : savedText(comment.saved),
          figures(comment, []),
          passedOverText(comment.passedOver),
          omittedText(comment),
          hiddenText(comment),
        ];
  return `${mark}\n${body.filter((block) => block !== '').join('\n\n')}\n`;
}

function working(comment: TrackingComment, state: TrackingWork): Blocks {
  const reached = trackingSteps.indexOf(state.step);
  const boxes = trackingSteps.map((step, index) => {
    const text = step === 'claimed' ? claimedText(state) : stepNames[step];
    const now = index === reached && step !== 'claimed' ? `   ← now${current(state)}` : '';
    const ticked = index < reached || step === 'claimed';
    return `- [${ticked ? 'x' : ' '}] ${text}${now}`;
  });
  const heading = `### 🤖 ${comment.role} is working on this · fence ${comment.fence}`;
  return [
    heading,
    comment.goesOn ?? '',
    boxes.join('\n'),
    figures(comment, ['`/agent stop`']),
    omittedText(comment),
    hiddenText(comment),
  ];
}

function claimedText({ leaseExpiresAt }: TrackingWork): string {
  if (leaseExpiresAt === undefined) return 'claimed · lease renewed while the work goes on';
  return `claimed · lease until ${utcTime(leaseExpiresAt)}`;
}

const stepNames = { read: 'read the code', change: 'change and test it', publish: 'publish' } as const;

function current({ now }: TrackingWork): string {
  if (now === undefined) return '';
  const often = now.count !== undefined && now.count > 1 ? ` (${ordinal(now.count)} time)` : '';
  const since = now.elapsedMs === undefined ? '' : `, ${duration(now.elapsedMs)}`;
  return `: ${asCodeSpan(now.subject, 80)}${often}${since}`;
}

function ended(comment: TrackingComment, end: TrackingEnd): Blocks {
  const { role, issue } = comment;
  const text = (untrusted: string): string => neutraliseMarkdown(untrusted, outgoing(issue, 2_000));
  const heading = (words: string): string => `### 🤖 ${role} ${words}`;
  switch (end.kind) {
    case 'opened':
    case 'updated': {
      const what = `${end.kind} #${end.pullRequest}${end.draft ? ' (draft)' : ''}`;
      const files = `${end.files} ${end.files === 1 ? 'file' : 'files'}, +${end.lines.added} −${end.lines.removed}`;
      const tests = end.tests === undefined ? '' : ` · ${end.tests}`;
      return [heading(what), `${files}${tests}. ${mergeText(end.merge, issue)}`];
    }
    case 'held':
      return [heading('waits for approval'), ...planBlocks(end.plan)];
    case 'planned':
      return [heading('waits for approval'), ...wordPlanBlocks(end.plan, issue)];
    case 'hold_over':
      return [heading('waits no more'), end.what, ...(end.words === undefined ? [] : planWords(end.words, issue))];
    case 'delivered':
      return [heading(end.what), end.told];
    case 'no_change':
      return [heading(end.what ?? 'found nothing to change'), text(end.reason)];
    case 'needs_info': {
      const questions = end.questions.slice(0, 20).map((question, index) => `${index + 1}. ${inline(question, issue)}`);
      return [heading('needs an answer'), questions.join('\n'), 'Answer here, then comment `/agent retry`.'];
    }
    case 'blocked':
      return [heading('is blocked'), text(end.reason), text(end.next)];
    case 'over_budget': {
      const limit = end.limit === undefined ? '' : ` (${end.limit})`;
      return [heading(`went over budget${limit}`), text(end.reason), text(end.next)];
    }
    case 'stopped': {
      const by = end.by === undefined ? '' : ` by ${asCodeSpan(`@${end.by}`, 60)}`;
      return [heading(`was stopped${by}`), text(end.reason ?? ''), '`/agent fix` starts anew.', ''];
    }
    case 'failed':
      return [heading('failed'), text(end.reason), text(end.next)];
    case 'refused':
      return [heading('refused'), text(end.reason)];
    default:
      return end satisfies never;
  }
}

/** Who merges it. */
export function mergeText(merge: AutoMergeTold | undefined, issue: number): string {
  if (merge === undefined) return 'A person reviews and merges it.';
  if (merge.kind === 'asked') return 'GitHub merges it when all that this repository requires is there.';
  return `A person merges it, for GitHub does not by itself: ${inline(merge.reason, issue)}.`;
}

function inline(text: string, issue: number): string {
  return neutraliseInline(text, outgoing(issue, 1_000));
}

function outgoing(issue: number, maxLength: number): OutgoingOptions {
  return { issue, maxLength };
}

function figures(comment: TrackingComment, more: readonly string[]): string {
  const { spend, budget, sandbox, log } = comment;
  const parts: string[] = [];
  if (spend !== undefined) {
    const money = formatUsd(spend.costMicroUsd);
    parts.push(budget === undefined ? `${money} USD` : `${money} of ${formatUsd(budget.maxCostMicroUsd)} USD`);
    parts.push(budget === undefined ? `${spend.turns} turns` : `${spend.turns} of ${budget.maxTurns} turns`);
  } else if (budget !== undefined) {
    parts.push(`up to ${formatUsd(budget.maxCostMicroUsd)} USD`, `up to ${budget.maxTurns} turns`);
  }
  if (sandbox !== undefined) parts.push(`sandbox ${inline(sandbox, comment.issue)}`);
  if (log !== undefined) parts.push(`[log](${log})`);
  parts.push(`run \`${comment.runId}\``);
  return [...parts, ...more].join(' · ');
}

function omittedText({ omitted }: TrackingComment): string {
  if (omitted === undefined) return '';
  const parts = [
    ...(omitted.unheard > 0 ? [`${counted(omitted.unheard, 'remark')} of those who may not start agents here`] : []),
    ...(omitted.left > 0 ? [`${counted(omitted.left, 'older remark')} for which there was no room`] : []),
  ];
  return parts.length === 0 ? '' : `Not told to the agent: ${parts.join(', and ')}.`;
}

function hiddenText({ hidden = {} }: TrackingComment): string {
  const removed = describeRemovals(hidden);
  if (removed === '') return '';
  return `<details><summary>Hidden text was left out of the issue</summary>\n\nThe agent does not read what nobody sees here: ${removed}.\n\n</details>`;
}

function ordinal(count: number): string {
  const teen = count % 100 >= 11 && count % 100 <= 13;
  const ending = teen ? 'th' : (['th', 'st', 'nd', 'rd'][count % 10] ?? 'th');
  return `${count}${ending}`;
}
