import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as api from '../src/index.ts';

const base = { firstMs: 100, factor: 2 };

test('capped', () => assert.deepEqual(api.delays(5, { ...base, maxDelayMs: 300 }), [100, 200, 300, 300, 300]));
test('uncapped as before', () => assert.deepEqual(api.delays(5, base), [100, 200, 400, 800, 1600]));
test('jitter goes from half to all', () => {
  assert.deepEqual(api.delays(2, { ...base, jitter: () => 0 }), [50, 100]);
  assert.deepEqual(api.delays(2, { ...base, jitter: () => 0.999 }), [100, 200]);
  assert.deepEqual(api.delays(1, { firstMs: 101, factor: 2, jitter: () => 0.5 }), [76]);
});
test('jitter is drawn anew for each wait', () => {
  let drawn = 0;
  api.delays(3, { ...base, jitter: () => { drawn += 1; return 0; } });
  assert.equal(drawn, 3);
});
test('the cap comes first', () => {
  assert.deepEqual(api.delays(3, { ...base, maxDelayMs: 200, jitter: () => 0.9999 }), [100, 200, 200]);
});
test('waitFor is the delay of that attempt', () => {
  assert.deepEqual([0, 1, 2].map((n) => api.waitFor(n, base)), [100, 200, 400]);
  assert.equal(api.waitFor(9, { ...base, maxDelayMs: 1000 }), 1000);
});
test('Retry-After is obeyed, above the cap too', () => {
  assert.equal(api.waitFor(0, { ...base, maxDelayMs: 300 }, '7'), 7000);
  assert.equal(api.waitFor(5, base, '1'), 3200);
  for (const odd of [undefined, '', 'soon', 'Wed, 21 Oct 2026 07:28:00 GMT']) assert.equal(api.waitFor(0, base, odd), 100);
});
test('a cap that is none is refused', () => {
  for (const maxDelayMs of [0, -5]) {
    assert.throws(() => api.delays(1, { ...base, maxDelayMs }), RangeError);
    assert.throws(() => api.waitFor(0, { ...base, maxDelayMs }), RangeError);
  }
});
