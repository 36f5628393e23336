import { validationFailed } from '../http/problem.ts';
import { accountOf } from '../identity/access.ts';
import { type Actor, actingApp } from '../identity/actor.ts';
import type { Account } from '../state/accounts.ts';
import type { Issue, Label, PullRequest } from '../state/issue-state.ts';
import { hasRole, type Repository } from '../state/repository-state.ts';
import { timestamp } from '../state/timestamp.ts';
import type { World } from '../world.ts';

export interface NewIssue {
  readonly title: string;
  readonly body: string | null;
  readonly labels: Label[];
  readonly assignees: Account[];
  readonly pull?: PullRequest;
}

const maxBody = 65_536;

/** Puts an issue (or the issue half of a pull request) under the repository's next number. */
export function openIssue(place: { world: World; repository: Repository; actor: Actor }, issue: NewIssue): Issue {
  const { world, repository, actor } = place;
  checkTitle(issue.title);
  checkBody(issue.body, 'Issue');
  const now = timestamp(world.clock);
  const opened: Issue = {
    id: world.store.id(),
    number: repository.nextNumber++,
    title: issue.title,
    body: issue.body,
    author: accountOf(actor),
    viaApp: actingApp(actor),
    state: 'open',
    stateReason: null,
    lock: undefined,
    labels: issue.labels,
    assignees: issue.assignees,
    reactions: [],
    createdAt: now,
    updatedAt: now,
    closedAt: null,
    closedBy: null,
    timeline: [],
    blockedBy: new Set(),
    subIssues: [],
    pull: issue.pull,
  };
  repository.issues.set(opened.number, opened);
  return opened;
}

export function checkTitle(title: string): void {
  if (title.trim() === '') throw validationFailed({ resource: 'Issue', field: 'title', code: 'missing_field' });
  if (title.length > 256) {
    const message = 'title is too long (maximum is 256 characters)';
    throw validationFailed({ resource: 'Issue', field: 'title', code: 'custom', message });
  }
}

export function checkBody(body: string | null | undefined, resource: string): void {
  if (body === null || body === undefined || body.length <= maxBody) return;
  const message = `body is too long (maximum is ${maxBody} characters)`;
  throw validationFailed({ resource, field: 'body', code: 'unprocessable', message });
}

/** The repository's label of that name, made when there is none yet: that is what adding one to an issue does. */
export function ensureLabel(world: World, repository: Repository, name: string): Label {
  const known = findLabel(repository, name);
  if (known !== undefined) return known;
  const label: Label = { id: world.store.id(), name, color: 'ededed', description: null, isDefault: false };
  repository.labels.push(label);
  return label;
}

export function findLabel(repository: Repository, name: string): Label | undefined {
  return repository.labels.find((label) => label.name.toLowerCase() === name.toLowerCase());
}

/** Accounts that may be assigned; names that may not are left out silently, as GitHub does. */
export function assignable(world: World, repository: Repository, logins: readonly string[]): Account[] {
  const accounts = logins.map((login) => world.store.accounts.find(login));
  return accounts.filter((account) => account !== undefined && mayBeAssigned(repository, account)) as Account[];
}

export function mayBeAssigned(repository: Repository, account: Account): boolean {
  return hasRole(repository, account.login, 'triage');
}
