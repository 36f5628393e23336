import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromAttributes, toAttributes } from '../../../../src/adapters/dynamodb/attribute-values.ts';

describe('attribute values', () => {
  it('come back as they went, whatever a record holds', () => {
    const leaf = fc.oneof(fc.string(), fc.maxSafeInteger(), fc.boolean());
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof({ maxDepth: 3 }, leaf, fc.array(tie('tree'), { maxLength: 3 }), fc.dictionary(names, tie('tree'))),
    }));
    fc.assert(
      fc.property(fc.dictionary(names, tree), (item) => {
        expect(fromAttributes(toAttributes(item))).toEqual(item);
      }),
    );
  });

  it('leave out what is undefined, and refuse what JSON has and a table has not', () => {
    expect(toAttributes({ a: 1, b: undefined, c: { d: undefined } })).toEqual({ a: { N: '1' }, c: { M: {} } });
    expect(() => toAttributes({ a: null })).toThrow('null cannot be stored');
  });
});

const names = fc.string({ minLength: 1, maxLength: 4, unit: fc.constantFrom('a', 'b', 'c', '_') });
