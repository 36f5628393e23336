/** What the end of a check says about the commit. `says-nothing`: it was cancelled, overtaken, or waits for a person. */
export type CheckVerdict = 'failed' | 'passed' | 'says-nothing';

/** `error` is the word of commit statuses; a run that could not even start has tested nothing, and is to be mended. */
const failures: ReadonlySet<string> = new Set(['failure', 'timed_out', 'startup_failure', 'error']);
/** GitHub lets a required check pass with each of them. */
const passes: ReadonlySet<string> = new Set(['success', 'neutral', 'skipped']);

/** The one table of conclusions; null or undefined: it has none yet. What GitHub may add one day says nothing to us. */
export function verdictOf(conclusion: string | null | undefined): CheckVerdict {
  if (failures.has(conclusion ?? '')) return 'failed';
  return passes.has(conclusion ?? '') ? 'passed' : 'says-nothing';
}
