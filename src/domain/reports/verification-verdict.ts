import type { TestRun } from '../test-run.ts';
import { judgeTests } from '../test-verdict.ts';
import type { VerificationEvidence, VerificationVerdict } from './verification-report.ts';

/** What a shell says when there is no such program, or it may not be run. */
export function couldNotRun({ exitCode }: TestRun): boolean {
  return exitCode === 126 || exitCode === 127;
}

/**
 * What the measurements say, worst first. Nobody's word comes into it. A test that hangs fails; a command that is not there
 * says nothing.
 */
export function verificationVerdict(evidence: VerificationEvidence): VerificationVerdict {
  const { onBase, onHead, suiteOnBase, suiteOnHead } = evidence;
  const suiteTold = suiteOnBase !== undefined && suiteOnHead !== undefined && !couldNotRun(suiteOnBase);
  const suiteBroke = suiteTold && judgeTests(suiteOnBase, suiteOnHead).kind === 'broken';
  const measured = onBase !== undefined && onHead !== undefined && !couldNotRun(onBase) && !couldNotRun(onHead);
  if (!measured) return suiteBroke ? 'regressed' : 'unproven';
  const before = passes(onBase);
  const after = passes(onHead);
  // What worked does not any more: whichever test shows it.
  if ((before && !after) || suiteBroke) return 'regressed';
  if (!after) return 'not-fixed';
  return before ? 'not-reproduced' : 'confirmed';
}

function passes({ exitCode, timedOut }: TestRun): boolean {
  return exitCode === 0 && !timedOut;
}
