import { type ReviewReason, reviewRequired } from '../domain/held/review-reason.ts';
import type { PublishRun, ReadyChange } from './publish-run.ts';

/** Why a person is asked before this change is published; empty when nobody is. Asked after all hard rules were kept. */
export async function softRules(run: PublishRun, change: ReadyChange): Promise<readonly ReviewReason[]> {
  return reviewRequired(change.manifest, run.task.patchPolicy);
}
