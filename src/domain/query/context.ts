/** What a query needs to know besides the tasks: the moment it is asked at, and who asks. */
export interface QueryContext {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The login behind `@me`; a query that uses it without one is refused. */
  readonly me?: string;
  /** Without progress for this long a held task is `is:stale`, milliseconds. */
  readonly staleAfterMs: number;
}

export const defaultStaleAfterMs = 30 * 60_000;
