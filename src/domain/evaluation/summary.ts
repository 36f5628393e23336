import { type AttemptName, type AttemptRecord, attemptKey } from './attempt-record.ts';
import {
  type EvaluationIssue,
  type IssueKind,
  type IssueLanguage,
  issueKinds,
  issueLanguages,
} from './evaluation-issue.ts';
import { type Interval, wilsonInterval } from './wilson.ts';

export interface Rate {
  /** Attempts that were judged, and at how many issues. */
  readonly attempts: number;
  readonly issues: number;
  readonly solved: number;
  /** From 0 to 1; null where nothing was judged. */
  readonly rate: number | null;
  /** Of 95 %. With several attempts at an issue it counts issues, not attempts, for these are alike. */
  readonly interval: Interval | null;
}

export interface EvaluationSummary extends Rate {
  readonly byLanguage: Partial<Readonly<Record<IssueLanguage, Rate>>>;
  readonly byKind: Partial<Readonly<Record<IssueKind, Rate>>>;
  /** Of the attempts that were judged, all together and the median of one. */
  readonly costUsd: Totals;
  readonly turns: Totals;
  readonly tokens: Totals;
  readonly seconds: Totals;
  readonly failures: readonly AttemptRecord[];
  /** Broke or were interrupted; they say nothing about the model. */
  readonly unjudged: readonly AttemptRecord[];
  /** Never begun: no money left, interrupted, or the machine lacks what the language needs. */
  readonly untried: readonly AttemptName[];
  /** Solved, but with fewer or weaker tests than before; those were restored first. */
  readonly weakened: readonly AttemptName[];
}

export interface Totals {
  readonly total: number;
  readonly median: number;
}

export interface SummaryFacts {
  readonly issues: readonly Pick<EvaluationIssue, 'id' | 'language' | 'kind'>[];
  readonly planned: readonly AttemptName[];
  readonly judged: readonly AttemptRecord[];
  readonly unjudged: readonly AttemptRecord[];
}

export function summarise({ issues, planned, judged, unjudged }: SummaryFacts): EvaluationSummary {
  const known = new Map(issues.map((issue) => [issue.id, issue]));
  const told = judged.filter(({ issue }) => known.has(issue)).sort(byName);
  const broken = unjudged.filter(({ issue }) => known.has(issue)).sort(byName);
  const seen = new Set([...told, ...broken].map(attemptKey));
  const of = (has: (issue: Pick<EvaluationIssue, 'language' | 'kind'>) => boolean) =>
    rateOf(
      told.filter(({ issue }) => {
        const found = known.get(issue);
        return found !== undefined && has(found);
      }),
    );
  return {
    ...rateOf(told),
    byLanguage: groups(issueLanguages, (language) => of((issue) => issue.language === language)),
    byKind: groups(issueKinds, (kind) => of((issue) => issue.kind === kind)),
    costUsd: totals(told.map(({ costUsd }) => costUsd)),
    turns: totals(told.map(({ turns }) => turns)),
    tokens: totals(told.map(({ tokens }) => tokens)),
    seconds: totals(told.map(({ seconds }) => seconds)),
    failures: told.filter(({ verdict }) => verdict === 'failed'),
    unjudged: broken,
    untried: planned.filter((name) => !seen.has(attemptKey(name))),
    weakened: told
      .filter(({ verdict, weakened }) => verdict === 'solved' && weakened.length > 0)
      .map(({ issue, attempt }) => ({ issue, attempt })),
  };
}

function byName(a: AttemptRecord, b: AttemptRecord): number {
  if (a.issue !== b.issue) return a.issue < b.issue ? -1 : 1;
  return a.attempt - b.attempt;
}

function groups<Name extends string>(names: readonly Name[], rate: (name: Name) => Rate) {
  const found: Partial<Record<Name, Rate>> = {};
  for (const name of names) {
    const of = rate(name);
    if (of.attempts > 0) found[name] = of;
  }
  return found;
}

/** The share is the mean over issues, so that an issue that was tried more often weighs no more than another. */
function rateOf(records: readonly AttemptRecord[]): Rate {
  const byIssue = new Map<string, { solved: number; attempts: number }>();
  for (const { issue, verdict } of records) {
    const entry = byIssue.get(issue) ?? { solved: 0, attempts: 0 };
    entry.attempts += 1;
    if (verdict === 'solved') entry.solved += 1;
    byIssue.set(issue, entry);
  }
  const shares = [...byIssue.values()].map(({ solved, attempts }) => solved / attempts);
  const sum = shares.reduce((total, share) => total + share, 0);
  return {
    attempts: records.length,
    issues: byIssue.size,
    solved: records.filter(({ verdict }) => verdict === 'solved').length,
    rate: byIssue.size === 0 ? null : sum / byIssue.size,
    interval: wilsonInterval(sum, byIssue.size) ?? null,
  };
}

function totals(values: readonly number[]): Totals {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  const median = sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
  return { total: sorted.reduce((sum, value) => sum + value, 0), median };
}
