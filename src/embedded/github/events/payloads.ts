import { accountOf } from '../identity/access.ts';
import type { Actor } from '../identity/actor.ts';
import { pullFigures } from '../pulls/pull-figures.ts';
import { renderComment, renderWebhookIssue } from '../render/issue.ts';
import { renderPull } from '../render/pull.ts';
import { renderWebhookRepository } from '../render/repository.ts';
import { nodeId, renderUser } from '../render/user.ts';
import { type Comment, type Issue, isPull, type PullIssue } from '../state/issue-state.ts';
import type { Repository } from '../state/repository-state.ts';
import type { World } from '../world.ts';

/** Where something happened and by whom: what every payload ends with. */
export interface Scene {
  readonly world: World;
  readonly repository: Repository;
  readonly actor: Actor;
}

export function sceneFields({ world, repository, actor }: Scene) {
  const installation =
    actor.kind === 'installation' && actor.startsWorkflows
      ? { installation: { id: actor.installationId, node_id: nodeId('IntegrationInstallation', actor.installationId) } }
      : {};
  return {
    repository: renderWebhookRepository(world, repository),
    sender: renderUser(world, accountOf(actor)),
    ...installation,
  };
}

/** `issues`, or `pull_request` when the issue is one: both have the same life. */
export async function emitIssueEvent(
  scene: Scene,
  issue: Issue,
  action: string,
  extra: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  if (isPull(issue)) {
    await emitPullEvent(scene, issue, action, extra);
    return;
  }
  const { world, repository, actor } = scene;
  const payload = {
    action,
    issue: renderWebhookIssue(world, repository, issue),
    ...extra,
    ...sceneFields(scene),
  };
  world.events.emit({ name: 'issues', repository, actor, payload });
}

export async function emitPullEvent(
  scene: Scene,
  issue: PullIssue,
  action: string,
  extra: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const { world, repository, actor } = scene;
  if (!world.events.isHeard({ name: 'pull_request', repository, actor })) return;
  const figures = await pullFigures(repository, issue);
  const payload = {
    action,
    number: issue.number,
    pull_request: renderPull(world, { repository, issue, figures, rendering: 'webhook' }),
    ...extra,
    ...sceneFields(scene),
  };
  world.events.emit({ name: 'pull_request', repository, actor, payload });
}

export function emitCommentEvent(
  scene: Scene,
  comment: Comment,
  action: 'created' | 'edited' | 'deleted',
  extra: Readonly<Record<string, unknown>> = {},
): void {
  const { world, repository, actor } = scene;
  const issue = repository.issues.get(comment.issue);
  if (issue === undefined) return;
  const payload = {
    action,
    issue: renderWebhookIssue(world, repository, issue),
    comment: renderComment(world, repository, comment),
    ...extra,
    ...sceneFields(scene),
  };
  world.events.emit({ name: 'issue_comment', repository, actor, payload });
}
