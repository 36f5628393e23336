import type { Account } from '../state/accounts.ts';
import {
  type AppIdentity,
  type Comment,
  type Issue,
  type Label,
  type Reaction,
  reactionContents,
} from '../state/issue-state.ts';
import { type Repository, roleOf } from '../state/repository-state.ts';
import type { World } from '../world.ts';
import { renderApp } from './app.ts';
import { renderMilestone } from './milestone.ts';
import { repositoryApiUrl, repositoryWebUrl } from './repository.ts';
import { nodeId, renderNullableUser, renderUser } from './user.ts';

export function renderLabel(world: World, repository: Repository, label: Label) {
  return {
    id: label.id,
    node_id: nodeId('Label', label.id),
    url: `${repositoryApiUrl(world, repository)}/labels/${encodeURIComponent(label.name)}`,
    name: label.name,
    color: label.color,
    default: label.isDefault,
    description: label.description,
  };
}

export function renderRollup(url: string, reactions: readonly Reaction[]) {
  const counts = Object.fromEntries(
    reactionContents.map((content) => [content, reactions.filter((each) => each.content === content).length]),
  );
  return { url: `${url}/reactions`, total_count: reactions.length, ...counts };
}

export function renderReaction(world: World, reaction: Reaction) {
  return {
    id: reaction.id,
    node_id: nodeId('Reaction', reaction.id),
    user: renderUser(world, reaction.user),
    content: reaction.content,
    created_at: reaction.createdAt,
  };
}

export type Association = 'OWNER' | 'COLLABORATOR' | 'CONTRIBUTOR' | 'NONE';

export function associationOf(repository: Repository, account: Account): Association {
  if (account.login.toLowerCase() === repository.owner.login.toLowerCase()) return 'OWNER';
  const granted = repository.collaborators.get(account.login.toLowerCase());
  if (granted !== undefined && granted !== 'none') return 'COLLABORATOR';
  const merged = [...repository.issues.values()].some((issue) => issue.pull?.merge && issue.author === account);
  return merged && roleOf(repository, account.login) !== 'none' ? 'CONTRIBUTOR' : 'NONE';
}

export function issueHtmlUrl(world: World, repository: Repository, issue: Issue): string {
  return `${repositoryWebUrl(world, repository)}/${issue.pull === undefined ? 'issues' : 'pull'}/${issue.number}`;
}

export function commentsOf(repository: Repository, issue: number): Comment[] {
  return [...repository.comments.values()].filter((comment) => comment.issue === issue);
}

/** The webhooks' `issue`, which is OpenAPI's without `closed_by`. */
export function renderWebhookIssue(world: World, repository: Repository, issue: Issue) {
  const api = repositoryApiUrl(world, repository);
  const url = `${api}/issues/${issue.number}`;
  const html = issueHtmlUrl(world, repository, issue);
  return {
    url,
    repository_url: api,
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: html,
    id: issue.id,
    node_id: nodeId('Issue', issue.id),
    number: issue.number,
    title: issue.title,
    user: renderUser(world, issue.author),
    labels: issue.labels.map((label) => renderLabel(world, repository, label)),
    state: issue.state,
    locked: issue.lock !== undefined,
    assignee: renderNullableUser(world, issue.assignees[0]),
    assignees: issue.assignees.map((account) => renderUser(world, account)),
    milestone: issue.milestone === undefined ? null : renderMilestone(world, repository, issue.milestone),
    comments: commentsOf(repository, issue.number).length,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    author_association: associationOf(repository, issue.author),
    active_lock_reason: issue.lock?.reason ?? null,
    body: issue.body,
    reactions: renderRollup(url, issue.reactions),
    timeline_url: `${url}/timeline`,
    performed_via_github_app: renderViaApp(world, issue.viaApp),
    state_reason: issue.stateReason,
    ...(issue.pull === undefined ? {} : pullPart(api, html, issue)),
  };
}

function pullPart(api: string, html: string, issue: Issue) {
  return {
    draft: issue.pull?.draft ?? false,
    pull_request: {
      url: `${api}/pulls/${issue.number}`,
      html_url: html,
      diff_url: `${html}.diff`,
      patch_url: `${html}.patch`,
      merged_at: issue.pull?.merge?.at ?? null,
    },
  };
}

export function renderIssue(world: World, repository: Repository, issue: Issue) {
  const blockedBy = [...issue.blockedBy].map((number) => repository.issues.get(number));
  const blocking = [...repository.issues.values()].filter((other) => other.blockedBy.has(issue.number));
  const subIssues = issue.subIssues.map((number) => repository.issues.get(number));
  const done = subIssues.filter((sub) => sub?.state === 'closed').length;
  return {
    ...renderWebhookIssue(world, repository, issue),
    closed_by: renderNullableUser(world, issue.closedBy),
    sub_issues_summary: {
      total: subIssues.length,
      completed: done,
      percent_completed: subIssues.length === 0 ? 0 : Math.floor((done * 100) / subIssues.length),
    },
    issue_dependencies_summary: {
      blocked_by: blockedBy.filter((other) => other?.state === 'open').length,
      total_blocked_by: blockedBy.length,
      blocking: issue.state === 'open' ? blocking.filter((other) => other.state === 'open').length : 0,
      total_blocking: blocking.length,
    },
  };
}

export function renderComment(world: World, repository: Repository, comment: Comment) {
  const api = repositoryApiUrl(world, repository);
  const url = `${api}/issues/comments/${comment.id}`;
  const issue = repository.issues.get(comment.issue);
  const html = issue === undefined ? repositoryWebUrl(world, repository) : issueHtmlUrl(world, repository, issue);
  return {
    url,
    html_url: `${html}#issuecomment-${comment.id}`,
    issue_url: `${api}/issues/${comment.issue}`,
    id: comment.id,
    node_id: nodeId('IssueComment', comment.id),
    user: renderUser(world, comment.author),
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    author_association: associationOf(repository, comment.author),
    body: comment.body,
    reactions: renderRollup(url, comment.reactions),
    performed_via_github_app: renderViaApp(world, comment.viaApp),
  };
}

/** Workflow jobs act for GitHub's own App, which is not named beside what they write. */
function renderViaApp(world: World, app: AppIdentity | null) {
  return app === null || app.slug === 'github-actions' ? null : renderApp(world, app);
}
