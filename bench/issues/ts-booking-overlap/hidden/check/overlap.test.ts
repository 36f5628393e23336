import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Desk } from '../src/desk.ts';

const at = (start: number, end: number, room = 'Aare') => ({ room, start, end, by: 'x' });
const answers = (...bookings: ReturnType<typeof at>[]) => {
  const desk = new Desk();
  return bookings.map((booking) => desk.book(booking).kind);
};

test('one after the other', () => {
  assert.deepEqual(answers(at(540, 600), at(600, 660)), ['booked', 'booked']);
  assert.deepEqual(answers(at(600, 660), at(540, 600)), ['booked', 'booked']);
});
test('inside another one', () => assert.deepEqual(answers(at(540, 720), at(600, 630)), ['booked', 'conflict']));
test('around another one', () => assert.deepEqual(answers(at(600, 630), at(540, 720)), ['booked', 'conflict']));
test('over either end', () => {
  assert.deepEqual(answers(at(540, 600), at(599, 660)), ['booked', 'conflict']);
  assert.deepEqual(answers(at(540, 600), at(500, 541)), ['booked', 'conflict']);
});
test('the same times', () => assert.deepEqual(answers(at(540, 600), at(540, 600)), ['booked', 'conflict']));
test('other rooms', () => assert.deepEqual(answers(at(540, 600), at(540, 600, 'Rhein')), ['booked', 'booked']));
test('a cancelled booking is in nobody’s way, and the times may be taken again', () => {
  const desk = new Desk();
  desk.book(at(540, 600));
  assert.equal(desk.cancel('Aare', 540), true);
  assert.equal(desk.book(at(550, 590)).kind, 'booked');
  assert.deepEqual(desk.ofRoom('Aare').map(({ start }) => start), [550]);
});
