import type { AllowedRepository } from './access/runner-policy.ts';

/** What a person chose for a coordinator on this machine. */
export interface ServeOptions {
  /** The SQLite file that was named; else ENTROPY_STATE_FILE, else the default one. */
  readonly state?: string;
  readonly host: string;
  readonly port: number;
  readonly adminKey: 'if-none' | 'always';
  /** Absent: workflow jobs are not let in. */
  readonly oidc?: {
    readonly issuer?: string;
    readonly audience: string;
    readonly repositories: readonly AllowedRepository[];
    readonly workflows: readonly string[];
    readonly events?: readonly string[];
  };
  readonly addressFrom: 'socket' | 'proxy';
}

/** What is told when it serves. */
export interface ServeReport {
  readonly schema: 1;
  readonly url: string;
  readonly docs: string;
  readonly state: string;
  readonly version: string;
  /** The new admin key; null when there was one already. */
  readonly adminKey: string | null;
  readonly pid: number;
}
