import { nearestWord } from '../nearest-word.ts';
import { ownFieldPrefix, queryField, queryFields } from './fields.ts';
import { queryLimits } from './limits.ts';
import { countCondition, peek, type Reader, refuse, take, takeQuoted, withinLimit } from './reader.ts';
import type { Query, QueryValue } from './syntax.ts';
import { parseValue } from './value-parser.ts';
import { wordsOf } from './words.ts';

const fieldName = /([A-Za-z][A-Za-z-]*):/y;
const ownField = /field\.(?=["A-Za-z0-9_])/iy;
const ownFieldName = /[^\s():",]+/y;
const bareText = /[^\s()"]+/y;

/** `field:value,value`, a word, or a phrase in quotes. */
export function parseTermOrText(reader: Reader): Query | undefined {
  const start = reader.at;
  const name = take(reader, fieldName)?.[1];
  if (name !== undefined) return parseTerm(reader, start, name);
  if (take(reader, ownField) !== undefined) {
    const own = peek(reader) === '"' ? takeQuoted(reader) : take(reader, ownFieldName)?.[0];
    if (reader.error !== undefined) return undefined;
    const isField = own !== undefined && own.trim() !== '' && peek(reader) === ':';
    if (isField) {
      reader.at += 1;
      return parseTerm(reader, start, `${ownFieldPrefix}${own}`);
    }
    reader.at = start;
  }
  return parseText(reader);
}

function parseTerm(reader: Reader, start: number, name: string): Query | undefined {
  const field = queryField(name.toLowerCase());
  if (field === undefined) return unknownField(reader, start, name);
  const values: QueryValue[] = [];
  do {
    if (values.length > 0) reader.at += 1;
    const parsed = parseValue(reader, field);
    if (parsed === undefined || countCondition(reader, parsed.span) === undefined) return undefined;
    values.push(parsed.value);
  } while (peek(reader) === ',');
  const term: Query = { kind: 'term', field: name.toLowerCase(), values };
  reader.spans.set(term, { start, end: reader.at });
  return term;
}

function unknownField(reader: Reader, start: number, name: string): undefined {
  const nearest = nearestWord(
    name,
    queryFields.map((field) => field.name),
  );
  return refuse(
    reader,
    { start, end: start + name.length + 1 },
    {
      message: `there is no field "${name.slice(0, 64)}:"`,
      expected: 'expected a field that is known, or text with a colon in quotes',
      suggestion: nearest === undefined ? undefined : `${nearest}:`,
    },
  );
}

function parseText(reader: Reader): Query | undefined {
  const start = reader.at;
  const quoted = peek(reader) === '"';
  const text = quoted ? takeQuoted(reader) : withinLimit(reader, start, take(reader, bareText)?.[0] ?? '');
  if (text === undefined) return undefined;
  const span = { start, end: Math.max(reader.at, start + 1) };
  const words = wordsOf(text).length;
  if (words === 0) {
    const message = 'text without a letter or a digit';
    return refuse(reader, span, { message, expected: 'expected words: text is found by its words' });
  }
  if (words > queryLimits.words) {
    const message = `a phrase of ${words} words`;
    return refuse(reader, span, { message, expected: `at most ${queryLimits.words} words in one phrase` });
  }
  if (countCondition(reader, span) === undefined) return undefined;
  const node: Query = { kind: 'text', text };
  reader.spans.set(node, span);
  return node;
}
