import { EntropyError } from '../domain/error.ts';

/** E100: what was written on the command line cannot be meant so. `fix` says how to write it. */
export function usage(message: string, fix: string): EntropyError {
  return new EntropyError({ code: 'E100', message, fix });
}
