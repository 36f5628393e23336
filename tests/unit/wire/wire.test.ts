import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { activityEvent } from '../../../src/wire/activity.ts';
import { pathOf } from '../../../src/wire/endpoint.ts';
import { endpoints } from '../../../src/wire/endpoints/all.ts';
import { mirrorDependencies } from '../../../src/wire/endpoints/tasks.ts';
import { lenient } from '../../../src/wire/lenient.ts';
import { queryString, readQueryString } from '../../../src/wire/query-string.ts';
import { claimKey } from '../../../src/wire/text.ts';
import { wireValue } from '../../fakes/wire-arbitrary.ts';

describe('a query string', () => {
  const withQuery = endpoints.flatMap(({ query }) => (query === undefined ? [] : [query]));

  test('is read as what was written, for every endpoint', () => {
    for (const schema of withQuery) {
      fc.assert(
        fc.property(wireValue(schema), (value) => {
          const query = value as Readonly<Record<string, unknown>>;
          const read = schema.safeParse(readQueryString(schema, new URLSearchParams(queryString(query).slice(1))));
          // An empty list is not written, and an absent one is the same.
          const expected = Object.entries(query).filter(([, part]) => !(Array.isArray(part) && part.length === 0));
          const actual = Object.entries(read.data ?? {}).filter(
            ([, part]) => !(Array.isArray(part) && part.length === 0),
          );
          expect(Object.fromEntries(actual)).toEqual(Object.fromEntries(expected));
        }),
        { numRuns: 20 },
      );
    }
  });
});

describe('a key', () => {
  test.each([
    ['github/octo/slug/issues/42', true],
    ['github/octo/.github/issues/1', true],
    ['locks/deploy', true],
    ['', false],
    ['..', false],
    ['a/../b', false],
    ['a/./b', false],
    ['a//b', false],
    ['/a', false],
    ['a/', false],
    ['A', false],
    ['a b', false],
    ['a\n', false],
    ['x'.repeat(301), false],
  ])('%j is one: %s', (key, expected) => {
    expect(claimKey.safeParse(key).success).toBe(expected);
  });

  test('stands in a path as one segment', () => {
    const params = { key: 'github/octo/slug/issues/1', source: 'text' };
    expect(pathOf(mirrorDependencies, params)).toBe('/v1/tasks/github%2Focto%2Fslug%2Fissues%2F1/dependencies/text');
    expect(() => pathOf(mirrorDependencies, { key: 'a' })).toThrow('source');
  });
});

describe('a lenient reader', () => {
  test('takes every event as it is, and drops what a newer coordinator adds', () => {
    fc.assert(
      fc.property(wireValue(activityEvent), (event) => {
        expect(lenient(activityEvent).parse(event)).toEqual(event);
        const more = JSON.parse(
          JSON.stringify(event, (_, value) => (isPlain(value) ? { ...value, zNewer: 1 } : value)),
        );
        const read = JSON.stringify(lenient(activityEvent).parse(more));
        // What agents write to each other is theirs.
        if (!JSON.stringify(event).includes('"body":{')) expect(read).not.toContain('zNewer');
      }),
      { numRuns: 60 },
    );
  });
});

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
