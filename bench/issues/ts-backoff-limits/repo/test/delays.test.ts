import assert from 'node:assert/strict';
import { test } from 'node:test';
import { delays } from '../src/index.ts';

test('each wait is longer by the factor', () => {
  assert.deepEqual(delays(4, { firstMs: 500, factor: 2 }), [500, 1000, 2000, 4000]);
});

test('a factor of one waits the same each time', () => {
  assert.deepEqual(delays(3, { firstMs: 20, factor: 1 }), [20, 20, 20]);
});

test('options that make no sense are refused', () => {
  assert.throws(() => delays(1, { firstMs: 0, factor: 2 }), RangeError);
  assert.throws(() => delays(1, { firstMs: 10, factor: 0.5 }), RangeError);
});
