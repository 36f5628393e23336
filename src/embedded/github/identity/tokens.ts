import { randomBytes } from 'node:crypto';
import { GitHubProblem } from '../http/problem.ts';
import type { Actor } from './actor.ts';

interface StoredToken {
  readonly actor: Actor;
  readonly expiresAt: number | undefined;
  /** Counts requests: tokens that share a name share a limit, as the tokens of one repository's jobs do. */
  readonly limitKey: string;
  readonly limit: number;
}

export interface ResolvedToken {
  readonly actor: Actor;
  readonly limitKey: string;
  readonly limit: number;
}

export type TokenPrefix = 'ghs_' | 'ghp_';

/** Which token stands for whom. Tokens are random, kept in memory, and never written anywhere. */
export class Tokens {
  readonly #tokens = new Map<string, StoredToken>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  mint(prefix: TokenPrefix, stored: StoredToken): string {
    const token = `${prefix}${randomBytes(24).toString('base64url').replaceAll('-', 'a').replaceAll('_', 'b')}`;
    this.#tokens.set(token, stored);
    return token;
  }

  revoke(token: string): void {
    this.#tokens.delete(token);
  }

  /** Undefined when there is no such token, or not any more. */
  find(token: string): ResolvedToken | undefined {
    const stored = this.#tokens.get(token);
    const expired = stored?.expiresAt !== undefined && stored.expiresAt <= this.#now();
    return expired ? undefined : stored;
  }
}

/** The token of an `Authorization` header: `Bearer x`, `token x`, or Basic with the token as user or password. */
export function tokenOf(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const [scheme = '', value = ''] = header.trim().split(/\s+/, 2);
  switch (scheme.toLowerCase()) {
    case 'bearer':
    case 'token':
      return value;
    case 'basic': {
      const decoded = Buffer.from(value, 'base64').toString('utf8');
      const colon = decoded.indexOf(':');
      const password = decoded.slice(colon + 1);
      return password === '' || password === 'x-oauth-basic' ? decoded.slice(0, colon) : password;
    }
    default:
      return '';
  }
}

export function badCredentials(): GitHubProblem {
  return new GitHubProblem(401, 'Bad credentials');
}
