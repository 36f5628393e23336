import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLimiter } from '../src/index.js';

test('tokens are taken and come back', () => {
  let time = 0;
  const limiter = createLimiter({ capacity: 2, refillPerSecond: 1, now: () => time });
  assert.deepEqual(limiter.take('a'), { ok: true, left: 1 });
  assert.deepEqual(limiter.take('a'), { ok: true, left: 0 });
  assert.deepEqual(limiter.take('a'), { ok: false, retryAfterMs: 1000 });
  time = 1000;
  assert.equal(limiter.peek('a'), 1);
});
