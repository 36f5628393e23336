import { type App, actionsApp, type Installation } from '../identity/apps.ts';
import type { AppIdentity } from '../state/issue-state.ts';
import { isoSeconds } from '../state/timestamp.ts';
import type { World } from '../world.ts';
import { nodeId, renderUser } from './user.ts';

/** OpenAPI `integration`. */
export function renderApp(world: World, identity: AppIdentity) {
  const app = world.apps.find(identity.id);
  const owner = world.store.accounts.find(app?.owner ?? 'github') ?? world.store.accounts.find('github-actions[bot]');
  const permissions = app?.permissions ?? { contents: 'write', issues: 'write', metadata: 'read' };
  return {
    id: identity.id,
    slug: identity.slug,
    node_id: nodeId('App', identity.id),
    ...(owner === undefined ? {} : { owner: renderUser(world, owner) }),
    name: identity.name,
    description:
      identity.id === actionsApp.id ? 'Automate your workflow from idea to production' : (app?.description ?? null),
    external_url: app?.externalUrl ?? `${world.webUrl}/apps/${identity.slug}`,
    html_url: `${world.webUrl}/apps/${identity.slug}`,
    created_at: app?.createdAt ?? isoSeconds(0),
    updated_at: app?.createdAt ?? isoSeconds(0),
    permissions,
    events: app?.hook.events ?? [],
    ...(app === undefined ? {} : { installations_count: app.installations.length }),
  };
}

export function renderInstallation(world: World, app: App, installation: Installation) {
  const account = world.store.accounts.find(installation.account);
  const url = `${world.apiUrl}/app/installations/${installation.id}`;
  return {
    id: installation.id,
    account: account === undefined ? null : renderUser(world, account),
    repository_selection: installation.repositories === undefined ? ('all' as const) : ('selected' as const),
    access_tokens_url: `${url}/access_tokens`,
    repositories_url: `${world.apiUrl}/installation/repositories`,
    html_url: `${world.webUrl}/settings/installations/${installation.id}`,
    app_id: app.id,
    app_slug: app.slug,
    target_id: account?.id ?? 0,
    target_type: account?.type ?? 'User',
    permissions: installation.permissions,
    events: app.hook.events,
    created_at: installation.createdAt,
    updated_at: installation.createdAt,
    single_file_name: null,
    suspended_by: null,
    suspended_at: installation.suspendedAt,
  };
}
