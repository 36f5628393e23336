import { verdictOf } from '../../../domain/checks/check-verdict.ts';
import type { Scene } from '../events/payloads.ts';
import { accountOf } from '../identity/access.ts';
import { currentChecks, latestStatuses } from '../runs/job-checks.ts';
import { isPull, type MergeMethod, type PullIssue } from '../state/issue-state.ts';
import { timestamp } from '../state/timestamp.ts';
import { landPull } from './land-pull.ts';

/** What GitHub refuses it with; undefined when it is enabled. Nothing to wait for is refused as well: then a person merges. */
export function enableAutoMerge(
  scene: Scene,
  issue: PullIssue,
  { head, method }: { readonly head: string; readonly method: MergeMethod },
): string | undefined {
  const { repository, world } = scene;
  const { pull } = issue;
  if (!repository.merging.autoMerge) return 'Pull request Auto merge is not allowed for this repository';
  if (issue.state !== 'open') return 'Pull request Pull request is closed';
  if (pull.draft) return 'Pull request Pull request is in draft state';
  if (pull.head.sha !== head) return 'Head sha does not match the expected head oid';
  if (isReady(scene, issue)) return 'Pull request Pull request is in clean status';
  pull.autoMerge = { by: accountOf(scene.actor), method, at: timestamp(world.clock) };
  return undefined;
}

/** A check of this commit has ended: what waited for it and has all that is required is merged. */
export async function mergeWhatIsReady(scene: Scene, sha: string): Promise<void> {
  const { repository } = scene;
  for (const issue of [...repository.issues.values()].filter(isPull)) {
    const { autoMerge, head, draft } = issue.pull;
    const waits = autoMerge !== undefined && issue.state === 'open' && !draft && head.sha === sha;
    if (!waits || !isReady(scene, issue)) continue;
    await landPull(scene, issue, { method: autoMerge.method, by: autoMerge.by });
  }
}

/** All checks that the repository requires have passed on this very commit: each check of the name, and the status of that context. */
export function isReady({ world, repository }: Pick<Scene, 'world' | 'repository'>, { pull }: PullIssue): boolean {
  const required = repository.merging.requiredChecks;
  if (required.length === 0) return true;
  const { sha } = pull.head;
  const told = [
    ...currentChecks({ world, repository }, sha).map(({ name, conclusion }) => ({
      name,
      conclusion: conclusion ?? '',
    })),
    ...latestStatuses(repository, sha).map(({ context, state }) => ({ name: context, conclusion: state })),
  ];
  return required.every((wanted) => {
    const about = told.filter(({ name }) => name === wanted);
    return about.length > 0 && about.every(({ conclusion }) => verdictOf(conclusion) === 'passed');
  });
}
