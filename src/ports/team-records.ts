import type { TeamRecord } from '../domain/stages/team-record.ts';

/** A record with the name of this very state of it, for the next swap. */
export interface StoredTeamRecord {
  readonly id: string;
  readonly record: TeamRecord;
}

/**
 * Where the team stands with each issue of one repository. `swap` is atomic: of two who saw the same state one wins. Records are
 * data that whoever may push can change: nothing in one gives anybody a right.
 */
export interface TeamRecords {
  /** Undefined when there is none, or what lies there is not ours. */
  read(issue: number): Promise<StoredTeamRecord | undefined>;
  /** `seen`: the id of the state that the new one was made from; undefined: there was none. */
  swap(
    issue: number,
    change: { readonly seen: string | undefined; readonly record: TeamRecord },
  ): Promise<{ readonly kind: 'stored'; readonly id: string } | { readonly kind: 'moved' }>;
  /** Issues that have a record that is not over. */
  issues(): Promise<readonly number[]>;
}
