import { EntropyError } from '../../domain/error.ts';

/** Reads a column that holds JSON; what the parser does not take is a damaged record, not a missing one. */
export function storedJson<T>(value: unknown, parse: (json: unknown) => T | undefined): T {
  const read = typeof value === 'string' ? parse(JSON.parse(value)) : undefined;
  if (read !== undefined) return read;
  throw new EntropyError({
    code: 'E710',
    message: `a stored record cannot be read: ${String(value).slice(0, 200)}`,
    fix: 'something else wrote to the file of the state; put a good backup in its place: entropy-playground state restore FILE',
  });
}
