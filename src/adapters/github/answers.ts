import type { CommentSnapshot, IssueSnapshot } from '../../domain/issue.ts';
import type { CommitInfo, PullRequestInfo, WorkflowRunInfo } from '../../ports/forge.ts';
import { integerIn, listIn, memberOf, objectIn, textIn, textOrNullIn } from './json-reader.ts';

/** GitHub's answers, read into our own words. Everything that GitHub adds is left out. */
export function readIssue(data: unknown): IssueSnapshot {
  const issue = objectIn(data, 'issue');
  return {
    number: integerIn(issue, 'number'),
    title: textIn(issue, 'title'),
    body: textOrNullIn(issue, 'body'),
    author: readLogin(issue['user']),
    state: textIn(issue, 'state') === 'closed' ? 'closed' : 'open',
    locked: issue['locked'] === true,
    isPullRequest: typeof issue['pull_request'] === 'object' && issue['pull_request'] !== null,
    labels: listIn(issue, 'labels').map((label) =>
      typeof label === 'string' ? label : textOrNullIn(objectIn(label, 'label'), 'name'),
    ),
    url: textIn(issue, 'html_url'),
    createdAt: textIn(issue, 'created_at'),
    updatedAt: textIn(issue, 'updated_at'),
    comments: [],
  };
}

export function readComment(data: unknown): CommentSnapshot {
  const comment = objectIn(data, 'comment');
  return {
    id: integerIn(comment, 'id'),
    author: readLogin(comment['user']),
    body: textOrNullIn(comment, 'body'),
    createdAt: textIn(comment, 'created_at'),
    updatedAt: textIn(comment, 'updated_at'),
  };
}

export function readPullRequest(data: unknown): PullRequestInfo {
  const pull = objectIn(data, 'pull request');
  const head = objectIn(pull['head'], 'head');
  const base = objectIn(pull['base'], 'base');
  return {
    number: integerIn(pull, 'number'),
    url: textIn(pull, 'html_url'),
    state: textIn(pull, 'state') === 'closed' ? 'closed' : 'open',
    // Lists carry only the time of the merge, single pull requests both.
    merged: pull['merged'] === true || typeof pull['merged_at'] === 'string',
    draft: pull['draft'] === true,
    title: textIn(pull, 'title'),
    body: textOrNullIn(pull, 'body'),
    headBranch: textIn(head, 'ref'),
    headSha: textIn(head, 'sha'),
    baseBranch: textIn(base, 'ref'),
    fromFork: !sameRepository(head['repo'], base['repo']),
    mergeable: readMergeable(pull['mergeable']),
    author: readLogin(pull['user']),
    createdAt: textIn(pull, 'created_at'),
  };
}

/** A fork that was deleted is null. */
function sameRepository(head: unknown, base: unknown): boolean {
  const id = memberOf(head, 'id');
  return typeof id === 'number' && id === memberOf(base, 'id');
}

/** Null while GitHub is working it out; lists have no such member. */
function readMergeable(told: unknown): PullRequestInfo['mergeable'] {
  if (typeof told !== 'boolean') return 'unknown';
  return told ? 'yes' : 'conflicts';
}

export function readCommit(data: unknown): CommitInfo {
  const commit = objectIn(data, 'commit');
  return {
    sha: textIn(commit, 'sha'),
    treeSha: textIn(objectIn(commit['tree'], 'tree'), 'sha'),
    parents: listIn(commit, 'parents').map((parent) => textIn(objectIn(parent, 'parent'), 'sha')),
  };
}

/** `waiting`, `requested` and `pending` are runs that have not begun: queued, in our words. */
export function readWorkflowRun(data: unknown): WorkflowRunInfo {
  const run = objectIn(data, 'workflow run');
  const status = textOrNullIn(run, 'status');
  return {
    id: integerIn(run, 'id'),
    attempt: run['run_attempt'] === undefined ? 1 : integerIn(run, 'run_attempt'),
    status: status === 'completed' || status === 'in_progress' ? status : 'queued',
    conclusion: textOrNullIn(run, 'conclusion') || null,
  };
}

export function readRef(data: unknown): { readonly ref: string; readonly sha: string } {
  const ref = objectIn(data, 'ref');
  return { ref: textIn(ref, 'ref'), sha: textIn(objectIn(ref['object'], 'object'), 'sha') };
}

/** The account behind a deleted user is null; GitHub shows it as `ghost`. */
export function readLogin(user: unknown): string {
  return user === null || user === undefined ? 'ghost' : textIn(objectIn(user, 'user'), 'login');
}
