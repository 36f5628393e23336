import { type ReviewReason, reviewRequired } from '../domain/held/review-reason.ts';
import { weakenedReason } from '../domain/test-changes/weakened-text.ts';
import { findWeakenedTests } from './find-weakened-tests.ts';
import type { PublishRun, ReadyChange } from './publish-run.ts';

/** Why a person is asked before this change is published; empty when nobody is. Asked after all hard rules were kept. */
export async function softRules(run: PublishRun, change: ReadyChange): Promise<readonly ReviewReason[]> {
  const { forge, task } = run;
  const weakened = await findWeakenedTests(forge, change.manifest, task.testCommand);
  return [
    ...reviewRequired(change.manifest, task.patchPolicy),
    ...weakened.map((test) => ({ rule: 'tests-weakened', path: test.path, message: weakenedReason(test) }) as const),
  ];
}
