import type { TestRun } from './test-run.ts';

/** What the repository's own tests say about a change. */
export type TestVerdict =
  | { readonly kind: 'passes' }
  /** It failed before the change and fails no worse with it: not this change's fault, but to be told. */
  | { readonly kind: 'still-fails' }
  | { readonly kind: 'broken'; readonly why: string };

/** Without a run from before, any failure counts as the change's own. */
export function judgeTests(before: TestRun | undefined, after: TestRun): TestVerdict {
  if (after.exitCode === 0) return { kind: 'passes' };
  const now = describeFailure(after);
  if (before === undefined) return { kind: 'broken', why: now };
  if (before.exitCode === 0) return { kind: 'broken', why: `${now}; before the change it passed` };
  if (after.timedOut !== before.timedOut) {
    return { kind: 'broken', why: `${now}; before the change: ${describeFailure(before)}` };
  }
  const failuresBefore = failureCount(before.output);
  const failuresAfter = failureCount(after.output);
  const counted = failuresBefore !== undefined && failuresAfter !== undefined;
  if (counted && failuresAfter > failuresBefore) {
    return { kind: 'broken', why: `${failuresAfter} failures; before the change there were ${failuresBefore}` };
  }
  const otherFailure = !counted && after.exitCode !== before.exitCode;
  if (otherFailure) return { kind: 'broken', why: `${now}; before the change: ${describeFailure(before)}` };
  return { kind: 'still-fails' };
}

/** `exit code 1`, `not ended after 600 s`. */
export function describeFailure(run: TestRun): string {
  if (run.timedOut) return `not ended after ${Math.max(1, Math.round(run.durationMs / 1000))} s`;
  return run.exitCode === null ? 'ended by a signal' : `exit code ${run.exitCode}`;
}

/**
 * How test runners tell their failures: `2 failed` (vitest, jest, pytest, cargo), `2 failing` (mocha), `fail 2` (node),
 * `Failures: 2` (JUnit, RSpec's `2 failures`). The last figure stands for all: summaries come at the end.
 */
const failureFigures = [
  /\b(?<count>[0-9]{1,7}) (?:failed|failing|failures?)\b/gi,
  /\b(?:fail|failures|failed)[:=]? (?<count>[0-9]{1,7})\b/gi,
];

/** A hint from untrusted text, good enough to tell "as before" from "worse"; undefined when nothing is counted. */
export function failureCount(output: string): number | undefined {
  const found = failureFigures.flatMap((pattern) =>
    [...output.matchAll(pattern)].map((match) => ({ at: match.index, count: Number(match.groups?.['count']) })),
  );
  return found.sort((a, b) => a.at - b.at).at(-1)?.count;
}
