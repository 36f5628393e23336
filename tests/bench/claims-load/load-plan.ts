import type { SharedTime } from './shared-clock.ts';

/** Where a worker finds the store that all of them use. */
export type StorePlace =
  | { readonly kind: 'sqlite'; readonly path: string }
  | {
      readonly kind: 'git-refs';
      readonly apiUrl: string;
      readonly token: string;
      readonly owner: string;
      readonly name: string;
    }
  | {
      readonly kind: 'dynamodb';
      readonly endpoint: string;
      readonly table: string;
      readonly region: string;
      readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
    }
  | { readonly kind: 'http'; readonly url: string; readonly key: string };

/** What one worker process is told, as JSON on its command line. */
export interface WorkerPlan {
  /** Of this process and no other: `w2 life 3`. */
  readonly name: string;
  readonly place: StorePlace;
  readonly time: SharedTime;
  readonly skewMs: number;
  readonly seed: number;
  readonly contenders: number;
  readonly attempts: number;
  /** In the shared time: no attempt begins after it. */
  readonly until: number;
  readonly keys: number;
  readonly ttlMs: number;
  /** Where it writes what it asks and hears; one file for each share of the keys. */
  readonly logs: readonly string[];
}

export function claimKeyOf(index: number): string {
  return `github/octo/slug/issues/${index + 1}`;
}
