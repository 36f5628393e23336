import { type QueryError, type QueryProblem, type QuerySpan, queryError } from './error.ts';
import { queryLimits } from './limits.ts';
import type { Query } from './syntax.ts';

/** Where the parser stands in the text. The first problem ends the reading. */
export interface Reader {
  readonly text: string;
  at: number;
  depth: number;
  conditions: number;
  error: QueryError | undefined;
  /** Where terms and texts stood. */
  readonly spans: Map<Query, QuerySpan>;
}

export type Keyword = 'AND' | 'OR' | 'NOT';

const space = /\s+/y;
const keyword = /(AND|OR|NOT)(?=[\s()"]|$)/y;

export function createReader(text: string): Reader {
  return { text, at: 0, depth: 0, conditions: 0, error: undefined, spans: new Map() };
}

/** What matches exactly where the reader stands; it moves behind it. The pattern is sticky. */
export function take(reader: Reader, pattern: RegExp): RegExpExecArray | undefined {
  pattern.lastIndex = reader.at;
  const match = pattern.exec(reader.text);
  if (match === null) return undefined;
  reader.at = pattern.lastIndex;
  return match;
}

export function skipSpace(reader: Reader): void {
  take(reader, space);
}

export function peek(reader: Reader): string {
  return reader.text.charAt(reader.at);
}

export function peekKeyword(reader: Reader): Keyword | undefined {
  const first = reader.text.charAt(reader.at);
  if (first !== 'A' && first !== 'O' && first !== 'N') return undefined;
  keyword.lastIndex = reader.at;
  switch (keyword.exec(reader.text)?.[1]) {
    case 'AND':
      return 'AND';
    case 'OR':
      return 'OR';
    case 'NOT':
      return 'NOT';
    default:
      return undefined;
  }
}

export function takeKeyword(reader: Reader, wanted: Keyword): boolean {
  if (peekKeyword(reader) !== wanted) return false;
  reader.at += wanted.length;
  return true;
}

export function refuse(reader: Reader, span: QuerySpan, problem: QueryProblem): undefined {
  reader.error ??= queryError(reader.text, span, problem);
  return undefined;
}

/** Counts a value or a text; undefined when there are too many. */
export function countCondition(reader: Reader, span: QuerySpan): true | undefined {
  reader.conditions += 1;
  if (reader.conditions <= queryLimits.conditions) return true;
  return refuse(reader, span, {
    message: `more than ${queryLimits.conditions.toLocaleString('en-US')} conditions`,
    expected: 'ask with fewer values and words',
  });
}

const quoteOrEscape = /["\\]/g;

/** The text between quotes: `\"` is a quote, `\\` a backslash, any other backslash itself. */
export function takeQuoted(reader: Reader): string | undefined {
  const start = reader.at;
  const { text } = reader;
  const pieces: string[] = [];
  let from = start + 1;
  quoteOrEscape.lastIndex = from;
  for (let match = quoteOrEscape.exec(text); match !== null; match = quoteOrEscape.exec(text)) {
    const { index } = match;
    if (text.charAt(index) === '"') {
      pieces.push(text.slice(from, index));
      reader.at = index + 1;
      return withinLimit(reader, start, pieces.join(''));
    }
    const next = text.charAt(index + 1);
    if (next === '"' || next === '\\') {
      pieces.push(text.slice(from, index));
      from = index + 1;
      quoteOrEscape.lastIndex = index + 2;
    }
  }
  return refuse(
    reader,
    { start, end: start + 1 },
    { message: 'a quote is opened and never closed', expected: 'close it with " (a quote inside is written \\")' },
  );
}

export function withinLimit(reader: Reader, start: number, literal: string): string | undefined {
  if (literal.length <= queryLimits.literal) return literal;
  return refuse(
    reader,
    { start, end: reader.at },
    {
      message: `a value of ${literal.length.toLocaleString('en-US')} characters`,
      expected: `at most ${queryLimits.literal.toLocaleString('en-US')} characters`,
    },
  );
}
