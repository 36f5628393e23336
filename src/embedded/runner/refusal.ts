import { EntropyError } from '../../domain/error.ts';

/** What this runner does not do is refused by name, before a job starts wherever that can be known. */
export function refusal(message: string, fix: string, cause?: unknown): EntropyError {
  return new EntropyError({ code: 'E800', message, fix, cause });
}

/**
 * What a workflow's author got wrong and only the run can show (an expression, a matrix, an input's type): it fails
 * the step or the job with its message, as on GitHub, and never leaves this room.
 */
export class AuthorError extends Error {
  override readonly name = 'AuthorError';
}
