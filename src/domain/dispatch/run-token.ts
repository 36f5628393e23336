/** What a workflow run wants a token for: to get the code, or to publish. */
export const tokenPurposes = ['read', 'publish'] as const;
export type TokenPurpose = (typeof tokenPurposes)[number];

/** The least that each purpose can do with, in the API's words. `metadata: read` comes with every token. */
export const tokenPermissions: Readonly<Record<TokenPurpose, Readonly<Record<string, 'read' | 'write'>>>> = {
  read: { contents: 'read' },
  publish: { contents: 'write', issues: 'write', pull_requests: 'write' },
};
