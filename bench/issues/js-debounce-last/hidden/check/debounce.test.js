import assert from 'node:assert/strict';
import { test } from 'node:test';
import { debounce } from '../src/index.js';

function scene() {
  const saved = [];
  const waiting = new Map();
  let ids = 0;
  const timers = { set: (callback) => { ids += 1; waiting.set(ids, callback); return ids; }, clear: (id) => waiting.delete(id) };
  const fire = () => { for (const [id, callback] of [...waiting]) if (waiting.delete(id)) callback(); };
  const save = debounce((...args) => { saved.push(args); return args.length; }, 10, timers);
  return { save, saved, fire, waiting };
}

test('the last arguments, all of them', () => {
  const { save, saved, fire } = scene();
  save('a', 1);
  save('b', 2);
  fire();
  assert.deepEqual(saved, [['b', 2]]);
});
test('each burst has its own', () => {
  const { save, saved, fire } = scene();
  save('a');
  fire();
  save('b');
  fire();
  assert.deepEqual(saved, [['a'], ['b']]);
});
test('flush does it once, and gives the result', () => {
  const { save, saved, fire } = scene();
  save('a', 'b');
  assert.equal(save.flush(), 2);
  fire();
  assert.deepEqual(saved, [['a', 'b']]);
});
test('flush without anything waiting does nothing', () => {
  const { save, saved, fire } = scene();
  assert.equal(save.flush(), undefined);
  save('a');
  fire();
  assert.equal(save.flush(), undefined);
  assert.deepEqual(saved, [['a']]);
});
test('cancel forgets, and what comes after it is done', () => {
  const { save, saved, fire } = scene();
  save('a');
  save.cancel();
  fire();
  assert.deepEqual(saved, []);
  save('b');
  fire();
  assert.deepEqual(saved, [['b']]);
});
test('pending tells the truth', () => {
  const { save, fire } = scene();
  const seen = [save.pending];
  save('a');
  seen.push(save.pending);
  fire();
  seen.push(save.pending);
  save('a');
  save.cancel();
  seen.push(save.pending);
  save('a');
  save.flush();
  seen.push(save.pending);
  assert.deepEqual(seen, [false, true, false, false, false]);
});
test('a call from within the work is a new burst', () => {
  const waiting = [];
  const saved = [];
  const timers = { set: (callback) => waiting.push(callback), clear: () => {} };
  const save = debounce((text) => { saved.push(text); if (text === 'a') save('b'); }, 10, timers);
  save('a');
  waiting.shift()();
  assert.equal(save.pending, true);
  waiting.shift()();
  assert.deepEqual(saved, ['a', 'b']);
});
