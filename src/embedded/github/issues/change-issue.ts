import { emitIssueEvent, type Scene } from '../events/payloads.ts';
import { accountOf } from '../identity/access.ts';
import { renderLabel } from '../render/issue.ts';
import { renderMilestone } from '../render/milestone.ts';
import { renderUser } from '../render/user.ts';
import type { Account } from '../state/accounts.ts';
import type { Issue, Label, Milestone, TimelineEvent } from '../state/issue-state.ts';
import { timestamp } from '../state/timestamp.ts';

/** Every change of an issue goes through here, so that none forgets its line in the timeline or its event. */

export function note(scene: Scene, issue: Issue, event: TimelineEvent, detail = ''): void {
  const at = timestamp(scene.world.clock);
  issue.updatedAt = at;
  issue.timeline.push({ event, actor: accountOf(scene.actor), at, detail });
}

export async function closeIssue(scene: Scene, issue: Issue, reason: Issue['stateReason']): Promise<void> {
  if (issue.state === 'closed') return;
  issue.state = 'closed';
  issue.stateReason = issue.pull === undefined ? (reason ?? 'completed') : null;
  issue.closedAt = timestamp(scene.world.clock);
  issue.closedBy = accountOf(scene.actor);
  note(scene, issue, issue.pull?.merge === undefined ? 'closed' : 'merged', issue.stateReason ?? '');
  await emitIssueEvent(scene, issue, 'closed');
}

export async function reopenIssue(scene: Scene, issue: Issue): Promise<void> {
  if (issue.state === 'open') return;
  issue.state = 'open';
  issue.stateReason = issue.pull === undefined ? 'reopened' : null;
  issue.closedAt = null;
  issue.closedBy = null;
  note(scene, issue, 'reopened');
  await emitIssueEvent(scene, issue, 'reopened');
}

export async function editIssue(
  scene: Scene,
  issue: Issue,
  change: { readonly title?: string | undefined; readonly body?: string | null | undefined },
): Promise<void> {
  const changes: Record<string, { from: string }> = {};
  if (change.title !== undefined && change.title !== issue.title) {
    changes['title'] = { from: issue.title };
    note(scene, issue, 'renamed', `${issue.title} → ${change.title}`);
    issue.title = change.title;
  }
  if (change.body !== undefined && change.body !== issue.body) {
    changes['body'] = { from: issue.body ?? '' };
    issue.body = change.body;
    issue.updatedAt = timestamp(scene.world.clock);
  }
  if (Object.keys(changes).length > 0) await emitIssueEvent(scene, issue, 'edited', { changes });
}

export async function setLabels(scene: Scene, issue: Issue, wanted: readonly Label[]): Promise<void> {
  const unique = [...new Set(wanted)];
  const gone = issue.labels.filter((label) => !unique.includes(label));
  const fresh = unique.filter((label) => !issue.labels.includes(label));
  issue.labels = unique;
  const { world, repository } = scene;
  for (const label of gone) {
    note(scene, issue, 'unlabeled', label.name);
    await emitIssueEvent(scene, issue, 'unlabeled', { label: renderLabel(world, repository, label) });
  }
  for (const label of fresh) {
    note(scene, issue, 'labeled', label.name);
    await emitIssueEvent(scene, issue, 'labeled', { label: renderLabel(world, repository, label) });
  }
}

export async function setMilestone(scene: Scene, issue: Issue, milestone: Milestone | null): Promise<void> {
  const before = issue.milestone;
  if (before === (milestone ?? undefined)) return;
  if (milestone === null) delete issue.milestone;
  else issue.milestone = milestone;
  const named = milestone ?? before;
  const action = milestone === null ? 'demilestoned' : 'milestoned';
  note(scene, issue, action, named?.title);
  const { world, repository } = scene;
  const told = named === undefined ? {} : { milestone: renderMilestone(world, repository, named) };
  await emitIssueEvent(scene, issue, action, told);
}

export async function setAssignees(scene: Scene, issue: Issue, wanted: readonly Account[]): Promise<void> {
  const unique = [...new Set(wanted)];
  const gone = issue.assignees.filter((account) => !unique.includes(account));
  const fresh = unique.filter((account) => !issue.assignees.includes(account));
  issue.assignees = unique;
  for (const [action, accounts] of [['unassigned', gone] as const, ['assigned', fresh] as const]) {
    for (const account of accounts) {
      note(scene, issue, action, account.login);
      await emitIssueEvent(scene, issue, action, { assignee: renderUser(scene.world, account) });
    }
  }
}

export async function setLock(scene: Scene, issue: Issue, lock: Issue['lock']): Promise<void> {
  const was = issue.lock !== undefined;
  issue.lock = lock;
  if (was === (lock !== undefined)) return;
  note(scene, issue, lock === undefined ? 'unlocked' : 'locked', lock?.reason ?? '');
  await emitIssueEvent(scene, issue, lock === undefined ? 'unlocked' : 'locked');
}
