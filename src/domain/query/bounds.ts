import { EntropyError } from '../error.ts';
import { ageMs, type DateSpan, dateSpan } from './dates.ts';
import type { Comparison, QueryValue } from './syntax.ts';

/** Between which numbers a value asks for; both belong to it, absent is unbounded. */
export interface Bounds {
  readonly min?: number;
  readonly max?: number;
}

/** An age grows backwards: `>7d` is longer ago than seven days, `7d` not longer ago. */
const reversed = { '>': '<', '>=': '<=', '<': '>', '<=': '>=' } as const satisfies Record<Comparison, Comparison>;

/** In milliseconds since 1970. */
export function dateBounds(value: QueryValue, now: number): Bounds {
  switch (value.kind) {
    case 'any':
      return {};
    case 'literal': {
      const { from, until, age } = momentOf(value.text, now);
      return age ? { min: from } : { min: from, max: until - 1 };
    }
    case 'range': {
      const [first, last] = [momentOf(value.from, now), momentOf(value.to, now)];
      return first.age ? { min: last.from, max: first.from } : { min: first.from, max: last.until - 1 };
    }
    case 'compare': {
      const { from, until, age } = momentOf(value.text, now);
      return compared(age ? reversed[value.operator] : value.operator, { first: from, last: until - 1 });
    }
    default:
      return value satisfies never;
  }
}

export function countBounds(value: QueryValue, read: (text: string) => number): Bounds {
  switch (value.kind) {
    case 'any':
      return {};
    case 'literal':
      return { min: read(value.text), max: read(value.text) };
    case 'range':
      return { min: read(value.from), max: read(value.to) };
    case 'compare':
      return compared(value.operator, { first: read(value.text), last: read(value.text) });
    default:
      return value satisfies never;
  }
}

/** Against a value that may be as long as a day: from its first to its last millisecond. */
function compared(operator: Comparison, { first, last }: { readonly first: number; readonly last: number }): Bounds {
  switch (operator) {
    case '>':
      return { min: last + 1 };
    case '>=':
      return { min: first };
    case '<':
      return { max: first - 1 };
    case '<=':
      return { max: last };
    default:
      return operator satisfies never;
  }
}

function momentOf(text: string, now: number): DateSpan & { readonly age: boolean } {
  const age = ageMs(text);
  if (age !== undefined) return { from: now - age, until: now - age + 1, age: true };
  const span = dateSpan(text, now);
  if (span !== undefined) return { ...span, age: false };
  throw new EntropyError({
    code: 'E900',
    message: `a query holds "${text.slice(0, 64)}" where the parser lets only dates through`,
    fix: 'report it with the query',
  });
}
