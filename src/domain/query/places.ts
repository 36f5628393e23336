import { type Reader, refuse } from './reader.ts';
import type { Query, TermQuery } from './syntax.ts';

/** `sort:` is about the whole query, `in:` about the words beside it: neither can be one of several cases or excluded. */
export function checkPlaces(reader: Reader, query: Query): void {
  check(query, 'top');

  function check(part: Query, place: 'top' | 'beside' | 'case'): void {
    switch (part.kind) {
      case 'and':
        for (const inner of part.parts) check(inner, place === 'top' && inner.kind !== 'and' ? 'top' : 'beside');
        return;
      case 'or':
        for (const inner of part.parts) check(inner, 'case');
        return;
      case 'not':
        check(part.part, 'case');
        return;
      case 'term':
        if (part.field === 'sort' && place !== 'top')
          misplaced(part, 'write it once, outside of OR, NOT and parentheses');
        if (part.field === 'in' && place === 'case') misplaced(part, 'write it beside the words: (crash in:title)');
        return;
      case 'text':
      case 'all':
        return;
      default:
        part satisfies never;
    }
  }

  function misplaced(term: TermQuery, expected: string): void {
    const span = reader.spans.get(term) ?? { start: 0, end: 1 };
    refuse(reader, span, { message: `${term.field}: cannot stand here`, expected });
  }
}
