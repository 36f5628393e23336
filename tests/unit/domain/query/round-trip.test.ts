import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseQuery } from '../../../../src/domain/query/parser.ts';
import { printQuery } from '../../../../src/domain/query/printer.ts';
import { hammerParser } from '../../../bench/parser-fuzz.ts';
import { generatedQuery } from '../../../fakes/generated-queries.ts';
import { drawFrom } from '../../../fakes/seeded-numbers.ts';

describe('printing and reading', () => {
  test('gives back any query in its normal form', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const query = generatedQuery(drawFrom(seed), 'any', 4);
        const read = parseQuery(printQuery(query));
        expect(isDeepStrictEqual(read, { kind: 'ok', query }), printQuery(query)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test('any text is read or refused, and what is read is read again as printed', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(0xffff), { maxLength: 60 }), (units) => {
        const text = String.fromCharCode(...units);
        const parsed = parseQuery(text);
        if (parsed.kind === 'error') return;
        expect(isDeepStrictEqual(parseQuery(printQuery(parsed.query)), parsed), text).toBe(true);
      }),
      { numRuns: 200 },
    );
    expect(hammerParser(2_000, 3).failures).toEqual([]);
  });
});
