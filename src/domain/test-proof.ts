import { parseBranchName } from './branch-name.ts';
import type { LeftOut, TestProof } from './run-result.ts';
import type { Task } from './task.ts';

export const nothingLeftOut: LeftOut = { count: 0, paths: [] };

const mostShown = 20;

export function leftOutOf(paths: readonly string[]): LeftOut {
  return {
    count: paths.length,
    paths: [...paths]
      .sort()
      .slice(0, mostShown)
      .map((path) => path.slice(0, 300)),
  };
}

/**
 * Why no place of this task can be called fresh: set-up runs the code that is checked out, and when an agent wrote that, what it
 * leaves behind is the agent's. Undefined when only the repository's own code was there first.
 */
export function whyNeverFresh({
  continues,
  base,
  branchPrefix,
}: Pick<Task, 'continues' | 'base' | 'branchPrefix'>): string | undefined {
  // A merge is made after set-up, which saw the base alone.
  const isAgents =
    (continues !== undefined && continues.mergeOf === undefined) ||
    parseBranchName(branchPrefix, base.branch) !== undefined;
  return isAgents ? 'the place was set up with code of an earlier run, which nobody had reviewed' : undefined;
}

/** Whether the tests' word can be relied on: nobody who wrote the change had a hand in the place where they ran. */
export function isChecked(proof: TestProof | undefined): boolean {
  return proof?.room === 'fresh';
}

/** Goes on a sentence: `… not checked independently: they ran where the agent had worked`. */
export function whyUnchecked(proof: TestProof | undefined): string {
  if (proof?.room === 'own' && proof.fresh !== undefined) {
    return 'in a fresh place, without files that the agent left beside its change, they fail';
  }
  return proof?.room === 'own' ? proof.why : 'they ran where the agent had worked';
}
