import assert from 'node:assert/strict';
import { test } from 'node:test';
import { discountOn } from '../src/discount.ts';
import { totalOf } from '../src/invoice.ts';
import { taxOn } from '../src/tax.ts';

test('lines, discount and tax add up', () => {
  const lines = [{ text: 'Paper', quantity: 3, price: 499 }, { text: 'Ink', quantity: 0.5, price: 2005 }];
  assert.equal(totalOf({ lines, taxRate: 20 }), 2999);
  assert.equal(totalOf({ lines, taxRate: 20, discount: { percent: 10 } }), 2699);
});

test('half a cent goes to the even one', () => {
  assert.deepEqual([taxOn(50, 5), taxOn(70, 5)], [2, 4]);
  assert.deepEqual([discountOn(50, { percent: 5 }), discountOn(70, { percent: 5 })], [2, 4]);
});

test('a discount has a bound', () => assert.equal(discountOn(100_000, { percent: 50, most: 2_000 }), 2_000));
