import type { AutoMergeTold } from '../domain/tracking-comment.ts';
import type { PullRequestInfo } from '../ports/forge.ts';
import { mayWrite } from './fence-guard.ts';
import type { PublishRun } from './publish-run.ts';

/**
 * The repository's merge policy, on the head that was just read back. We merge nothing: with `merge: auto` GitHub is asked to,
 * once all that the repository requires is there. Undefined when a person merges.
 */
export async function mergeByPolicy(run: PublishRun, pull: PullRequestInfo): Promise<AutoMergeTold | undefined> {
  const { forge, task } = run;
  if (task.merge !== 'auto') return undefined;
  if (pull.draft) return { kind: 'refused', reason: 'it is a draft (setting: draft)' };
  await mayWrite(run, 'merge');
  const told = await forge.askToMerge(pull.number, pull.headSha);
  run.log(`merge: auto: ${told.kind === 'asked' ? 'GitHub merges when all is there' : told.reason}`);
  return told;
}
