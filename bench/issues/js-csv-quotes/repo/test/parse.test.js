import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse, toObjects } from '../src/index.js';

test('cells and records', () => {
  assert.deepEqual(parse('a,b\nc,d\n'), [['a', 'b'], ['c', 'd']]);
});

test('a comma in quotes belongs to the cell', () => {
  assert.deepEqual(parse('1,"Bern, Switzerland",x'), [['1', 'Bern, Switzerland', 'x']]);
});

test('empty cells stay', () => {
  assert.deepEqual(parse(',,\n'), [['', '', '']]);
});

test('names make objects', () => {
  assert.deepEqual(toObjects(parse('id,city\n1,Bern\n')), [{ id: '1', city: 'Bern' }]);
});
