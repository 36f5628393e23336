import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adjust } from '../src/adjust.js';
import { receive } from '../src/receive.js';
import { ship } from '../src/ship.js';

const stock = new Map([['AB-1234', 5]]);

test('movements change a copy', () => {
  assert.equal(receive(stock, { sku: 'AB-1234', quantity: 2 }).get('AB-1234'), 7);
  assert.equal(ship(stock, { sku: 'AB-1234', quantity: 2 }).get('AB-1234'), 3);
  assert.equal(adjust(stock, { sku: 'AB-1234', quantity: -4 }).get('AB-1234'), 1);
  assert.equal(stock.get('AB-1234'), 5);
});

test('what is wrong is refused', () => {
  for (const move of [receive, ship, adjust]) {
    assert.throws(() => move(stock, { sku: 'ab-1', quantity: 1 }), RangeError);
    assert.throws(() => move(stock, { sku: 'AB-1234', quantity: 1.5 }), RangeError);
    assert.throws(() => move(stock, { sku: 'AB-1234', quantity: 0 }), RangeError);
  }
});
