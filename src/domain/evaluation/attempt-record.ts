import { type Outcome, outcomes } from '../outcome.ts';
import { count, finite, groupOf, listOf, oneOf, type Shape, text } from '../shape.ts';

export const attemptVerdicts = ['solved', 'failed', 'faulted', 'stopped'] as const;

/**
 * How an attempt came out. `faulted`: something of ours or of the machine broke, which says nothing about the model;
 * `stopped`: somebody interrupted it. Neither counts, and both are tried again when the evaluation is resumed.
 */
export type AttemptVerdict = (typeof attemptVerdicts)[number];

/** One attempt at one issue, counted from 1. */
export interface AttemptName {
  readonly issue: string;
  readonly attempt: number;
}

/** What is kept of an attempt, as a line of the results. */
export interface AttemptRecord extends AttemptName {
  readonly type: 'ended';
  /** ISO 8601. */
  readonly at: string;
  /** Of the issue's folder, so that results of an issue that was changed since are not counted. */
  readonly digest: string;
  readonly verdict: AttemptVerdict;
  /** One line for a person; empty when it is solved. May quote untrusted text. */
  readonly reason: string;
  /** Of the agent's run; absent when there was none to its end. */
  readonly outcome?: Outcome;
  readonly turns: number;
  readonly modelCalls: number;
  /** All kinds together. */
  readonly tokens: number;
  readonly costUsd: number;
  /** From the start of the run to its end, and what the judge took after it. */
  readonly seconds: number;
  readonly judgeSeconds: number;
  readonly sandbox?: string;
  /** SHA-256 of the change; absent when there was none. */
  readonly patchSha256?: string;
  /** Tests of the repository that the change weakens, by path; they were restored before it was judged. */
  readonly weakened: readonly string[];
}

/** Said before an attempt begins, so that one that was killed is not forgotten by the budget. */
export interface AttemptStart extends AttemptName {
  readonly type: 'started';
  readonly at: string;
  /** Most that it may cost. */
  readonly ceilingUsd: number;
}

export const attemptRecord: Shape<AttemptRecord> = groupOf<AttemptRecord>({
  required: {
    type: oneOf(['ended']),
    issue: text,
    attempt: count,
    at: text,
    digest: text,
    verdict: oneOf(attemptVerdicts),
    reason: text,
    turns: count,
    modelCalls: count,
    tokens: count,
    costUsd: finite,
    seconds: finite,
    judgeSeconds: finite,
    weakened: listOf(text),
  },
  optional: { outcome: oneOf(outcomes), sandbox: text, patchSha256: text },
});

export const attemptStart: Shape<AttemptStart> = groupOf<AttemptStart>({
  required: { type: oneOf(['started']), issue: text, attempt: count, at: text, ceilingUsd: finite },
  optional: {},
});

/** Whether it says something about the model. */
export function isJudged({ verdict }: Pick<AttemptRecord, 'verdict'>): boolean {
  return verdict === 'solved' || verdict === 'failed';
}

export function attemptKey({ issue, attempt }: AttemptName): string {
  return `${issue}#${attempt}`;
}
