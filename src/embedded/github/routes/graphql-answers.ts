import { GitHubProblem } from '../http/problem.ts';
import { type Call, ok } from '../http/route.ts';
import { type Access, checkRepositoryAccess } from '../identity/access.ts';
import { nodeId } from '../render/user.ts';
import { isPull, type PullIssue } from '../state/issue-state.ts';
import type { Repository } from '../state/repository-state.ts';

/** What queries ask for, as far as the caller may see it. */
export function repositoryOf(call: Call, access: Access): Repository | undefined {
  const variables = call.body.object('variables');
  const repository = call.world.store.repository(variables.string('owner'), variables.string('name'));
  return repository !== undefined && maySee(call, repository, access) ? repository : undefined;
}

export function maySee(call: Call, repository: Repository, access: Access): boolean {
  if (access.kind !== 'repository') return false;
  try {
    checkRepositoryAccess(access, repository, call.actor);
    return true;
  } catch (error) {
    if (error instanceof GitHubProblem) return false;
    throw error;
  }
}

/** By the variable `number`. */
export function askedPull(call: Call, repository: Repository): PullIssue | undefined {
  const issue = repository.issues.get(call.body.object('variables').optionalInteger('number') ?? 0);
  return isPull(issue) ? issue : undefined;
}

export function pullByNode(
  call: Call,
  id: string,
): { readonly repository: Repository; readonly issue: PullIssue } | undefined {
  return findPull(call, ({ pull }) => nodeId('PullRequest', pull.id) === id);
}

export function findPull(
  call: Call,
  fits: (issue: PullIssue) => boolean,
): { readonly repository: Repository; readonly issue: PullIssue } | undefined {
  for (const repository of call.world.store.repositories()) {
    const issue = [...repository.issues.values()].filter(isPull).find(fits);
    if (issue !== undefined) return { repository, issue };
  }
  return undefined;
}

export function notResolved(call: Call) {
  const variables = call.body.object('variables');
  const name = `${variables.string('owner')}/${variables.string('name')}`;
  return problem('NOT_FOUND', `Could not resolve to a Repository with the name '${name}'.`);
}

export function noSuchPull() {
  return problem('NOT_FOUND', 'Could not resolve to a PullRequest with that number.');
}

/** GraphQL says no with status 200. */
export function problem(type: string, message: string) {
  return ok({ data: { repository: null }, errors: [{ type, path: ['repository'], message }] });
}

/** The same for what changes something. */
export function refusal(field: string, type: string, message: string) {
  return ok({ data: { [field]: null }, errors: [{ type, path: [field], message }] });
}

export function noSuchNode(field: string) {
  return refusal(field, 'NOT_FOUND', 'Could not resolve to a node with that global id.');
}

export function forbiddenTo(field: string) {
  return refusal(field, 'FORBIDDEN', 'Resource not accessible by integration');
}
