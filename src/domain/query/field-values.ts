import { canonicalAge, canonicalDate } from './dates.ts';
import type { QueryField, ValueKind } from './field.ts';

/** What one value of a field looks like, for errors. */
export const valueShapes: Readonly<Record<ValueKind, string>> = {
  choice: 'one of its values',
  word: 'a word, or several in quotes',
  person: 'a login, `@me` or `app/name`',
  repository: '`owner/name`',
  date: 'a date (2026-11-21), a time (2026-11-21T14:30Z), `@today-7d`, or an age (30m, 24h, 7d, 2w)',
  count: 'a whole number',
  money: 'US dollars (0.50)',
  reference: '`#12`, `owner/name#12` or the key of a task',
  free: 'a value',
};

/** Kinds whose values can be compared and given as ranges. */
export function isOrdered(kind: ValueKind): boolean {
  return kind === 'date' || kind === 'count' || kind === 'money' || kind === 'free';
}

/** The one way to write this value, or undefined when the field takes no such value. */
export function canonicalValue(field: QueryField, text: string): string | undefined {
  if (text === '') return undefined;
  switch (field.takes) {
    case 'choice':
      return canonicalChoice(field, text);
    case 'word':
    case 'free':
      return text;
    case 'person':
      return /[\s,]/.test(text) ? undefined : text;
    case 'repository':
      return /^[^/\s,]+\/[^/\s,]+$/.test(text) ? text : undefined;
    case 'date':
      return canonicalDate(text) ?? canonicalAge(text);
    case 'count':
      return canonicalCount(field, text);
    case 'money':
      return canonicalMoney(text);
    case 'reference':
      return canonicalReference(text);
    default:
      return field.takes satisfies never;
  }
}

function canonicalChoice({ choices = {}, spellings = {}, others }: QueryField, text: string): string | undefined {
  const lower = text.toLowerCase();
  const known = Object.hasOwn(spellings, lower) ? spellings[lower] : lower;
  if (known !== undefined && Object.hasOwn(choices, known)) return known;
  return others === undefined ? undefined : text;
}

function canonicalCount({ name }: QueryField, text: string): string | undefined {
  const digits = name === 'priority' ? text.replace(/^p/i, '') : text;
  return /^\d{1,15}$/.test(digits) ? String(Number(digits)) : undefined;
}

function canonicalMoney(text: string): string | undefined {
  const [, whole, decimals = ''] = /^\$?(\d{1,9})(?:\.(\d{1,6}))?$/.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const kept = decimals.replace(/0+$/, '');
  return kept === '' ? String(Number(whole)) : `${Number(whole)}.${kept}`;
}

/** Millionths of a dollar, exactly. */
export function microUsdOf(money: string): number {
  const [whole = '0', decimals = ''] = money.split('.');
  return Number(whole) * 1_000_000 + Number(decimals.padEnd(6, '0'));
}

const repository = '[a-z0-9][a-z0-9-]*/[a-z0-9._-]+';
const shortReference = new RegExp(`^(${repository})?#?(\\d{1,10})$`);
const address = new RegExp(`^https://github\\.com/(${repository})/(?:issues|pull)/(\\d{1,10})$`);
const taskKey = new RegExp(`^[a-z0-9-]+/${repository}/(?:issues|pulls)/\\d{1,10}$`);

function canonicalReference(text: string): string | undefined {
  const lower = text.toLowerCase();
  if (taskKey.test(lower)) return lower;
  const [, name = '', number] = address.exec(lower) ?? shortReference.exec(lower) ?? [];
  return number === undefined ? undefined : `${name}#${Number(number)}`;
}
