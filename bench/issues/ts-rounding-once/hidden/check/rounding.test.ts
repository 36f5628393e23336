import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { discountOn } from '../src/discount.ts';
import { totalOf } from '../src/invoice.ts';
import { roundCents } from '../src/rounding.ts';
import { taxOn } from '../src/tax.ts';

const source = (name: string) => readFileSync(new URL(`../src/${name}.ts`, import.meta.url), 'utf8');

test('roundCents rounds half to even', () => {
  const given = [0, 0.5, 1.5, 2.5, 2.49, 2.51, -0.5, -1.5, -2.5, -2.51, 7];
  assert.deepEqual(given.map((value) => roundCents(value) + 0), [0, 0, 2, 2, 2, 3, 0, -2, -2, -3, 7]);
});
test('tax as before', () => assert.deepEqual([50, 70, -50, -70, 33].map((cents) => taxOn(cents, 5) + 0), [2, 4, -2, -4, 2]));
test('discounts as before', () => {
  assert.deepEqual([50, 70, -50, 31].map((cents) => discountOn(cents, { percent: 5 }) + 0), [2, 4, -2, 2]);
  assert.equal(discountOn(1_000, { percent: 50, most: 20 }), 20);
});
test('totals as before', () => {
  const lines = [{ text: 'a', quantity: 0.5, price: 5 }, { text: 'b', quantity: 1.5, price: 5 }];
  assert.equal(totalOf({ lines, taxRate: 0 }), 10);
});
test('all three use it', () => {
  for (const name of ['tax', 'discount', 'invoice']) {
    assert.match(source(name), /import\s*\{[^}]*\broundCents\b[^}]*\}\s*from\s*'\.\/rounding\.ts'/, name);
    assert.match(source(name).replace(/import[^;]*;/g, ''), /\broundCents\(/, name);
  }
});
test('no copy is left', () => {
  for (const name of ['tax', 'discount', 'invoice']) {
    assert.doesNotMatch(source(name), /Math\.(?:floor|round|trunc|ceil)|% 2|\bround(?:Tax|Discount)\b|bankersRound/, name);
  }
});
