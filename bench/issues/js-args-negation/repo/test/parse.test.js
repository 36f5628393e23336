import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse, UsageError } from '../src/index.js';

const declared = { out: { type: 'text' }, color: { type: 'boolean' } };

test('options and operands', () => {
  assert.deepEqual(parse(['--out', 'dist', 'a.js', '--color'], declared), {
    options: { out: 'dist', color: true },
    operands: ['a.js'],
  });
});

test('what is unknown or has no value is refused', () => {
  assert.throws(() => parse(['--what'], declared), UsageError);
  assert.throws(() => parse(['--out'], declared), UsageError);
  assert.throws(() => parse(['--out', '--color'], declared), UsageError);
});
