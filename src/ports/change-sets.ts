import type { ChangeSet } from '../domain/change-set/change-set.ts';

/** A record with the name of this very state of it, for the next swap. */
export interface StoredChangeSet {
  readonly id: string;
  readonly record: ChangeSet;
}

/** The sets that issues of one repository asked for. `swap` is atomic: of two who saw the same state one wins. */
export interface ChangeSets {
  /** Undefined when there is none, or what lies there is not ours. */
  read(issue: number): Promise<StoredChangeSet | undefined>;
  /** `seen`: the id of the state that the new one was made from; undefined: there was none. */
  swap(
    issue: number,
    change: { readonly seen: string | undefined; readonly record: ChangeSet },
  ): Promise<{ readonly kind: 'stored'; readonly id: string } | { readonly kind: 'moved' }>;
  /** Issues with a set in which something may still happen. */
  issues(): Promise<readonly number[]>;
}
