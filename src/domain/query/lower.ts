import { allOf, always, anyOf, type Condition, type TextPlace } from './condition.ts';
import type { QueryContext } from './context.ts';
import { lowerTerm } from './lower-term.ts';
import type { Query } from './syntax.ts';
import { wordsOf } from './words.ts';

const everywhere: readonly TextPlace[] = ['title', 'body'];

/** Of a query that tasks can answer. */
export function lowerQuery(query: Query, context: QueryContext): Condition {
  return lower(query, everywhere);

  function lower(part: Query, places: readonly TextPlace[]): Condition {
    switch (part.kind) {
      case 'all':
        return always;
      case 'text':
        return { kind: 'words', places, words: wordsOf(part.text) };
      case 'not':
        return { kind: 'not', part: lower(part.part, places) };
      case 'or':
        return anyOf(part.parts.map((inner) => lower(inner, places)));
      case 'and': {
        const inner = placesOf(part.parts) ?? places;
        return allOf(part.parts.map((each) => lower(each, inner)));
      }
      case 'term':
        return lowerTerm(part, context);
      default:
        return part satisfies never;
    }
  }
}

/** Where the words of a conjunction are looked for, when it says so itself. */
function placesOf(parts: readonly Query[]): readonly TextPlace[] | undefined {
  const named = parts.flatMap((part) => (part.kind === 'term' && part.field === 'in' ? part.values : []));
  if (named.length === 0) return undefined;
  return everywhere.filter((place) => named.some((value) => value.kind === 'literal' && value.text === place));
}
