import type { RunResult } from './run-result.ts';
import { runsCommands } from './sandbox-rung.ts';
import { isChecked, whyUnchecked } from './test-proof.ts';
import type { TestRun } from './test-run.ts';
import { describeFailure } from './test-verdict.ts';

export interface MergeEvidence {
  readonly result: Pick<RunResult, 'testsAfter' | 'proof' | 'sandbox'>;
  /** What is published is not what was handed over: it was merged with what somebody had pushed, and tested again if it could be. */
  readonly merged?: { readonly tests: TestRun | undefined };
}

/**
 * Why no machine may merge a change: the person who does is the only one who then looks at it. Undefined when its tests passed
 * in a room that its author was never in.
 */
export function whyNotMergeable({ result, merged }: MergeEvidence): string | undefined {
  const { testsAfter, proof, sandbox } = result;
  if (sandbox.rung === 'none') return 'the agent worked without a sandbox';
  if (!runsCommands(sandbox.rung)) return `the sandbox (${sandbox.rung}) runs no commands, so no test was run`;
  if (testsAfter === undefined) return 'no test was run on it';
  if (testsAfter.exitCode !== 0) return `its tests fail (${describeFailure(testsAfter)})`;
  if (!isChecked(proof)) return `its tests were not checked independently: ${whyUnchecked(proof)}`;
  if (merged === undefined || merged.tests?.exitCode === 0) return undefined;
  const how = merged.tests === undefined ? 'it was not tested' : `its tests fail (${describeFailure(merged.tests)})`;
  return `merged with what was pushed meanwhile, ${how}`;
}
