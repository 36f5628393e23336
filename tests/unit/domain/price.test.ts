import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anthropicPrices, costOf, findPrice, priceOf, withPrices } from '../../../src/domain/price.ts';

const usage = (inputTokens: number, outputTokens: number, cacheWriteTokens = 0, cacheReadTokens = 0) => ({
  inputTokens,
  outputTokens,
  cacheReadTokens,
  cacheWriteTokens,
});

test('a million tokens of each kind cost what the price list says', () => {
  const price = priceOf(anthropicPrices, 'claude-opus-5-5');
  expect(costOf(price, usage(1_000_000, 0))).toBe(4_000_000);
  expect(costOf(price, usage(0, 1_000_000))).toBe(20_000_000);
  expect(costOf(price, usage(0, 0, 1_000_000))).toBe(5_000_000);
  expect(costOf(price, usage(0, 0, 0, 1_000_000))).toBe(200_000);
});

test('every rate of the built-in table is a whole number above zero', () => {
  for (const [model, price] of Object.entries(anthropicPrices)) {
    for (const rates of [price, price.longPrompt ?? price]) {
      for (const value of [rates.input, rates.output, rates.cacheWrite, rates.cacheRead]) {
        expect(Number.isSafeInteger(value) && value > 0, model).toBe(true);
      }
    }
  }
});

test('a snapshot name is priced as its model, an unknown name is refused with the setting to write', () => {
  expect(priceOf(anthropicPrices, 'claude-haiku-4-5-20251001')).toBe(anthropicPrices['claude-haiku-4-5']);
  expect(() => priceOf(anthropicPrices, 'gpt-6')).toThrow(
    expect.objectContaining({ code: 'E101', fix: expect.stringContaining('gpt-6: { input:') }),
  );
});

test('names of Object.prototype are not models', () => {
  expect(findPrice(anthropicPrices, 'constructor')).toBeUndefined();
  expect(findPrice(anthropicPrices, '__proto__')).toBeUndefined();
});

test('a prompt over the threshold is charged at the long rates, output included', () => {
  const price = priceOf(anthropicPrices, 'claude-haiku-5-5');
  expect(costOf(price, usage(100_000, 1_000_000))).toBe(10_000 + 500_000);
  expect(costOf(price, usage(50_000, 1_000_000, 0, 50_001))).toBe(25_000 + 2_500_000 + 2_501);
});

test('a caller adds or replaces prices, and broken ones are refused', () => {
  const mine = { input: 1, output: 2, cacheWrite: 3, cacheRead: 4 };
  const table = withPrices(anthropicPrices, { local: mine, 'claude-opus-5-5': mine });
  expect(priceOf(table, 'local')).toBe(mine);
  expect(priceOf(table, 'claude-opus-5-5')).toBe(mine);
  for (const wrong of [
    { ...mine, input: 0.5 },
    { ...mine, output: -1 },
    { ...mine, cacheRead: Number.NaN },
  ]) {
    expect(() => withPrices(anthropicPrices, { local: wrong })).toThrow(expect.objectContaining({ code: 'E101' }));
  }
});

test('cost is whole, never negative, and grows with every kind of token', () => {
  const tokens = fc.integer({ min: 0, max: 2_000_000 });
  const anyPrice = fc.constantFrom(...Object.values(anthropicPrices));
  fc.assert(
    fc.property(anyPrice, tokens, tokens, tokens, tokens, (price, input, output, write, read) => {
      const cost = costOf(price, usage(input, output, write, read));
      expect(Number.isSafeInteger(cost)).toBe(true);
      expect(costOf(price, usage(input + 1000, output, write, read))).toBeGreaterThanOrEqual(cost);
      expect(costOf(price, usage(input, output + 1000, write, read))).toBeGreaterThan(cost);
      expect(cost === 0).toBe(input + output + write + read === 0);
    }),
  );
});
