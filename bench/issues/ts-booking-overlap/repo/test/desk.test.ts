import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Desk } from '../src/desk.ts';

const at = (start: number, end: number, room = 'Aare') => ({ room, start, end, by: 'reception' });

test('a booking is kept and listed', () => {
  const desk = new Desk();
  assert.equal(desk.book(at(540, 600)).kind, 'booked');
  assert.deepEqual(desk.ofRoom('Aare').map(({ start }) => start), [540]);
});

test('a booking that begins before another one ends is a conflict', () => {
  const desk = new Desk();
  desk.book(at(540, 600));
  assert.equal(desk.book(at(570, 660)).kind, 'conflict');
});

test('a booking that ends before it starts is refused', () => {
  assert.throws(() => new Desk().book(at(600, 540)), RangeError);
});
