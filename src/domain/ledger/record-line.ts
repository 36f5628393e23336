import { canonicalJson } from '../canonical-json.ts';
import { type LedgerRecord, mostRecordBytes, recordShape } from './ledger-record.ts';
import { utf8 } from './sha256.ts';

export type ReadLine =
  | { readonly kind: 'record'; readonly record: LedgerRecord }
  | { readonly kind: 'wrong'; readonly what: string };

/**
 * A record as its bytes are hashed: JSON as RFC 8785 has it. With whole numbers and well-formed texts only, that is what
 * `JSON.stringify` writes of members in the order of their names. Throws a RangeError for a record that is none.
 */
export function recordLine(record: LedgerRecord): string {
  const line = canonicalJson(record);
  const read = readRecordLine(line);
  if (read.kind === 'wrong') throw new RangeError(`this is no record of a ledger: ${read.what}`);
  return line;
}

/** A line, without its newline. Any other spelling of the same values is wrong: it would be another line to the chain. */
export function readRecordLine(line: string): ReadLine {
  const value = parsed(line);
  if (value === undefined) return { kind: 'wrong', what: 'it is no JSON' };
  const wrong = recordShape.wrong(value, '');
  if (wrong !== undefined) return { kind: 'wrong', what: `${wrong.field || 'it'} is not ${wrong.wanted}` };
  const unusual = unusualIn(value);
  if (unusual !== undefined) return { kind: 'wrong', what: `it holds ${unusual}` };
  if (JSON.stringify(value) !== line) return { kind: 'wrong', what: 'it is not in canonical form' };
  // Letters are fewer than bytes, and most lines are far below the limit.
  if (line.length * 3 > mostRecordBytes && utf8(line).length > mostRecordBytes) {
    return { kind: 'wrong', what: `it has ${utf8(line).length} bytes, more than ${mostRecordBytes}` };
  }
  return { kind: 'record', record: value as LedgerRecord };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** What RFC 8785 would write otherwise, or what has no place here. */
function unusualIn(value: unknown): string | undefined {
  if (typeof value === 'string') return value.isWellFormed() ? undefined : 'half a letter (a lone surrogate)';
  if (typeof value === 'number') return Number.isSafeInteger(value) ? undefined : `${value}, which is no whole number`;
  if (typeof value !== 'object' || value === null) return `${value}, which is neither text nor number`;
  let before = '';
  for (const name in value) {
    if (!Array.isArray(value)) {
      // JavaScript puts such names first, wherever they were written.
      if (/^\d+$/.test(name)) return `a member named ${name}`;
      if (name < before) return `the member ${name} behind ${before}`;
      before = name;
    }
    const unusual = unusualIn((value as Readonly<Record<string, unknown>>)[name]);
    if (unusual !== undefined) return unusual;
  }
  return undefined;
}
