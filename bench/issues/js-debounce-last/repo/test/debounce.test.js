import assert from 'node:assert/strict';
import { test } from 'node:test';
import { debounce } from '../src/index.js';
import { steadyTimers } from './steady-timers.js';

test('it is done once, when it is quiet', () => {
  const timers = steadyTimers();
  let calls = 0;
  const save = debounce(() => { calls += 1; }, 100, timers);
  save();
  timers.advance(60);
  save();
  timers.advance(60);
  assert.equal(calls, 0);
  timers.advance(40);
  assert.equal(calls, 1);
});

test('the text that was typed last is saved', () => {
  const timers = steadyTimers();
  const saved = [];
  const save = debounce((text) => saved.push(text), 100, timers);
  save('h');
  save('he');
  timers.advance(100);
  assert.deepEqual(saved, ['he']);
});
