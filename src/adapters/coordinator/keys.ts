import type { AccessRole, ApiKey } from '../../domain/access/api-key.ts';
import { createKey, listKeys, revokeKey, rotateKey } from '../../wire/endpoints/keys.ts';
import type { CoordinatorApi } from './coordinator-api.ts';

export interface NewKey {
  readonly name: string;
  readonly role: AccessRole;
  readonly repositories?: readonly string[];
  readonly expiresInMs?: number;
}

export interface KeyWithSecret {
  readonly key: ApiKey;
  /** Told this once. */
  readonly secret: string;
}

/** The coordinator's API keys; admins only. */
export interface CoordinatorKeys {
  create(key: NewKey): Promise<({ readonly kind: 'created' } & KeyWithSecret) | { readonly kind: 'exists' }>;
  list(): Promise<readonly ApiKey[]>;
  rotate(
    id: string,
    overlapMs?: number,
  ): Promise<
    | ({ readonly kind: 'rotated' } & KeyWithSecret)
    | { readonly kind: 'missing' }
    | { readonly kind: 'revoked'; readonly key: ApiKey }
  >;
  revoke(id: string): Promise<ApiKey | undefined>;
}

export function createCoordinatorKeys(api: CoordinatorApi): CoordinatorKeys {
  return {
    create: async ({ name, role, repositories, expiresInMs }) => {
      const body = {
        name,
        role,
        ...(repositories !== undefined && { repositories }),
        ...(expiresInMs !== undefined && { expiresInMs }),
      };
      const result = await api.call(createKey, { body });
      return result.kind === 'answer' ? { kind: 'created', ...result.value } : { kind: 'exists' };
    },
    list: async () => (await api.call(listKeys, {})).value.keys,
    rotate: async (id, overlapMs) => {
      const body = overlapMs === undefined ? {} : { overlapMs };
      const result = await api.call(rotateKey, { params: { id }, body });
      return result.kind === 'answer' ? { kind: 'rotated', ...result.value } : result.value;
    },
    revoke: async (id) => {
      const result = await api.call(revokeKey, { params: { id } });
      return result.kind === 'answer' ? result.value.key : undefined;
    },
  };
}
