/** What a cursor is about: `hook-deliveries`, `reconcile/octo/slug`. In lower case, at most 300 characters. */
export type CursorName = string;

export interface StoredCursor {
  /** Plain data of whoever writes it; at most 100 KB as JSON. */
  readonly value: unknown;
  /** 1, and one more with every write. */
  readonly version: number;
}

/** How far a job that is done piece by piece has come. Of two that go on from the same place one wins. */
export interface CursorStore {
  read(name: CursorName): Promise<StoredCursor | undefined>;
  /** Only over the version that was read; undefined: only when there is none. */
  write(name: CursorName, value: unknown, over: number | undefined): Promise<'written' | 'moved'>;
}
