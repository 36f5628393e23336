import type { ErrorCode } from './error-catalogue.ts';

export interface ErrorDetails {
  readonly code: ErrorCode;
  /** What happened, with the value seen. One sentence, no full stop needed. */
  readonly message: string;
  /** What the reader can do about it; may span lines (a YAML block, a command). */
  readonly fix: string;
  /** Why it happened, when that is not plain from the message. */
  readonly why?: string;
  readonly cause?: unknown;
  /** True when the very same call may succeed later without anybody changing anything. */
  readonly retryable?: boolean;
  /** Before this long it is no use to try again, milliseconds; absent: nobody said. */
  readonly retryAfterMs?: number;
}

/** The one error class. An *expected* refusal is a returned union instead (style rule 9). */
export class EntropyError extends Error {
  override readonly name = 'EntropyError';
  readonly code: ErrorCode;
  readonly fix: string;
  readonly why: string | undefined;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;

  constructor(details: ErrorDetails) {
    super(details.message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = details.code;
    this.fix = details.fix;
    this.why = details.why;
    this.retryable = details.retryable ?? false;
    this.retryAfterMs = details.retryAfterMs;
  }
}

/** Any thrown thing as one line of text, its causes included, without a stack. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : ` (because: ${describeError(error.cause)})`;
  return `${error.message}${cause}`;
}
