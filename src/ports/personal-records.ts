/** One stored record in plain data, whatever it is about. */
export interface PersonalRecord {
  /** `task`, `event`, `claim`, `run`, `message`, `api-key`, `waiting` … */
  readonly kind: string;
  /** Within its kind: `github/octo/slug/issues/1`, `17`. */
  readonly name: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Everything that a store keeps of people, looked through from end to end: to tell it to them, and to take them out of it. */
export interface PersonalRecords {
  /** The state and the log of how it came about; not what time to live takes away within days. */
  all(): AsyncIterable<PersonalRecord>;
  /** The data takes the record's place, without being a change of it. `changed`: somebody wrote it meanwhile. */
  replace(record: PersonalRecord, data: Readonly<Record<string, unknown>>): Promise<'replaced' | 'changed'>;
  /** A secret of this store that makes pseudonyms of names, which nobody without it can find the names to. */
  pseudonymKey(): Promise<string>;
  /** Once the log tells all that is stored at the time of the call; `late`: it did not within the time that a log may take. */
  untilTold(signal: AbortSignal): Promise<'told' | 'late'>;
}
