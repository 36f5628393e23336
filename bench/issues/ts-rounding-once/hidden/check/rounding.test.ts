import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
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

/** A module as it is with another rounding in the place of theirs, however it gets at it: a thousand times as much. */
async function withOtherRounding(name: string) {
  const folder = mkdtempSync(join(tmpdir(), 'rounding-'));
  cpSync(new URL('../package.json', import.meta.url), join(folder, 'package.json'));
  cpSync(new URL('../src', import.meta.url), join(folder, 'src'), { recursive: true });
  renameSync(join(folder, 'src/rounding.ts'), join(folder, 'src/their-rounding.ts'));
  const other = "export * from './their-rounding.ts';\nexport function roundCents(amount: number): number { return amount * 1000; }\n";
  writeFileSync(join(folder, 'src/rounding.ts'), other);
  return import(pathToFileURL(join(folder, `src/${name}.ts`)).href);
}

test('all three use it', async () => {
  const [tax, discount, invoice] = await Promise.all(['tax', 'discount', 'invoice'].map(withOtherRounding));
  assert.equal(tax.taxOn(50, 5), 2_500);
  assert.equal(discount.discountOn(50, { percent: 5 }), 2_500);
  assert.equal(invoice.totalOf({ lines: [{ text: 'a', quantity: 1, price: 7 }], taxRate: 0 }), 7_000);
});
test('no copy is left', () => {
  for (const name of ['tax', 'discount', 'invoice']) {
    assert.doesNotMatch(source(name), /Math\.(?:floor|round|trunc|ceil)|% 2/, name);
  }
});
