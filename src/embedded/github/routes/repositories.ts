import { listAnswer } from '../http/pagination.ts';
import { forbidden, notFound } from '../http/problem.ts';
import { globalRoute, noContent, ok, param, type RepositoryCall, type Route, repositoryRoute } from '../http/route.ts';
import { checkVisible, readers, signedIn } from '../identity/access.ts';
import { mayBeAssigned } from '../issues/open-issue.ts';
import { renderFullRepository, renderRepository } from '../render/repository.ts';
import { renderUser } from '../render/user.ts';
import type { Account } from '../state/accounts.ts';
import { hasRole, type Repository, type Role, roleAtLeast, roleOf } from '../state/repository-state.ts';

const collaborators = '/repos/{owner}/{repo}/collaborators';

export const repositoryRoutes: readonly Route[] = [
  repositoryRoute('GET /repos/{owner}/{repo}', readers('metadata'), (call) =>
    ok(renderFullRepository(call.world, call.repository, call.actor)),
  ),
  globalRoute('GET /user/repos', signedIn, (call) => {
    const mine = call.world.store.repositories().filter((repository) => {
      const login = call.actor.kind === 'user' ? call.actor.account.login : '';
      return repository.collaborators.has(login.toLowerCase()) || repository.owner.login === login;
    });
    return listAnswer(call, mine, (repository) => renderRepository(call.world, repository, call.actor));
  }),
  repositoryRoute(`GET ${collaborators}`, readers('metadata'), (call) => {
    checkMaySee(call);
    const people = call.world.store.accounts.all().filter((account) => isCollaborator(call.repository, account));
    return listAnswer(call, people, (account) => renderCollaborator(call, account));
  }),
  repositoryRoute(`GET ${collaborators}/{username}`, readers('metadata'), (call) => {
    checkMaySee(call);
    const account = call.world.store.accounts.find(param(call, 'username'));
    if (account === undefined || !isCollaborator(call.repository, account)) throw notFound();
    return noContent;
  }),
  repositoryRoute(`GET ${collaborators}/{username}/permission`, readers('metadata'), (call) => {
    checkMaySee(call);
    const account = call.world.store.accounts.find(param(call, 'username'));
    if (account === undefined) throw notFound();
    const role = roleOf(call.repository, account.login, account.type);
    return ok({ permission: coarse(role), role_name: role, user: renderCollaborator(call, account) });
  }),
  repositoryRoute('GET /repos/{owner}/{repo}/assignees', readers('metadata'), (call) => {
    const people = call.world.store.accounts.all().filter((account) => mayBeAssigned(call.repository, account));
    return listAnswer(call, people, (account) => renderUser(call.world, account));
  }),
];

/** People need push access to see who else has which; a job's token has metadata and that is enough. */
function checkMaySee(call: RepositoryCall): void {
  checkVisible(call.repository, call.actor);
  const allowed =
    call.actor.kind === 'installation' ||
    (call.actor.kind === 'user' && hasRole(call.repository, call.actor.account.login, 'write'));
  if (!allowed) throw forbidden('Must have push access to view collaborator permission.');
}

function isCollaborator(repository: Repository, account: Account): boolean {
  return (
    account.login.toLowerCase() === repository.owner.login.toLowerCase() ||
    repository.collaborators.has(account.login.toLowerCase())
  );
}

/** The older of GitHub's two fields knows four words only. */
function coarse(role: Role): 'admin' | 'write' | 'read' | 'none' {
  switch (role) {
    case 'maintain':
      return 'write';
    case 'triage':
      return 'read';
    default:
      return role;
  }
}

function renderCollaborator(call: RepositoryCall, account: Account) {
  const role = roleOf(call.repository, account.login, account.type);
  return {
    ...renderUser(call.world, account),
    permissions: {
      pull: roleAtLeast(role, 'read'),
      triage: roleAtLeast(role, 'triage'),
      push: roleAtLeast(role, 'write'),
      maintain: roleAtLeast(role, 'maintain'),
      admin: roleAtLeast(role, 'admin'),
    },
    role_name: role,
  };
}
