import { type MergeEvidence, whyNotMergeable } from '../domain/merge-evidence.ts';
import type { AutoMergeTold } from '../domain/tracking-comment.ts';
import type { PullRequestInfo } from '../ports/forge.ts';
import { mayWrite } from './fence-guard.ts';
import type { PublishRun } from './publish-run.ts';

/**
 * The repository's merge policy, on the head that was just read back. We merge nothing: with `merge: auto` GitHub is asked to,
 * once all that the repository requires is there, and only for a change that its tests speak for. Undefined when a person merges.
 */
export async function mergeByPolicy(
  run: PublishRun,
  { pull, ...evidence }: MergeEvidence & { readonly pull: PullRequestInfo },
): Promise<AutoMergeTold | undefined> {
  const { forge, task } = run;
  if (task.merge !== 'auto') return undefined;
  const reason = whyNotAsked(run, pull) ?? whyNotMergeable(evidence);
  if (reason !== undefined) {
    run.log(`merge: auto: GitHub is not asked, for ${reason}`);
    return { kind: 'refused', reason };
  }
  await mayWrite(run, 'merge');
  const told = await forge.askToMerge(pull.number, pull.headSha);
  run.log(`merge: auto: ${told.kind === 'asked' ? 'GitHub merges when all is there' : told.reason}`);
  return told;
}

/** Tester and reviewer come after the coder: the team asks when they are done with it. */
function whyNotAsked({ task }: PublishRun, pull: PullRequestInfo): string | undefined {
  if (pull.draft) return 'it is a draft (setting: draft)';
  return task.step === undefined ? undefined : 'the other stages of its team come first';
}
