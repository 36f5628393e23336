import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editDistance, nearestWord } from '../../../src/domain/nearest-word.ts';

describe('the nearest known word', () => {
  it.each([
    ['modle', 'model'],
    ['max-turn', 'max-turns'],
    ['fx', 'fix'],
    ['MODEL', 'model'],
    ['zzzzzz', undefined],
    ['', undefined],
  ])('to %j is %j', (typed, expected) => {
    expect(nearestWord(typed, ['model', 'max-turns', 'fix', 'draft'])).toBe(expected);
  });

  it('is measured by a distance that is 0 for the same word and the same both ways', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
        expect(editDistance(a, a)).toBe(0);
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
    );
  });
});
