import type { ClaimKey } from '../claim.ts';
import { parseFullName, type RepositoryRef } from '../repository.ts';

/** What a workflow run wants a token for: to get the code, or to publish. */
export const tokenPurposes = ['read', 'publish'] as const;
export type TokenPurpose = (typeof tokenPurposes)[number];

/** The least that each purpose can do with, in the API's words. `metadata: read` comes with every token. */
export const tokenPermissions: Readonly<Record<TokenPurpose, Readonly<Record<string, 'read' | 'write'>>>> = {
  read: { contents: 'read' },
  publish: { contents: 'write', issues: 'write', pull_requests: 'write' },
};

/** The repository whose issue a claim is about; undefined for locks that have names of their own. */
export function repositoryOfKey(key: ClaimKey): RepositoryRef | undefined {
  return parseFullName(/^github\/([^/]+\/[^/]+)\//.exec(key)?.[1] ?? '');
}
