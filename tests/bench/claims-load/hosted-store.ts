import type { StorePlace } from './load-plan.ts';
import type { SharedTime } from './shared-clock.ts';

export interface HostOptions {
  readonly folder: string;
  readonly time: SharedTime;
}

/** What a store needs running while workers use it. */
export interface StoreHost extends AsyncDisposable {
  readonly place: StorePlace;
  /** What the figure says that it was measured on. */
  readonly told: string;
  /** Kills the server of the store and starts it anew on what it had written. Absent: there is none to be killed. */
  readonly crash?: () => Promise<void>;
}

export type HostResult = StoreHost | { readonly missing: string; readonly fix: string };
