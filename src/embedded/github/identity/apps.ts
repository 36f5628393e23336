import { type KeyObject, verify } from 'node:crypto';
import type { Hook } from '../state/hook-state.ts';
import type { AppIdentity } from '../state/issue-state.ts';
import { type Repository, repositoryFullName } from '../state/repository-state.ts';
import type { Permissions } from './permissions.ts';

export interface Installation {
  readonly id: number;
  readonly appId: number;
  /** Login of the account that installed it. */
  readonly account: string;
  /** Full names in lower case; undefined is all repositories of the account. */
  readonly repositories: ReadonlySet<string> | undefined;
  readonly permissions: Permissions;
  readonly createdAt: string;
  suspendedAt: string | null;
}

export interface App extends AppIdentity {
  /** Login of whoever registered it. */
  readonly owner: string;
  readonly description: string | null;
  readonly externalUrl: string | undefined;
  readonly publicKey: KeyObject | undefined;
  /** What an installation is asked to grant. */
  readonly permissions: Permissions;
  readonly hook: Hook;
  readonly installations: Installation[];
  readonly createdAt: string;
}

/** GitHub's own App, on whose behalf workflow jobs act. */
export const actionsApp: AppIdentity = { id: 15_368, slug: 'github-actions', name: 'GitHub Actions' };

export function covers(installation: Installation, repository: Repository): boolean {
  const sameOwner = repository.owner.login.toLowerCase() === installation.account.toLowerCase();
  return installation.repositories === undefined
    ? sameOwner
    : installation.repositories.has(repositoryFullName(repository).toLowerCase());
}

/** The registered GitHub Apps. An App proves itself with a JWT signed RS256, at most ten minutes long. */
export class Apps {
  readonly #apps: App[];

  constructor(apps: readonly App[]) {
    this.#apps = [...apps];
  }

  all(): readonly App[] {
    return this.#apps;
  }

  find(id: number): App | undefined {
    return this.#apps.find((app) => app.id === id);
  }

  register(app: App): void {
    this.#apps.push(app);
  }

  installations(): readonly Installation[] {
    return this.#apps.flatMap((app) => app.installations);
  }

  /** The App that signed the token; undefined when it is no valid JWT of one. */
  verifyJwt(token: string, now: number): App | undefined {
    const [head, payload, signature, ...rest] = token.split('.');
    if (head === undefined || payload === undefined || signature === undefined || rest.length > 0) return undefined;
    const claims = readClaims(payload);
    const app = this.find(Number(claims?.iss));
    if (claims === undefined || app?.publicKey === undefined || readAlgorithm(head) !== 'RS256') return undefined;
    const seconds = now / 1000;
    const inTime = claims.exp > seconds && claims.exp <= seconds + 660 && claims.iat <= seconds + 60;
    const signed = Buffer.from(`${head}.${payload}`);
    const genuine = verify('RSA-SHA256', signed, app.publicKey, Buffer.from(signature, 'base64url'));
    return inTime && genuine ? app : undefined;
  }
}

function readJson(part: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch (cause) {
    // Not JSON, so not a JWT: the caller goes on with the other kinds of tokens.
    if (cause instanceof SyntaxError) return undefined;
    throw cause;
  }
}

function readAlgorithm(head: string): unknown {
  return readJson(head)?.['alg'];
}

function readClaims(payload: string): { iss: string | number; iat: number; exp: number } | undefined {
  const claims = readJson(payload);
  const [iss, iat, exp] = [claims?.['iss'], claims?.['iat'], claims?.['exp']];
  const named = typeof iss === 'string' || typeof iss === 'number';
  return named && typeof iat === 'number' && typeof exp === 'number' ? { iss, iat, exp } : undefined;
}
