import type { RepositoryRef } from '../domain/repository.ts';

export interface InstallationInfo {
  readonly id: number;
  /** The organisation or person that it is installed for. */
  readonly account: string;
  /** The number that GitHub gives it for good. */
  readonly accountId: string;
  readonly suspended: boolean;
}

export interface InstallationToken {
  readonly token: string;
  /** Milliseconds since 1970; an hour after it was made. */
  readonly expiresAt: number;
}

export interface AppDelivery {
  readonly id: number;
  /** The same for every attempt at one delivery: X-GitHub-Delivery. */
  readonly guid: string;
  readonly event: string;
  readonly action?: string;
  /** ISO 8601. */
  readonly deliveredAt: string;
  readonly redelivery: boolean;
  /** 0 when nothing answered. */
  readonly statusCode: number;
}

/** What an App may ask of GitHub as itself, before any repository. Faults are those of `Forge`. */
export interface ForgeApp {
  readonly appId: number;
  /** As authors of comments are named: `entropy[bot]`. */
  author(): Promise<string>;
  installations(): AsyncIterable<InstallationInfo>;
  installationOf(repository: RepositoryRef): Promise<InstallationInfo | undefined>;
  /** Repositories that the installation covers, by a token of it. */
  repositoriesOf(installation: number): AsyncIterable<RepositoryRef>;
  /** For some repositories and permissions of the installation only, when named. */
  mintToken(
    installation: number,
    scope?: {
      readonly repositories?: readonly string[];
      readonly permissions?: Readonly<Record<string, 'read' | 'write'>>;
    },
  ): Promise<InstallationToken>;
  /** Newest first, from the cursor on; GitHub keeps three days. `next` absent: the end. */
  deliveries(cursor?: string): Promise<{ readonly deliveries: readonly AppDelivery[]; readonly next?: string }>;
  /** Asks GitHub to send one again, under its old `guid`. */
  redeliver(id: number): Promise<'accepted' | 'missing'>;
}
