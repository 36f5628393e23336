import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { adjust } from '../src/adjust.js';
import { checkMovement } from '../src/check-movement.js';
import { receive } from '../src/receive.js';
import { ship } from '../src/ship.js';

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

/** The handlers as they are with another check in the place of theirs, however they get at it. */
async function handlersWith(check) {
  const folder = mkdtempSync(join(tmpdir(), 'stock-'));
  cpSync(new URL('../package.json', import.meta.url), join(folder, 'package.json'));
  cpSync(new URL('../src', import.meta.url), join(folder, 'src'), { recursive: true });
  renameSync(join(folder, 'src/check-movement.js'), join(folder, 'src/their-check.js'));
  writeFileSync(join(folder, 'src/check-movement.js'), `export * from './their-check.js';\nexport function checkMovement() { ${check} }\n`);
  const load = (name) => import(pathToFileURL(join(folder, `src/${name}.js`)).href);
  return [(await load('receive')).receive, (await load('ship')).ship, (await load('adjust')).adjust];
}

test('all three call it', async () => {
  for (const move of await handlersWith("throw new Error('asked');")) assert.throws(() => move(stock, good), { message: 'asked' }, move.name);
});
test('no check of their own is left', async () => {
  for (const move of await handlersWith('')) {
    for (const wrong of [{ sku: 'q', quantity: 0 }, { sku: 'AB-1234', quantity: 0 }, { sku: 'AB-1234', quantity: 0.5 }, { sku: 'AB-1234', quantity: -1 }]) {
      assert.ok(move(stock, wrong) instanceof Map, move.name);
    }
  }
});
