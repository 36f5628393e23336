import type { ApiKey } from '../domain/access/api-key.ts';

/** A key with what proves it: hashes only, as 64 hexadecimal digits of SHA-256. */
export interface StoredApiKey {
  readonly key: ApiKey;
  readonly hash: string;
  /** That of the secret before the last rotation. */
  readonly oldHash?: string;
}

/** Who may call the coordinator. A revoked key stays in the books and never counts again. */
export interface ApiKeyStore {
  /** `exists`: a key that is not revoked has this name, or the id is taken. */
  add(stored: StoredApiKey): Promise<'added' | 'exists'>;
  find(id: string): Promise<StoredApiKey | undefined>;
  /** In the order in which they were made, revoked ones too. */
  list(): Promise<readonly ApiKey[]>;
  /** The secret of now becomes the old one. Undefined: not there, or revoked. */
  rotate(
    id: string,
    secret: { readonly hash: string; readonly at: number; readonly oldSecretUntil: number },
  ): Promise<ApiKey | undefined>;
  /** Again: the first time counts. */
  revoke(id: string, at: number): Promise<ApiKey | undefined>;
  used(id: string, at: number): Promise<void>;
}
