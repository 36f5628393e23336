import { envelopeAnswer, listAnswer } from '../http/pagination.ts';
import { GitHubProblem, notFound, unprocessable } from '../http/problem.ts';
import {
  type Call,
  created,
  globalRoute,
  noContent,
  numberParam,
  ok,
  type Route,
  repositoryRoute,
} from '../http/route.ts';
import { appJwt, coversRepository, signedIn } from '../identity/access.ts';
import { type App, covers, type Installation } from '../identity/apps.ts';
import { mintInstallationToken } from '../identity/mint-token.ts';
import { allows, type PermissionName, type Permissions, readPermissions } from '../identity/permissions.ts';
import { renderApp, renderInstallation } from '../render/app.ts';
import { renderRepository } from '../render/repository.ts';
import { type Repository, repositoryFullName } from '../state/repository-state.ts';
import { isoSeconds } from '../state/timestamp.ts';

export const appRoutes: readonly Route[] = [
  globalRoute('GET /app', appJwt, (call) => ok(renderApp(call.world, appOf(call)))),
  globalRoute('GET /app/installations', appJwt, (call) => {
    const app = appOf(call);
    return listAnswer(call, app.installations, (each) => renderInstallation(call.world, app, each));
  }),
  globalRoute('GET /app/installations/{installation_id}', appJwt, (call) =>
    ok(renderInstallation(call.world, appOf(call), installationOf(call))),
  ),
  globalRoute('POST /app/installations/{installation_id}/access_tokens', appJwt, createToken),
  repositoryRoute('GET /repos/{owner}/{repo}/installation', appJwt, (call) => {
    const app = appOf(call);
    const installation = app.installations.find((each) => covers(each, call.repository));
    if (installation === undefined) throw notFound();
    return ok(renderInstallation(call.world, app, installation));
  }),
  globalRoute('GET /installation/repositories', signedIn, (call) => {
    const { actor } = call;
    if (actor.kind !== 'installation')
      throw new GitHubProblem(403, 'You must authenticate with an installation access token');
    const items = call.world.store.repositories().filter((repository) => coversRepository(repository, actor));
    return envelopeAnswer(call, {
      name: 'repositories',
      items,
      render: (repository) => renderRepository(call.world, repository, actor),
    });
  }),
  globalRoute('DELETE /installation/token', signedIn, (call) => {
    if (call.actor.kind !== 'installation')
      throw new GitHubProblem(403, 'You must authenticate with an installation access token');
    call.revokeToken();
    return noContent;
  }),
];

export function appOf(call: Call): App {
  const app = call.actor.kind === 'app' ? call.world.apps.find(call.actor.appId) : undefined;
  if (app === undefined) throw notFound();
  return app;
}

function installationOf(call: Call): Installation {
  const installation = appOf(call).installations.find((each) => each.id === numberParam(call, 'installation_id'));
  if (installation === undefined) throw notFound();
  return installation;
}

/** Never more than the installation has: less, when the request asks for less. */
function createToken(call: Call) {
  const { world, body } = call;
  const app = appOf(call);
  const installation = installationOf(call);
  if (installation.suspendedAt !== null) throw new GitHubProblem(403, 'This installation has been suspended');
  const permissions = body.has('permissions') ? requested(call, installation) : installation.permissions;
  const covered = world.store.repositories().filter((repository) => covers(installation, repository));
  const names = body.optionalStrings('repositories');
  const ids = body.optionalList('repository_ids');
  const chosen = names === undefined && ids === undefined ? undefined : choose(covered, names ?? [], ids ?? []);
  const repositories = chosen && new Set(chosen.map((repository) => repositoryFullName(repository).toLowerCase()));
  const scope = { installation, permissions, repositories: repositories ?? installation.repositories };
  const { token, expiresAt } = mintInstallationToken(world, app, scope);
  return created({
    token,
    expires_at: isoSeconds(expiresAt),
    permissions: { ...permissions, metadata: 'read' },
    repository_selection: scope.repositories === undefined ? 'all' : 'selected',
    ...(chosen === undefined ? {} : { repositories: chosen.map((repository) => renderRepository(world, repository)) }),
  });
}

function requested(call: Call, installation: Installation): Permissions {
  const asked = readPermissions((call.body.raw('permissions') ?? {}) as Record<string, string>);
  for (const [name, level] of Object.entries(asked)) {
    const granted = name === 'metadata' || allows(installation.permissions, name as PermissionName, level);
    if (!granted) throw unprocessable('The permissions requested are not granted to this installation.');
  }
  return asked;
}

function choose(covered: readonly Repository[], names: readonly string[], ids: readonly unknown[]): Repository[] {
  const find = (wanted: (repository: Repository) => boolean) => {
    const repository = covered.find(wanted);
    if (repository !== undefined) return repository;
    throw unprocessable(
      'There is at least one repository that does not exist or is not accessible to the parent installation.',
    );
  };
  return [
    ...names.map((name) => find((repository) => repository.name.toLowerCase() === name.toLowerCase())),
    ...ids.map((id) => find((repository) => repository.id === id)),
  ];
}
