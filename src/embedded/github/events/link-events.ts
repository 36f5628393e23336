import { renderIssue } from '../render/issue.ts';
import { renderWebhookRepository } from '../render/repository.ts';
import type { Issue } from '../state/issue-state.ts';
import { type Scene, sceneFields } from './payloads.ts';

/** `issue_dependencies`: GitHub tells it once from either side. */
export function emitDependencyEvents(scene: Scene, change: 'added' | 'removed', blocked: Issue, blocking: Issue): void {
  const { world, repository } = scene;
  const repo = renderWebhookRepository(world, repository);
  const both = {
    blocked_issue_id: blocked.id,
    blocked_issue: renderIssue(world, repository, blocked),
    blocking_issue_id: blocking.id,
    blocking_issue: renderIssue(world, repository, blocking),
  };
  const sides = [
    { action: `blocked_by_${change}`, ...both, blocking_issue_repo: repo },
    { action: `blocking_${change}`, ...both, blocked_issue_repo: repo },
  ];
  for (const side of sides) tell(scene, 'issue_dependencies', side);
}

/** `sub_issues`, from either side as well. */
export function emitSubIssueEvents(scene: Scene, change: 'added' | 'removed', parent: Issue, child: Issue): void {
  const { world, repository } = scene;
  const repo = renderWebhookRepository(world, repository);
  const both = {
    parent_issue_id: parent.id,
    parent_issue: renderIssue(world, repository, parent),
    sub_issue_id: child.id,
    sub_issue: renderIssue(world, repository, child),
  };
  tell(scene, 'sub_issues', { action: `sub_issue_${change}`, ...both, sub_issue_repo: repo });
  tell(scene, 'sub_issues', { action: `parent_issue_${change}`, ...both, parent_issue_repo: repo });
}

function tell(
  scene: Scene,
  name: 'issue_dependencies' | 'sub_issues',
  payload: Readonly<Record<string, unknown>>,
): void {
  const { world, repository, actor } = scene;
  world.events.emit({ name, repository, actor, payload: { ...payload, ...sceneFields(scene) } });
}
