import { isObject } from './json-shape.ts';
import { sameRepository } from './repository.ts';
import { readShape, type Shape } from './shape.ts';

/** Whose record is looked for: `octo/slug`, 42. */
export interface RecordPlace {
  readonly repository: string;
  readonly issue: number;
}

/** What lies there as the record of that very issue; undefined when it is anything else. Whoever may push can write there. */
export function readIssueRecord<Value extends RecordPlace>(
  written: string,
  place: RecordPlace,
  { shape, maxBytes }: { readonly shape: Shape<Value>; readonly maxBytes: number },
): Value | undefined {
  // Every character takes a byte at least.
  if (written.length > maxBytes) return undefined;
  const read = readShape(shape, readJson(written));
  if (read.kind === 'wrong') return undefined;
  const { value: record } = read;
  return record.issue === place.issue && sameRepository(record.repository, place.repository) ? record : undefined;
}

function readJson(written: string): unknown {
  try {
    const value: unknown = JSON.parse(written);
    return isObject(value) ? value : undefined;
  } catch {
    // Not JSON is one more way not to be a record of ours.
    return undefined;
  }
}
