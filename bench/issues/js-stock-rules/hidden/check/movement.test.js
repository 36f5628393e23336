import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { adjust } from '../src/adjust.js';
import { checkMovement } from '../src/check-movement.js';
import { receive } from '../src/receive.js';
import { ship } from '../src/ship.js';

const source = (name) => readFileSync(new URL(`../src/${name}.js`, import.meta.url), 'utf8');
const stock = new Map([['AB-1234', 5]]);
const good = { sku: 'AB-1234', quantity: 1 };

test('checkMovement says what receive said', () => {
  assert.throws(() => checkMovement({ ...good, sku: 'x' }), { name: 'RangeError', message: '"x" is no article number; they look like AB-1234' });
  assert.throws(() => checkMovement({ ...good, quantity: '1' }), { name: 'RangeError', message: 'quantity 1 is not a whole number' });
  assert.throws(() => checkMovement({ ...good, quantity: 0 }), { name: 'RangeError', message: 'a movement of nothing' });
  assert.throws(() => checkMovement({ ...good, quantity: -1 }), { name: 'RangeError', message: 'quantity -1 is below zero' });
  checkMovement(good);
});
test('below zero only when it is allowed', () => {
  checkMovement({ ...good, quantity: -3 }, { allowNegative: true });
  assert.throws(() => checkMovement({ ...good, quantity: 0 }, { allowNegative: true }), RangeError);
});
test('all three refuse with its words', () => {
  for (const move of [receive, ship, adjust]) {
    assert.throws(() => move(stock, { ...good, sku: 'q' }), { message: /is no article number/ });
    assert.throws(() => move(stock, { ...good, quantity: Number.NaN }), { message: /is not a whole number/ });
    assert.throws(() => move(stock, { ...good, quantity: 0 }), { message: 'a movement of nothing' });
  }
  for (const move of [receive, ship]) assert.throws(() => move(stock, { ...good, quantity: -2 }), { message: /below zero/ });
});
test('the rest is as it was', () => {
  assert.throws(() => ship(stock, { ...good, quantity: 6 }), { message: 'only 5 of AB-1234 are left' });
  assert.equal(adjust(stock, { ...good, quantity: -9 }).get('AB-1234'), -4);
  assert.equal(receive(new Map(), good).get('AB-1234'), 1);
});
test('each imports and calls it', () => {
  for (const name of ['receive', 'ship', 'adjust']) {
    assert.match(source(name), /import\s*\{\s*checkMovement\s*\}\s*from\s*'\.\/check-movement\.js'/, name);
    assert.match(source(name), /^\s*checkMovement\(/m, name);
  }
});
test('no copy is left', () => {
  for (const name of ['receive', 'ship', 'adjust']) assert.doesNotMatch(source(name), /\[A-Z\]|isInteger|=== 0/, name);
});
