import fc from 'fast-check';
import { expect, test } from 'vitest';
import { looksBinary, showBytes } from '../../../src/domain/shown-bytes.ts';

test('valid UTF-8 is shown as it is, a replacement character of its own included', () => {
  const text = 'a é € 😀 \uFFFD \uFEFF';
  expect(showBytes(new TextEncoder().encode(text))).toEqual({ text, invalidBytes: 0 });
});

test('each byte that is no UTF-8 is shown by its value', () => {
  expect(showBytes(new Uint8Array([97, 0xe9, 98, 0xff, 0xc3, 0xa9]))).toEqual({
    text: 'a\\xE9b\\xFFé',
    invalidBytes: 2,
  });
  expect(showBytes(new Uint8Array([0xe2, 0x82])).text).toBe('\\xE2\\x82');
});

test('any bytes are shown, and all that are valid come through', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      const { text, invalidBytes } = showBytes(bytes);
      expect(text.isWellFormed()).toBe(true);
      expect(new TextEncoder().encode(text).length).toBe(bytes.length + 3 * invalidBytes);
    }),
  );
});

test('a NUL near the beginning makes a file binary, one far behind does not', () => {
  expect(looksBinary(new Uint8Array([1, 0]))).toBe(true);
  expect(looksBinary(new Uint8Array(9_000).fill(65).fill(0, 8_500))).toBe(false);
});
