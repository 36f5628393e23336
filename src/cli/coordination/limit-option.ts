import { EntropyError } from '../../domain/error.ts';
import { parseWhole } from '../../domain/quantity.ts';

/** `--limit`: 1 to 500 when nothing is said of the most. E100 otherwise. */
export function readLimit(text: string | undefined, absent: number, most = 500): number {
  if (text === undefined) return absent;
  const limit = parseWhole(text, 1);
  if (limit !== undefined && limit <= most) return limit;
  throw new EntropyError({
    code: 'E100',
    message: `--limit ${text} is not a number from 1 to ${most}`,
    fix: `write --limit ${absent}`,
  });
}
