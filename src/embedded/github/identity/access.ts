import { forbidden, GitHubProblem, notFound } from '../http/problem.ts';
import type { Account } from '../state/accounts.ts';
import { type Repository, type Role, repositoryFullName, roleAtLeast, roleOf } from '../state/repository-state.ts';
import type { Actor } from './actor.ts';
import { allows, type PermissionLevel, type PermissionName } from './permissions.ts';

export interface Need {
  readonly permission: PermissionName;
  readonly level: PermissionLevel;
}

/** Who may call a route. In a repository: people need the role, tokens of Apps and jobs one of the permissions. */
export type Access =
  | { readonly kind: 'anyone' }
  | { readonly kind: 'signed-in' }
  | { readonly kind: 'app-jwt' }
  | {
      readonly kind: 'repository';
      readonly role: Role;
      readonly needs: readonly [Need, ...Need[]];
      readonly signedIn: boolean;
    };

export const anyone: Access = { kind: 'anyone' };
export const signedIn: Access = { kind: 'signed-in' };
export const appJwt: Access = { kind: 'app-jwt' };

/** Reading: anybody may who sees the repository. */
export function readers(...permissions: readonly [PermissionName, ...PermissionName[]]): Access {
  return { kind: 'repository', role: 'read', needs: needs(permissions, 'read'), signedIn: false };
}

/** Writing: people from this role on. */
export function writers(role: Role, ...permissions: readonly [PermissionName, ...PermissionName[]]): Access {
  return { kind: 'repository', role, needs: needs(permissions, 'write'), signedIn: true };
}

function needs(
  [first, ...rest]: readonly [PermissionName, ...PermissionName[]],
  level: PermissionLevel,
): readonly [Need, ...Need[]] {
  return [{ permission: first, level }, ...rest.map((permission) => ({ permission, level }))];
}

/** Private repositories do not exist for who may not read them: 404, as GitHub answers. */
export function checkVisible(repository: Repository, actor: Actor): void {
  if (!isVisible(repository, actor)) throw notFound();
}

export function isVisible(repository: Repository, actor: Actor): boolean {
  return !repository.private || mayRead(repository, actor);
}

function mayRead(repository: Repository, actor: Actor): boolean {
  switch (actor.kind) {
    case 'anonymous':
    case 'app':
      return false;
    case 'user':
      return roleAtLeast(roleOf(repository, actor.account.login, actor.account.type), 'read');
    case 'installation':
      return coversRepository(repository, actor);
    default:
      return actor satisfies never;
  }
}

export function coversRepository(repository: Repository, actor: Extract<Actor, { kind: 'installation' }>): boolean {
  const sameOwner = repository.owner.login.toLowerCase() === actor.owner.toLowerCase();
  return actor.repositories === undefined
    ? sameOwner
    : actor.repositories.has(repositoryFullName(repository).toLowerCase());
}

export function checkRepositoryAccess(
  access: Extract<Access, { kind: 'repository' }>,
  repository: Repository,
  actor: Actor,
): void {
  checkVisible(repository, actor);
  switch (actor.kind) {
    case 'anonymous':
      if (access.signedIn) throw new GitHubProblem(401, 'Requires authentication');
      return;
    case 'app':
      throw new GitHubProblem(403, 'Resource not accessible by integration');
    case 'user':
      checkRole(access.role, repository, actor.account);
      return;
    case 'installation':
      checkNeeds(access, repository, actor);
      return;
    default:
      actor satisfies never;
  }
}

function checkRole(needed: Role, repository: Repository, account: Account): void {
  const role = roleOf(repository, account.login, account.type);
  if (roleAtLeast(role, needed)) return;
  throw forbidden(needed === 'admin' ? 'Must have admin rights to Repository.' : 'Must have push access to repository');
}

function checkNeeds(
  access: Extract<Access, { kind: 'repository' }>,
  repository: Repository,
  actor: Extract<Actor, { kind: 'installation' }>,
): void {
  const covered = coversRepository(repository, actor);
  const publicRead = !covered && !repository.private && access.needs.every((need) => need.level === 'read');
  const granted = access.needs.some((need) => allows(actor.permissions, need.permission, need.level));
  if (publicRead || (covered && granted)) return;
  throw notAccessible(access.needs);
}

/** The very sentence and header that GitHub sends; clients print what is missing from the header. */
export function notAccessible(needs: readonly Need[]): GitHubProblem {
  const accepted = needs.map((need) => `${need.permission}=${need.level}`).join('; ');
  return new GitHubProblem(403, 'Resource not accessible by integration', {
    headers: { 'x-accepted-github-permissions': accepted },
  });
}

/** The account of a signed-in actor. */
export function accountOf(actor: Actor): Account {
  if (actor.kind === 'user' || actor.kind === 'installation') return actor.account;
  throw new GitHubProblem(401, 'Requires authentication');
}
