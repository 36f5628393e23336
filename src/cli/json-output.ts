import { EntropyError } from '../domain/error.ts';
import { nearestWord } from '../domain/nearest-word.ts';

export const jsonOption = ['--json [fields]', 'print one JSON object; with =a,b only these fields'] as const;

/** Refuses unknown fields before the work starts, not after it. E100 names the nearest known one. */
export function checkFields(fields: string | undefined, known: readonly string[]): void {
  for (const field of wantedFields(fields)) {
    if (known.includes(field)) continue;
    const near = nearestWord(field, known);
    throw new EntropyError({
      code: 'E100',
      message: `there is no field "${field}"${near === undefined ? '' : `; did you mean "${near}"?`}`,
      fix: `choose from: ${known.join(', ')}`,
    });
  }
}

/** The object as one line, or only the fields that were asked for, in the object's own order. */
export function jsonText(value: object, fields: string): string {
  const wanted = wantedFields(fields);
  const chosen = Object.entries(value).filter(([key]) => wanted.length === 0 || wanted.includes(key));
  return `${JSON.stringify(Object.fromEntries(chosen))}\n`;
}

/** Empty: all of them. */
function wantedFields(fields: string | undefined): string[] {
  if (fields === undefined || fields === '*') return [];
  return fields
    .split(',')
    .map((field) => field.trim())
    .filter((field) => field !== '');
}
