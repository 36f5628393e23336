import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wilsonInterval } from '../../../../src/domain/evaluation/wilson.ts';

/** The first four are in Newcombe 1998, "Two-sided confidence intervals for the single proportion", table I, method 3. */
const known = [
  { x: 81, n: 263, low: 0.2553, high: 0.3662 },
  { x: 15, n: 148, low: 0.0624, high: 0.1605 },
  { x: 0, n: 20, low: 0, high: 0.1611 },
  { x: 1, n: 29, low: 0.0061, high: 0.1718 },
  { x: 10, n: 10, low: 0.7225, high: 1 },
  { x: 1, n: 1, low: 0.2065, high: 1 },
] as const;

describe("Wilson's interval", () => {
  it.each(known)('of $x of $n is the published one', ({ x, n, low, high }) => {
    const interval = wilsonInterval(x, n);
    expect(interval?.low).toBeCloseTo(low, 4);
    expect(interval?.high).toBeCloseTo(high, 4);
  });

  it('is not there without a trial', () => {
    expect(wilsonInterval(0, 0)).toBeUndefined();
  });

  it('holds the share, stays within 0 and 1, and mirrors', () => {
    const counts = fc
      .integer({ min: 1, max: 5_000 })
      .chain((n) => fc.tuple(fc.integer({ min: 0, max: n }), fc.constant(n)));
    fc.assert(
      fc.property(counts, ([x, n]) => {
        const { low, high } = wilsonInterval(x, n) ?? { low: 1, high: 0 };
        const mirrored = wilsonInterval(n - x, n);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(x / n);
        expect(high).toBeGreaterThanOrEqual(x / n);
        expect(mirrored?.low).toBeCloseTo(1 - high, 9);
      }),
    );
  });

  it('gets narrower with more trials', () => {
    const width = (n: number): number => {
      const { low, high } = wilsonInterval(n / 2, n) ?? { low: 0, high: 0 };
      return high - low;
    };
    expect(width(1_000)).toBeLessThan(width(100));
    expect(width(100)).toBeLessThan(width(10));
  });
});
