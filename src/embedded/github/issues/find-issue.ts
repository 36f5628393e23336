import { forbidden, GitHubProblem, notFound } from '../http/problem.ts';
import { numberParam, type RepositoryCall } from '../http/route.ts';
import { coversRepository, notAccessible } from '../identity/access.ts';
import type { Actor } from '../identity/actor.ts';
import { allows } from '../identity/permissions.ts';
import { type Comment, type Issue, isPull, type PullIssue } from '../state/issue-state.ts';
import { hasRole, type Repository } from '../state/repository-state.ts';

export function issueOf(call: RepositoryCall): Issue {
  const issue = call.repository.issues.get(numberParam(call, 'issue_number'));
  if (issue === undefined) throw notFound();
  return issue;
}

export function pullOf(call: RepositoryCall): PullIssue {
  const issue = call.repository.issues.get(numberParam(call, 'pull_number'));
  if (!isPull(issue)) throw notFound();
  return issue;
}

export function commentOf(call: RepositoryCall): Comment {
  const comment = call.repository.comments.get(numberParam(call, 'comment_id'));
  if (comment === undefined) throw notFound();
  return comment;
}

/**
 * The issue endpoints take either permission; on an issue proper, that of pull requests is not enough, and what
 * a token may read it may not write.
 */
export function checkIssuePermission(repository: Repository, actor: Actor, issue: Issue): void {
  if (actor.kind !== 'installation' || issue.pull !== undefined) return;
  const granted = allows(actor.permissions, 'issues', 'write') && coversRepository(repository, actor);
  if (!granted) throw notAccessible([{ permission: 'issues', level: 'write' }]);
}

/** Locked conversations take words from collaborators only. */
export function checkNotLocked(repository: Repository, actor: Actor, issue: Issue): void {
  if (issue.lock === undefined) return;
  const collaborator = actor.kind === 'user' && hasRole(repository, actor.account.login, 'write');
  // A token's own permission was checked by the route; GitHub counts the App as a collaborator then.
  if (collaborator || actor.kind === 'installation') return;
  throw forbidden('Unable to create comment because issue is locked.');
}

/** Writers may change anything in an issue; an author only their own text, and may close and reopen it. */
export function mayEdit(repository: Repository, actor: Actor, author: { readonly login: string }): boolean {
  if (actor.kind === 'installation') return true;
  return (
    actor.kind === 'user' && (actor.account.login === author.login || hasRole(repository, actor.account.login, 'write'))
  );
}

export function mayTriage(repository: Repository, actor: Actor): boolean {
  if (actor.kind === 'installation') return true;
  return actor.kind === 'user' && hasRole(repository, actor.account.login, 'triage');
}

export function checkMay(allowed: boolean): void {
  if (!allowed) throw new GitHubProblem(403, 'Must have admin rights to Repository.');
}
