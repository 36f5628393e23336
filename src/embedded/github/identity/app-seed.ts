import { createPublicKey } from 'node:crypto';
import type { Store } from '../state/store.ts';
import type { App, Installation } from './apps.ts';
import { readPermissions } from './permissions.ts';

export interface AppSeed {
  readonly id: number;
  readonly slug: string;
  readonly name: string;
  readonly owner: string;
  /** PEM of the App's public or private key; without one it cannot sign in by itself. */
  readonly key?: string;
  readonly description?: string;
  readonly externalUrl?: string;
  /** What it asks for; what its first installation has when absent. */
  readonly permissions?: Readonly<Record<string, string>>;
  readonly events?: readonly string[];
  readonly webhook?: { readonly url: string; readonly secret?: string; readonly active?: boolean };
  readonly installations: readonly InstallationSeed[];
}

export interface InstallationSeed {
  readonly id: number;
  readonly account: string;
  readonly permissions: Readonly<Record<string, string>>;
  /** `owner/name`; all of the account's when absent. */
  readonly repositories?: readonly string[];
}

/** Makes an App of its description; it gets an account of its own, as GitHub gives each App a bot. */
export function appOfSeed(store: Store, seed: AppSeed, createdAt: string): App {
  const { id, slug, name, owner, key, description, externalUrl, events = [], webhook, installations } = seed;
  store.accounts.add({ login: `${slug}[bot]`, name: null, type: 'Bot' });
  return {
    ...{ id, slug, name, owner, externalUrl, createdAt },
    description: description ?? null,
    publicKey: key === undefined ? undefined : createPublicKey(key),
    permissions: readPermissions(seed.permissions ?? installations[0]?.permissions ?? {}),
    hook: {
      id: store.id(),
      target: { type: 'integration', id },
      active: webhook !== undefined && (webhook.active ?? true),
      events: [...events],
      url: webhook?.url ?? '',
      secret: webhook?.secret,
      contentType: 'json',
      createdAt,
      updatedAt: createdAt,
      deliveries: [],
    },
    installations: installations.map((each) => installationOfSeed(id, each, createdAt)),
  };
}

export function installationOfSeed(appId: number, seed: InstallationSeed, createdAt: string): Installation {
  const { id, account, permissions, repositories } = seed;
  return {
    ...{ id, appId, account, createdAt },
    permissions: readPermissions(permissions),
    repositories: repositories && new Set(repositories.map((repository) => repository.toLowerCase())),
    suspendedAt: null,
  };
}
