import { emitPullEvent, type Scene } from '../events/payloads.ts';
import { emitRefEvents, type RefChange } from '../events/ref-events.ts';
import { isAncestor, log } from '../git/history.ts';
import { branchOf, zeroSha } from '../git/ref-name.ts';
import { accountOf } from '../identity/access.ts';
import { closeIssue, note } from '../issues/change-issue.ts';
import { isPull, type PullIssue } from '../state/issue-state.ts';
import type { Repository } from '../state/repository-state.ts';
import { timestamp } from '../state/timestamp.ts';
import { closedNumbers } from './closing-keywords.ts';
import { followComments } from './follow-comments.ts';

/** Whatever moved a ref, by API or by push: events, and the pull requests that live on the branch. */
export async function followRef(scene: Scene, change: RefChange): Promise<void> {
  const { repository, world } = scene;
  const branch = branchOf(change.ref);
  if (branch !== undefined) repository.pushedAt = timestamp(world.clock);
  await emitRefEvents(scene, change);
  if (branch === undefined) return;
  for (const issue of openPulls(repository)) {
    if (issue.number === change.mergedPull) continue;
    if (issue.pull.head.ref === branch) await followHead(scene, issue, change);
    else if (issue.pull.base.ref === branch) await followBase(scene, issue, change);
  }
  const landed = branch === repository.defaultBranch && change.before !== zeroSha && change.after !== zeroSha;
  if (landed && change.mergedPull === undefined) await closeNamedIssues(scene, change);
}

function openPulls(repository: Repository): PullIssue[] {
  return [...repository.issues.values()].filter(isPull).filter((issue) => issue.state === 'open');
}

async function followHead(scene: Scene, issue: PullIssue, change: RefChange): Promise<void> {
  const { repository, world } = scene;
  if (change.after === zeroSha) {
    note(scene, issue, 'head_ref_deleted', issue.pull.head.ref);
    await closeIssue(scene, issue, null);
    return;
  }
  issue.pull.head.sha = change.after;
  issue.updatedAt = timestamp(world.clock);
  await keepPullHead(repository, issue);
  await followComments(repository, issue);
  await emitPullEvent(scene, issue, 'synchronize', { before: change.before, after: change.after });
}

async function followBase(scene: Scene, issue: PullIssue, change: RefChange): Promise<void> {
  if (change.after === zeroSha) {
    await closeIssue(scene, issue, null);
    return;
  }
  const landed = await isAncestor(scene.repository.git, issue.pull.head.sha, change.after);
  if (!landed) {
    issue.pull.base.sha = change.after;
    return;
  }
  const at = timestamp(scene.world.clock);
  issue.pull.merge = { sha: change.after, by: accountOf(scene.actor), at };
  await closeIssue(scene, issue, null);
}

/** `refs/pull/<n>/head`: how git reaches a pull request, also after its branch is gone. */
export async function keepPullHead(repository: Repository, issue: PullIssue): Promise<void> {
  const name = `refs/pull/${issue.number}/head`;
  const before = (await repository.git.ref(name))?.sha ?? zeroSha;
  await repository.git.updateRef(name, issue.pull.head.sha, before);
}

async function closeNamedIssues(scene: Scene, change: RefChange): Promise<void> {
  const commits = await log(scene.repository.git, { from: change.after, not: change.before, limit: 250 });
  const text = commits.map((commit) => commit.message).join('\n');
  await closeIssues(scene, closedNumbers(text));
}

export async function closeIssues(scene: Scene, numbers: readonly number[]): Promise<void> {
  for (const number of numbers) {
    const issue = scene.repository.issues.get(number);
    if (issue !== undefined && !isPull(issue)) await closeIssue(scene, issue, 'completed');
  }
}
