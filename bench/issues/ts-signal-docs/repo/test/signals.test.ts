import assert from 'node:assert/strict';
import { test } from 'node:test';
import { batch, computed, effect, signal } from '../src/index.ts';

test('effects run when what they read has changed', () => {
  const count = signal(1);
  const seen: number[] = [];
  const stop = effect(() => seen.push(count.get()));
  count.set(2);
  stop();
  count.set(3);
  assert.deepEqual(seen, [1, 2]);
});

test('computed values follow', () => {
  const a = signal(2);
  const double = computed(() => a.get() * 2);
  a.set(5);
  assert.equal(double.get(), 10);
});

test('a batch is one change', () => {
  const a = signal(1);
  const seen: number[] = [];
  effect(() => seen.push(a.get()));
  batch(() => {
    a.set(2);
    a.set(3);
  });
  assert.deepEqual(seen, [1, 3]);
});
