import type { PullFigures } from '../pulls/pull-figures.ts';
import type { PullIssue, Review, ReviewComment } from '../state/issue-state.ts';
import type { Repository } from '../state/repository-state.ts';
import type { World } from '../world.ts';
import { associationOf, commentsOf, renderLabel, renderRollup } from './issue.ts';
import { renderMilestone } from './milestone.ts';
import { renderRepository, renderWebhookRepository, repositoryApiUrl, repositoryWebUrl } from './repository.ts';
import { nodeId, renderNullableUser, renderUser } from './user.ts';

/** OpenAPI `pull-request-simple`, which is also what webhooks hold beside a review. */
export function renderSimplePull(
  world: World,
  repository: Repository,
  issue: PullIssue,
  rendering: 'api' | 'webhook' = 'api',
) {
  const api = repositoryApiUrl(world, repository);
  const html = `${repositoryWebUrl(world, repository)}/pull/${issue.number}`;
  const url = `${api}/pulls/${issue.number}`;
  const issueUrl = `${api}/issues/${issue.number}`;
  const { pull } = issue;
  const repo = rendering === 'api' ? renderRepository(world, repository) : renderWebhookRepository(world, repository);
  const side = ({ ref, sha }: { ref: string; sha: string }) => ({
    label: `${repository.owner.login}:${ref}`,
    ref,
    sha,
    user: renderUser(world, repository.owner),
    repo,
  });
  const statuses = `${api}/statuses/${pull.head.sha}`;
  return {
    url,
    id: pull.id,
    node_id: nodeId('PullRequest', pull.id),
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    issue_url: issueUrl,
    number: issue.number,
    state: issue.state,
    locked: issue.lock !== undefined,
    title: issue.title,
    user: renderUser(world, issue.author),
    body: issue.body,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    merged_at: pull.merge?.at ?? null,
    merge_commit_sha: pull.merge?.sha ?? null,
    assignee: renderNullableUser(world, issue.assignees[0]),
    assignees: issue.assignees.map((account) => renderUser(world, account)),
    requested_reviewers: pull.requestedReviewers.map((account) => renderUser(world, account)),
    requested_teams: [],
    labels: issue.labels.map((label) => renderLabel(world, repository, label)),
    milestone: issue.milestone === undefined ? null : renderMilestone(world, repository, issue.milestone),
    draft: pull.draft,
    commits_url: `${url}/commits`,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${api}/pulls/comments{/number}`,
    comments_url: `${issueUrl}/comments`,
    statuses_url: statuses,
    head: side(pull.head),
    base: side(pull.base),
    _links: {
      self: { href: url },
      html: { href: html },
      issue: { href: issueUrl },
      comments: { href: `${issueUrl}/comments` },
      review_comments: { href: `${url}/comments` },
      review_comment: { href: `${api}/pulls/comments{/number}` },
      commits: { href: `${url}/commits` },
      statuses: { href: statuses },
    },
    author_association: associationOf(repository, issue.author),
    auto_merge:
      pull.autoMerge === undefined
        ? null
        : {
            enabled_by: renderUser(world, pull.autoMerge.by),
            merge_method: pull.autoMerge.method,
            commit_title: '',
            commit_message: '',
          },
    active_lock_reason: issue.lock?.reason ?? null,
  };
}

export interface FullPull {
  readonly repository: Repository;
  readonly issue: PullIssue;
  readonly figures: PullFigures;
  readonly rendering?: 'api' | 'webhook';
}

/** OpenAPI `pull-request`: with what has to be computed from git. */
export function renderPull(world: World, { repository, issue, figures, rendering = 'api' }: FullPull) {
  const { pull } = issue;
  return {
    ...renderSimplePull(world, repository, issue, rendering),
    merge_commit_sha: pull.merge?.sha ?? figures.testMergeSha,
    merged: pull.merge !== undefined,
    mergeable: figures.mergeable,
    rebaseable: figures.mergeable,
    mergeable_state: figures.mergeableState,
    merged_by: renderNullableUser(world, pull.merge?.by),
    comments: commentsOf(repository, issue.number).length,
    review_comments: pull.reviewComments.length,
    maintainer_can_modify: pull.maintainerCanModify,
    commits: figures.commits,
    additions: figures.additions,
    deletions: figures.deletions,
    changed_files: figures.changedFiles,
  };
}

export function renderReview(world: World, repository: Repository, issue: PullIssue, review: Review) {
  const html = `${repositoryWebUrl(world, repository)}/pull/${issue.number}#pullrequestreview-${review.id}`;
  const pullUrl = `${repositoryApiUrl(world, repository)}/pulls/${issue.number}`;
  return {
    id: review.id,
    node_id: nodeId('PullRequestReview', review.id),
    user: renderUser(world, review.author),
    body: review.body,
    state: review.state as string,
    html_url: html,
    pull_request_url: pullUrl,
    author_association: associationOf(repository, review.author),
    _links: { html: { href: html }, pull_request: { href: pullUrl } },
    ...(review.submittedAt === null ? {} : { submitted_at: review.submittedAt }),
    commit_id: review.commitSha,
  };
}

export function renderReviewComment(world: World, repository: Repository, issue: PullIssue, comment: ReviewComment) {
  const api = repositoryApiUrl(world, repository);
  const url = `${api}/pulls/comments/${comment.id}`;
  const html = `${repositoryWebUrl(world, repository)}/pull/${issue.number}#discussion_r${comment.id}`;
  const pullUrl = `${api}/pulls/${issue.number}`;
  const { original } = comment;
  const onLine = original.line !== null;
  return {
    url,
    pull_request_review_id: comment.reviewId,
    id: comment.id,
    node_id: nodeId('PullRequestReviewComment', comment.id),
    diff_hunk: comment.diffHunk,
    path: comment.path,
    commit_id: comment.commitSha,
    original_commit_id: original.to,
    user: renderUser(world, comment.author),
    body: comment.body,
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    html_url: html,
    pull_request_url: pullUrl,
    author_association: associationOf(repository, comment.author),
    _links: { self: { href: url }, html: { href: html }, pull_request: { href: pullUrl } },
    reactions: renderRollup(url, comment.reactions),
    start_line: comment.startLine,
    original_start_line: original.startLine,
    ...(comment.startSide === null ? {} : { start_side: comment.startSide }),
    ...(onLine ? { line: comment.line, original_line: original.line } : {}),
    ...(original.position === null ? {} : { position: comment.position, original_position: original.position }),
    side: comment.side,
    subject_type: onLine ? ('line' as const) : ('file' as const),
    ...(comment.inReplyTo === undefined ? {} : { in_reply_to_id: comment.inReplyTo }),
  };
}
