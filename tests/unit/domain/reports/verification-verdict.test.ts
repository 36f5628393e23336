import { describe, expect, it } from 'vitest';
import type { VerificationVerdict } from '../../../../src/domain/reports/verification-report.ts';
import { verificationVerdict } from '../../../../src/domain/reports/verification-verdict.ts';
import type { TestRun } from '../../../../src/domain/test-run.ts';

function ran(exitCode: number | null, output = ''): TestRun {
  return { command: 'c', exitCode, timedOut: exitCode === null, durationMs: 1, output };
}
const [pass, fail, hang, absent] = [ran(0), ran(1), ran(null), ran(127)];
type Run = TestRun | undefined;
type Runs = readonly [base?: Run, head?: Run, suiteBase?: Run, suiteHead?: Run];

const table: readonly (readonly [string, Runs, VerificationVerdict])[] = [
  ['fails before, passes after', [fail, pass], 'confirmed'],
  ['hangs before, passes after', [hang, pass], 'confirmed'],
  ['fails before, passes after, suite passes', [fail, pass, pass, pass], 'confirmed'],
  ['fails before, passes after, suite fails as before', [fail, pass, fail, fail], 'confirmed'],
  ['fails before, passes after, suite was fixed', [fail, pass, fail, pass], 'confirmed'],
  ['fails on both', [fail, fail], 'not-fixed'],
  ['hangs on the head', [fail, hang], 'not-fixed'],
  ['passes on both', [pass, pass], 'not-reproduced'],
  ['passes before, fails after', [pass, fail], 'regressed'],
  ['fails before, passes after, suite broke', [fail, pass, pass, fail], 'regressed'],
  ['fails on both, suite broke', [fail, fail, pass, fail], 'regressed'],
  ['more failures in the suite', [fail, pass, ran(1, '1 failed'), ran(1, '3 failed')], 'regressed'],
  ['the suite cannot run on the base', [fail, pass, absent, fail], 'confirmed'],
  ['nothing was measured', [], 'unproven'],
  ['no tests were written, suite broke', [undefined, undefined, pass, fail], 'regressed'],
  ['the command is not there on the base', [absent, pass], 'unproven'],
  ['the command is not there on the head', [fail, absent], 'unproven'],
  ['only the base was measured', [fail], 'unproven'],
];

describe('the verdict of a verification', () => {
  it.each(table)('whose test %s', (_title, [onBase, onHead, suiteOnBase, suiteOnHead], verdict) => {
    const evidence = {
      ...(onBase && { onBase }),
      ...(onHead && { onHead }),
      ...(suiteOnBase && { suiteOnBase }),
      ...(suiteOnHead && { suiteOnHead }),
    };
    expect(verificationVerdict(evidence)).toBe(verdict);
  });
});
