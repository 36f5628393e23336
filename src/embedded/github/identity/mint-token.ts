import { EntropyError } from '../../../domain/error.ts';
import { actionsBotLogin } from '../state/accounts.ts';
import { repositoryFullName } from '../state/repository-state.ts';
import type { World } from '../world.ts';
import { type App, actionsApp, type Installation } from './apps.ts';
import { type Permissions, readPermissions } from './permissions.ts';

export interface MintRequest {
  readonly repository: { readonly owner: string; readonly name: string };
  /** As in a workflow's `permissions:`; what is not named is not granted. */
  readonly permissions: Readonly<Record<string, string>>;
  /** A job may live for six hours; its token dies with it. */
  readonly lifetimeMs?: number;
}

const jobLifetimeMs = 6 * 3_600_000;
const installationLifetimeMs = 3_600_000;
/** Requests per hour: of all jobs in a repository together, of an installation, of a person. */
const limits = { job: 1000, installation: 5000, user: 5000 };

export function mintJobToken(world: World, request: MintRequest): string {
  const repository = world.store.repository(request.repository.owner, request.repository.name);
  const bot = world.store.accounts.find(actionsBotLogin);
  if (repository === undefined || bot === undefined) {
    throw unknown(`repository ${request.repository.owner}/${request.repository.name}`);
  }
  const name = repositoryFullName(repository).toLowerCase();
  return world.tokens.mint('ghs_', {
    actor: {
      kind: 'installation',
      account: bot,
      app: actionsApp,
      installationId: repository.id,
      repositories: new Set([name]),
      owner: repository.owner.login,
      permissions: readPermissions(request.permissions),
      startsWorkflows: false,
    },
    expiresAt: world.clock.now() + (request.lifetimeMs ?? jobLifetimeMs),
    limitKey: `jobs of ${name}`,
    limit: limits.job,
  });
}

export interface InstallationToken {
  readonly token: string;
  readonly expiresAt: number;
}

/** What `POST /app/installations/{id}/access_tokens` hands out; the scope was checked by the caller. */
export function mintInstallationToken(
  world: World,
  app: App,
  scope: {
    readonly installation: Installation;
    readonly permissions: Permissions;
    readonly repositories: ReadonlySet<string> | undefined;
  },
): InstallationToken {
  const login = `${app.slug}[bot]`;
  const account = world.store.accounts.add({ login, name: null, type: 'Bot' });
  const expiresAt = world.clock.now() + installationLifetimeMs;
  const token = world.tokens.mint('ghs_', {
    actor: {
      kind: 'installation',
      account,
      app: { id: app.id, slug: app.slug, name: app.name },
      installationId: scope.installation.id,
      repositories: scope.repositories,
      owner: scope.installation.account,
      permissions: { ...scope.permissions, metadata: 'read' },
      startsWorkflows: true,
    },
    expiresAt,
    limitKey: `installation ${scope.installation.id}`,
    limit: limits.installation,
  });
  return { token, expiresAt };
}

export function mintUserToken(world: World, login: string): string {
  const account = world.store.accounts.find(login);
  if (account === undefined) throw unknown(`user ${login}`);
  return world.tokens.mint('ghp_', {
    actor: { kind: 'user', account },
    expiresAt: undefined,
    limitKey: `user ${account.login}`,
    limit: limits.user,
  });
}

function unknown(what: string): EntropyError {
  return new EntropyError({
    code: 'E801',
    message: `the embedded GitHub has no ${what}`,
    fix: 'Seed it when the embedded GitHub is started.',
  });
}
