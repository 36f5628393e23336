import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LruCache } from '../src/lru-cache.ts';

test('a new cache is empty', () => {
  assert.equal(new LruCache<string, number>(3).size, 0);
});
