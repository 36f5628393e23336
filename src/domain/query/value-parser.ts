import { nearestWord } from '../nearest-word.ts';
import { ageMs } from './dates.ts';
import type { QuerySpan } from './error.ts';
import type { QueryField } from './field.ts';
import { canonicalValue, isOrdered, valueShapes } from './field-values.ts';
import { peek, type Reader, refuse, take, takeQuoted, withinLimit } from './reader.ts';
import type { Comparison, QueryValue } from './syntax.ts';

const bareValue = /[^\s(),"]+/y;
const comparison = /^([<>]=?)(.*)$/s;

interface RawValue extends QuerySpan {
  readonly text: string;
  readonly quoted: boolean;
}

/** One value behind `field:` or a comma. */
export function parseValue(reader: Reader, field: QueryField): { value: QueryValue; span: QuerySpan } | undefined {
  const raw = takeRaw(reader, field);
  if (raw === undefined) return undefined;
  const value = interpret(reader, field, raw);
  return value === undefined ? undefined : { value, span: raw };
}

function takeRaw(reader: Reader, field: QueryField): RawValue | undefined {
  const start = reader.at;
  const quoted = peek(reader) === '"';
  const text = quoted ? takeQuoted(reader) : withinLimit(reader, start, take(reader, bareValue)?.[0] ?? '');
  if (text === undefined) return undefined;
  const raw = { text, quoted, start, end: Math.max(reader.at, start + 1) };
  if (text === '') {
    return refuse(reader, raw, { message: `${field.name}: has no value`, expected: expectedOf(field) });
  }
  const next = peek(reader);
  if (next === '"' || next === '(') {
    const span = { start: reader.at, end: reader.at + 1 };
    const message = `${next === '"' ? 'a quote' : 'a parenthesis'} in the middle of a value`;
    return refuse(reader, span, { message, expected: `put the whole value in quotes: ${field.name}:"…"` });
  }
  return raw;
}

function interpret(reader: Reader, field: QueryField, raw: RawValue): QueryValue | undefined {
  const { text, quoted } = raw;
  const ordered = isOrdered(field.takes);
  // A quote tells a word from an operator; a number or a date is one with quotes or without.
  const plain = quoted && (!ordered || field.takes === 'free');
  if (plain) return literal(reader, field, raw);
  if (text === '*') return anyValue(reader, field, raw);

  const [, operator, operand] = comparison.exec(text) ?? [];
  if (operator !== undefined && operand !== undefined) {
    if (!ordered) return notOrdered(reader, field, raw);
    return compared(reader, field, { raw, operator: operator as Comparison, operand });
  }
  const dots = text.indexOf('..');
  if (dots === -1) return literal(reader, field, raw);
  if (ordered) return ranged(reader, field, { raw, from: text.slice(0, dots), to: text.slice(dots + 2) });
  return field.takes === 'word' ? notOrdered(reader, field, raw) : literal(reader, field, raw);
}

function literal(reader: Reader, field: QueryField, raw: RawValue): QueryValue | undefined {
  const text = canonicalValue(field, raw.text);
  return text === undefined ? notAValue(reader, field, raw, raw.text) : { kind: 'literal', text };
}

function anyValue(reader: Reader, field: QueryField, raw: RawValue): QueryValue | undefined {
  if (field.any) return { kind: 'any' };
  const message = `${field.name}: takes no "*"`;
  return refuse(reader, raw, { message, expected: expectedOf(field) });
}

function compared(
  reader: Reader,
  field: QueryField,
  { raw, operator, operand }: { raw: RawValue; operator: Comparison; operand: string },
): QueryValue | undefined {
  const text = operand === '*' ? undefined : canonicalValue(field, operand);
  return text === undefined ? notAValue(reader, field, raw, operand) : { kind: 'compare', operator, text };
}

function ranged(
  reader: Reader,
  field: QueryField,
  { raw, from, to }: { raw: RawValue; from: string; to: string },
): QueryValue | undefined {
  if (from === '*' && to === '*') return anyValue(reader, field, raw);
  if (from === '*') return compared(reader, field, { raw, operator: '<=', operand: to });
  if (to === '*') return compared(reader, field, { raw, operator: '>=', operand: from });
  const [first, last] = [canonicalValue(field, from), canonicalValue(field, to)];
  if (first === undefined) return notAValue(reader, field, raw, from);
  if (last === undefined) return notAValue(reader, field, raw, to);
  if (field.takes === 'date' && (ageMs(first) === undefined) !== (ageMs(last) === undefined)) {
    const message = `a range from ${first} to ${last}`;
    return refuse(reader, raw, { message, expected: 'two dates (2026-11-01..2026-11-21) or two ages (1d..7d)' });
  }
  return { kind: 'range', from: first, to: last };
}

function notOrdered(reader: Reader, field: QueryField, raw: RawValue): undefined {
  return refuse(reader, raw, {
    message: `${field.name}: cannot be compared`,
    expected: field.takes === 'word' ? `if it is called so, put it in quotes: ${field.name}:"…"` : expectedOf(field),
  });
}

function notAValue(reader: Reader, field: QueryField, span: QuerySpan, text: string): undefined {
  const words = [...Object.keys(field.choices ?? {}), ...Object.keys(field.spellings ?? {})];
  const nearest = nearestWord(text, words);
  return refuse(reader, span, {
    message: text === '' ? `${field.name}: lacks a value` : `${field.name}: has no value "${text.slice(0, 64)}"`,
    expected: expectedOf(field),
    suggestion: nearest === undefined ? undefined : `${field.name}:${nearest}`,
  });
}

function expectedOf(field: QueryField): string {
  const { choices } = field;
  if (choices === undefined) return `expected ${valueShapes[field.takes]}, for example ${field.example}`;
  return `expected one of ${Object.keys(choices).join(', ')}`;
}
