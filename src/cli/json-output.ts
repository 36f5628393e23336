import { EntropyError } from '../domain/error.ts';
import { nearestWord } from '../domain/nearest-word.ts';

/** `--json` and `--json=a,b`; a bare word after `--json` is never swallowed, so it can stand anywhere. */
export function normaliseJsonFlag(argv: readonly string[]): string[] {
  const end = argv.indexOf('--');
  return argv.map((argument, index) => (argument === '--json' && (end === -1 || index < end) ? '--json=*' : argument));
}

/** Whether errors must be objects too; asked before anything is parsed. */
export function wantsJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  const own = end === -1 ? argv : argv.slice(0, end);
  return own.some((argument) => argument === '--json' || argument.startsWith('--json='));
}

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
