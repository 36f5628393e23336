import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseBytes, parseList, parseMinutes, parseUsd, parseWhole, parseYesNo } from '../../../src/domain/quantity.ts';

describe('quantities as people write them', () => {
  it.each([
    ['2', 2_000_000],
    ['2usd', 2_000_000],
    ['$2.50', 2_500_000],
    ['0.000001 USD', 1],
    ['2.', undefined],
    ['-1', undefined],
    ['1e3', undefined],
    ['2 eur', undefined],
    ['', undefined],
  ])('money: %j is %j millionths of a dollar', (text, expected) => {
    expect(parseUsd(text)).toBe(expected);
  });

  it('money: every amount of whole micro-dollars comes back exactly', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999_999 }), (micro) => {
        expect(parseUsd((micro / 1_000_000).toFixed(6))).toBe(micro);
      }),
    );
  });

  it.each([
    ['30', 30],
    ['30m', 30],
    ['30 min', 30],
    ['1h30m', 90],
    ['2 hours', 120],
    ['90s', 2],
    ['half an hour', undefined],
    ['', undefined],
    ['1.5h', undefined],
  ])('time: %j is %j minutes', (text, expected) => {
    expect(parseMinutes(text)).toBe(expected);
  });

  it.each([
    ['524288', 524_288],
    ['512 KiB', 524_288],
    ['1MiB', 1_048_576],
    ['500kB', 500_000],
    ['1 GiB', undefined],
    ['big', undefined],
  ])('size: %j is %j bytes', (text, expected) => {
    expect(parseBytes(text)).toBe(expected);
  });

  it('numbers, yes and no, lists: nothing is guessed', () => {
    expect([parseWhole('7', 1), parseWhole('0', 1), parseWhole('7.0', 1), parseWhole('0x7', 1)]).toEqual([
      7,
      undefined,
      undefined,
      undefined,
    ]);
    expect([parseYesNo('true'), parseYesNo('False'), parseYesNo('yes'), parseYesNo('1')]).toEqual([
      true,
      false,
      undefined,
      undefined,
    ]);
    expect(parseList('a, b\n# c\n\n d/** ')).toEqual(['a', 'b', 'd/**']);
  });
});
