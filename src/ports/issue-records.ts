/** A record with the name of this very state of it, for the next swap. */
export interface StoredRecord<Value> {
  readonly id: string;
  readonly record: Value;
}

export type SwappedRecord = { readonly kind: 'stored'; readonly id: string } | { readonly kind: 'moved' };

export type RecordsListed = 'going' | 'at-work';

/** One record for each issue of one repository. `swap` is atomic: of two who saw the same state one wins. */
export interface IssueRecords<Value> {
  /** Undefined when there is none, or what lies there is not ours. */
  read(issue: number): Promise<StoredRecord<Value> | undefined>;
  /** `seen`: the id of the state that the new one was made from; undefined: there was none. */
  swap(issue: number, change: { readonly seen: string | undefined; readonly record: Value }): Promise<SwappedRecord>;
  /** Issues with a record in which something may still happen, ascending. `at-work`: those alone in which machines are at it. */
  issues(which?: RecordsListed): Promise<readonly number[]>;
}
