import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '../src/index.js';

test('a line break in quotes', () => assert.deepEqual(parse('1,"a\nb",2\n3,4,5\n'), [['1', 'a\nb', '2'], ['3', '4', '5']]));
test('a Windows line break in quotes is kept as it is', () => assert.deepEqual(parse('"a\r\nb",c\r\nd,e\r\n'), [['a\r\nb', 'c'], ['d', 'e']]));
test('doubled quotes', () => assert.deepEqual(parse('"a ""good"" one",x\n""""\n'), [['a "good" one', 'x'], ['"']]));
test('empty in quotes', () => assert.deepEqual(parse('"",""\n'), [['', '']]));
test('all of it at once', () => assert.deepEqual(parse('"x,\n""y"",",z'), [['x,\n"y",', 'z']]));
test('a quote inside a plain cell is a character', () => assert.deepEqual(parse('5" pipe,2\n'), [['5" pipe', '2']]));
test('an open quote is told with its line', () => {
  assert.throws(() => parse('a,b\nc,"d\ne,f\n'), (error) => error instanceof Error && /\b2\b/.test(error.message));
});
test('no text, no records; an empty line is a record with an empty cell', () => {
  assert.deepEqual(parse(''), []);
  assert.deepEqual(parse('a\n\nb\n'), [['a'], [''], ['b']]);
});
