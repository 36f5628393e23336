import { EntropyError } from '../domain/error.ts';

/** For what a store does not keep: says so, and what does. Fits every method that gives a promise. */
export function notKept(what: string, where: string): () => Promise<never> {
  return async () => {
    throw notKeptError(what, where);
  };
}

/** The same for methods that give one thing after the other. */
export function notKeptList(what: string, where: string): () => AsyncIterable<never> {
  return () => ({
    [Symbol.asyncIterator]: () => ({
      next: async () => {
        throw notKeptError(what, where);
      },
    }),
  });
}

export function notKeptError(what: string, where: string): EntropyError {
  return new EntropyError({
    code: 'E725',
    message: `${where} keeps no ${what}`,
    fix: 'ask a store that does: --coordinator URL, or the local store with --state FILE (entropy-playground serve keeps one for many)',
  });
}
