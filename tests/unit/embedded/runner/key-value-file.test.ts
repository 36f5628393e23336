import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseKeyValueFile } from '../../../../src/embedded/runner/io/key-value-file.ts';
import { anyText } from '../../../fakes/any-text.ts';

const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_-]{0,20}$/);
const line = anyText({ maxLength: 40 }).map((text) => text.replaceAll('\n', ''));

describe('a command file', () => {
  test('gives back every pair that was written as a block, whatever the values hold', () => {
    const value = fc.array(line, { maxLength: 6 }).map((lines) => lines.join('\n'));
    fc.assert(
      fc.property(fc.array(fc.tuple(name, value), { maxLength: 8 }), (pairs) => {
        // As @actions/core writes it: a delimiter that no value holds.
        const delimiter = 'ghadelimiter_2f6b0d2e';
        const text = pairs.map(([key, content]) => `${key}<<${delimiter}\n${content}\n${delimiter}\n`).join('');
        expect(parseKeyValueFile(text)).toEqual({ kind: 'pairs', pairs });
      }),
    );
  });

  test('gives back every pair that was written in one line', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(name, line), { maxLength: 8 }), (pairs) => {
        const text = pairs.map(([key, content]) => `${key}=${content}\n`).join('');
        expect(parseKeyValueFile(text)).toEqual({ kind: 'pairs', pairs });
      }),
    );
  });

  test('never lets a value without its delimiter add a pair of its own', () => {
    const hostile = fc.array(fc.constantFrom('OUT=1', 'OUT<<X', 'X', '=', '<<', '', 'delim', ' delim', 'delim '), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(hostile, (lines) => {
        const content = lines.filter((text) => text !== 'delim').join('\n');
        expect(parseKeyValueFile(`a<<delim\n${content}\ndelim\n`)).toEqual({ kind: 'pairs', pairs: [['a', content]] });
      }),
    );
  });

  test('takes any text without a fault of ours', () => {
    const text = fc
      .array(fc.constantFrom('a', '=', '<<', '\n', '\r\n', 'EOF', ' '), { maxLength: 40 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, (content) => {
        const result = parseKeyValueFile(content);
        expect(['pairs', 'invalid']).toContain(result.kind);
      }),
    );
  });

  test.each([
    [
      'a=1\n\nb=2',
      [
        ['a', '1'],
        ['b', '2'],
      ],
    ],
    ['a=x<<y\n', [['a', 'x<<y']]],
    ['a<<b=c\n1\nb=c\n', [['a', '1']]],
    ['a<<E\nE\n', [['a', '']]],
    ['a<<E\n1\nE', [['a', '1']]],
    ['a=1\r\n', [['a', '1\r']]],
    ['=x\n', [['', 'x']]],
    ['a =b', [['a ', 'b']]],
  ])('reads %j as GitHub does', (text, pairs) => {
    expect(parseKeyValueFile(text)).toEqual({ kind: 'pairs', pairs });
  });

  test.each([
    ['a<<E\n1\n', "Matching delimiter not found 'E'"],
    ['a<<E\n1', 'EOF marker missing new line'],
    ['<<E\n1\nE\n', 'Name must not be empty'],
    ['a<<\n1\n\n', 'delimiter must not be empty'],
    ['just words\n', "Invalid format 'just words'"],
  ])('refuses %j, keeping the pairs before it', (text, reason) => {
    expect(parseKeyValueFile(`before=1\n${text}`)).toEqual({
      kind: 'invalid',
      pairs: [['before', '1']],
      reason: expect.stringContaining(reason),
    });
  });
});
