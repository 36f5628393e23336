import type { QueryError } from './error.ts';
import { queryError } from './error.ts';
import { queryLimits } from './limits.ts';
import { conjunction, disjunction, isOwnershipTerm, joinOwnership, negation } from './normal-form.ts';
import { checkPlaces } from './places.ts';
import { createReader, peek, peekKeyword, type Reader, refuse, skipSpace, takeKeyword } from './reader.ts';
import { everything, type Query } from './syntax.ts';
import { parseTermOrText } from './term-parser.ts';

export type ParsedQuery =
  | { readonly kind: 'ok'; readonly query: Query }
  | { readonly kind: 'error'; readonly error: QueryError };

/**
 * Reads a query: GitHub's grammar and ours. Time and memory are linear in the text, nesting is bounded.
 * Whether it can be answered is another question: `refusalOf` in `answerable.ts`.
 */
export function parseQuery(text: string): ParsedQuery {
  const reader = readQuery(text);
  return reader.kind === 'ok' ? { kind: 'ok', query: reader.query } : reader;
}

/** As `parseQuery`, and tells where each term and text stood. */
export function readQuery(
  text: string,
):
  | { readonly kind: 'ok'; readonly query: Query; readonly reader: Reader }
  | { readonly kind: 'error'; readonly error: QueryError } {
  if (text.length > queryLimits.length) {
    const message = `a query of ${text.length.toLocaleString('en-US')} characters`;
    const expected = `at most ${queryLimits.length.toLocaleString('en-US')} characters`;
    return { kind: 'error', error: queryError(text.slice(0, 100), { start: 0, end: 1 }, { message, expected }) };
  }
  // Halves of characters cannot be stored and therefore not be found.
  const reader = createReader(text.toWellFormed());
  skipSpace(reader);
  const query = reader.at === reader.text.length ? everything : parseOr(reader);
  if (query !== undefined && peek(reader) === ')') {
    refuse(reader, here(reader), { message: 'a ")" that closes nothing', expected: 'remove it, or open one before' });
  }
  if (query !== undefined) checkPlaces(reader, query);
  if (query === undefined || reader.error !== undefined) {
    return { kind: 'error', error: reader.error ?? unreadable(reader) };
  }
  return { kind: 'ok', query, reader };
}

function parseOr(reader: Reader): Query | undefined {
  const parts: Query[] = [];
  do {
    const part = parseAnd(reader);
    if (part === undefined) return undefined;
    parts.push(part);
  } while (takeKeyword(reader, 'OR'));
  return disjunction(parts);
}

function parseAnd(reader: Reader): Query | undefined {
  const parts: Query[] = [];
  /** Repositories and owners with nothing but spaces around them. */
  const loose = new Set<Query>();
  for (let afterAnd = false; ; ) {
    skipSpace(reader);
    const closes = reader.at === reader.text.length || peek(reader) === ')' || peekKeyword(reader) === 'OR';
    if (closes && (afterAnd || parts.length === 0)) return lacksCondition(reader, afterAnd ? 'behind AND' : 'here');
    if (closes) return conjunction(joinOwnership(parts, loose));
    if (peekKeyword(reader) === 'AND') {
      if (afterAnd || parts.length === 0) return lacksCondition(reader, 'before AND');
      takeKeyword(reader, 'AND');
      const last = parts.at(-1);
      if (last !== undefined) loose.delete(last);
      afterAnd = true;
      continue;
    }
    const grouped = peek(reader) === '(';
    const part = parseNot(reader);
    if (part === undefined) return undefined;
    parts.push(part);
    if (!afterAnd && !grouped && isOwnershipTerm(part)) loose.add(part);
    afterAnd = false;
  }
}

function parseNot(reader: Reader): Query | undefined {
  let negated = false;
  for (;;) {
    const minus = peek(reader) === '-';
    const start = reader.at;
    if (minus) reader.at += 1;
    else if (!takeKeyword(reader, 'NOT')) break;
    else skipSpace(reader);
    const next = peek(reader);
    if (next.trim() === '' || next === ')' || (minus && peekKeyword(reader) !== undefined)) {
      const message = minus ? '"-" excludes nothing' : 'NOT excludes nothing';
      const expected = 'write what it excludes directly behind it: -label:bug; a dash as text in quotes: "-"';
      return refuse(reader, { start, end: reader.at }, { message, expected });
    }
    negated = !negated;
  }
  const keyword = peekKeyword(reader);
  if (keyword !== undefined) return lacksCondition(reader, `before ${keyword}`);
  const part = peek(reader) === '(' ? parseGroup(reader) : parseTermOrText(reader);
  return part !== undefined && negated ? negation(part) : part;
}

function parseGroup(reader: Reader): Query | undefined {
  const start = reader.at;
  if (reader.depth === queryLimits.depth) {
    const message = `more than ${queryLimits.depth} parentheses inside of each other`;
    return refuse(reader, here(reader), { message, expected: 'ask in a flatter way' });
  }
  reader.at += 1;
  reader.depth += 1;
  const query = parseOr(reader);
  reader.depth -= 1;
  if (query === undefined) return undefined;
  if (peek(reader) !== ')') {
    const message = 'a "(" that is never closed';
    return refuse(
      reader,
      { start, end: start + 1 },
      { message, expected: 'close it with ")"; as text in quotes: "("' },
    );
  }
  reader.at += 1;
  return query;
}

function lacksCondition(reader: Reader, where: string): undefined {
  const message = `a condition is missing ${where}`;
  return refuse(reader, here(reader), {
    message,
    expected: 'expected a word, field:value, or something in parentheses; AND, OR and NOT as text in quotes',
  });
}

function here(reader: Reader): { readonly start: number; readonly end: number } {
  return { start: reader.at, end: reader.at + 1 };
}

/** Nothing leads here: whoever gives up has said why. */
function unreadable(reader: Reader): QueryError {
  return queryError(reader.text, here(reader), { message: 'cannot be read', expected: 'expected a condition' });
}
