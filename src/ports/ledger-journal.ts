/** Lines that are on this machine's disk and not yet stored as a segment. */
export interface ClosedJournal {
  /** Of its first record. */
  readonly seq: number;
  /** Lines, each with its newline. */
  readonly text: string;
}

/** Where a writer puts its records down first. One file for each segment that is to be, so that what was stored is the same when it is stored again. */
export interface LedgerJournal {
  /** On the disk when it returns. */
  append(seq: number, line: string): void;
  /** What was appended since the last call, closed for good; undefined when that was nothing. */
  close(): ClosedJournal | undefined;
  /** It is stored. */
  remove(closed: ClosedJournal): Promise<void>;
}
