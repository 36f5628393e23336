import { EntropyError } from '../error.ts';

/** Where something stands in a text, in UTF-16 units; `end` is the first unit behind it. */
export interface QuerySpan {
  readonly start: number;
  readonly end: number;
}

export interface QueryError {
  readonly message: string;
  /** Counted in characters from 1. */
  readonly column: number;
  /** What may stand there, or what to do instead. */
  readonly expected: string;
  /** What was probably meant: `label:bug`. */
  readonly suggestion?: string;
  /** The part of the query around the column, without control characters, and the mark below it. */
  readonly line: string;
  readonly caret: string;
}

export interface QueryProblem {
  readonly message: string;
  readonly expected: string;
  readonly suggestion?: string | undefined;
}

const shownBefore = 40;
const shownAfter = 32;

export function queryError(text: string, { start, end }: QuerySpan, problem: QueryProblem): QueryError {
  const before = Array.from(text.slice(0, start));
  const marked = Array.from(text.slice(start, end));
  const after = Array.from(text.slice(end, end + 2 * shownAfter)).slice(0, shownAfter);
  const lead = before.length > shownBefore ? ['…', ...before.slice(-shownBefore)] : before;
  const shown = marked.slice(0, shownBefore);
  const cut = shown.length < marked.length || end + after.join('').length < text.length ? ['…'] : [];
  const visible = [...lead, ...shown, ...(shown.length < marked.length ? [] : after), ...cut];
  const { message, expected, suggestion } = problem;
  return {
    message,
    column: before.length + 1,
    expected,
    ...(suggestion === undefined ? {} : { suggestion }),
    line: visible.map((character) => (/[\p{C}\p{Z}]/u.test(character) ? ' ' : character)).join(''),
    caret: `${' '.repeat(lead.length)}${'^'.repeat(Math.max(1, shown.length))}`,
  };
}

/** Four lines for a terminal or a log. */
export function queryErrorText({ message, column, expected, suggestion, line, caret }: QueryError): string {
  const meant = suggestion === undefined ? '' : `; did you mean ${suggestion}?`;
  return `${message} at column ${column}\n  ${line}\n  ${caret}\n${expected}${meant}`;
}

/** What to do, in one sentence: `write label:, or a field that is known, or text with a colon in quotes`. */
export function queryFix({ expected, suggestion }: Pick<QueryError, 'expected' | 'suggestion'>): string {
  const wanted = expected.replace(/^expected /, '');
  if (suggestion !== undefined) return `write ${suggestion}, or ${wanted}`;
  return wanted === expected ? expected : `write ${wanted}`;
}

/** For who cannot pass a refusal on. */
export function queryFault(error: QueryError): EntropyError {
  const { message, column, line, caret } = error;
  return new EntropyError({
    code: 'E106',
    message: `the query was not understood: ${message} at column ${column}`,
    why: `${line}\n${caret}`,
    fix: queryFix(error),
  });
}
