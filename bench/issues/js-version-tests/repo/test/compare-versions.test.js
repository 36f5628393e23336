import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareVersions } from '../src/compare-versions.js';

test('a version is equal to itself', () => {
  assert.equal(compareVersions('1.0.0', '1.0.0'), 0);
});
