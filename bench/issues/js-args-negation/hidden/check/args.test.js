import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse, UsageError } from '../src/index.js';

const declared = { out: { type: 'text' }, color: { type: 'boolean' } };

test('a boolean is negated', () => {
  assert.deepEqual(parse(['--no-color'], declared).options, { color: false });
  assert.deepEqual(parse(['--color', '--no-color'], declared).options, { color: false });
});
test('a text is not', () => assert.throws(() => parse(['--no-out'], declared), UsageError));
test('an option of that very name wins', () => {
  const both = { cache: { type: 'boolean' }, 'no-cache': { type: 'boolean' } };
  assert.deepEqual(parse(['--no-cache'], both).options, { 'no-cache': true });
});
test('values behind an equals sign', () => {
  assert.deepEqual(parse(['--out=a=b', 'x'], declared), { options: { out: 'a=b' }, operands: ['x'] });
  assert.deepEqual(parse(['--out=--color'], declared).options, { out: '--color' });
  assert.deepEqual(parse(['--out='], declared).options, { out: '' });
});
test('a boolean takes no value', () => {
  assert.throws(() => parse(['--color=yes'], declared), UsageError);
  assert.throws(() => parse(['--no-color=yes'], declared), UsageError);
});
test('operands behind two dashes', () => {
  assert.deepEqual(parse(['a', '--', '--color', '-x', '--'], declared), { options: {}, operands: ['a', '--color', '-x', '--'] });
});
test('defaults', () => {
  const with1 = { out: { type: 'text', default: 'dist' }, color: { type: 'boolean', default: true } };
  assert.deepEqual(parse([], with1).options, { out: 'dist', color: true });
  assert.deepEqual(parse(['--no-color', '--out', 'x'], with1).options, { out: 'x', color: false });
  assert.deepEqual(parse([], declared).options, {});
});
test('still refused', () => {
  for (const args of [['--what'], ['--what=1'], ['--out'], ['--out', '--'], ['--toString'], ['--no-toString']]) {
    assert.throws(() => parse(args, declared), UsageError, args.join(' '));
  }
});
