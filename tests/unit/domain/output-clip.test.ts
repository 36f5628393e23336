import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clipCapture, clipText } from '../../../src/domain/output-clip.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test('a short text stays as it is', () => {
  expect(clipText('abc', 3)).toBe('abc');
});

test('of a long text the head, the tail and the amount between them are kept', () => {
  const clipped = clipText(`begin${'x'.repeat(10_000)}end`, 200);
  expect(clipped).toMatch(/^beginx+\n\[… 9,\d{3} characters left out …\]\nx+end$/);
  expect(clipped.length).toBeLessThanOrEqual(200);
});

test('of a capture whose middle is gone the amount counts all that is not shown', () => {
  const capture = { head: bytes('H'.repeat(500)), tail: bytes('Z'.repeat(500)), omittedBytes: 1_000_000 };
  const clipped = clipCapture(capture, 300);
  const leftOut = Number(/… ([\d,]+) bytes/.exec(clipped)?.[1]?.replaceAll(',', ''));
  const shown = clipped.replaceAll(/[^HZ]/g, '').length;
  expect(leftOut + shown).toBe(1_001_000);
  expect(clipped.length).toBeLessThanOrEqual(300);
});

test('characters that a cut goes through are left out, not shown as damage', () => {
  const euro = bytes('€');
  const capture = {
    head: new Uint8Array([97, ...euro.subarray(0, 2)]),
    tail: new Uint8Array([...euro.subarray(1), 98]),
    omittedBytes: 9,
  };
  expect(clipCapture(capture, 1_000)).toMatch(/^a\n\[… 13 bytes left out …\]\nb$/);
});

test('a clip is never longer than its limit, never breaks a pair, and keeps both ends', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 600 }), fc.integer({ min: 80, max: 300 }), (text, limit) => {
      const clipped = clipText(text, limit);
      expect(clipped.length).toBeLessThanOrEqual(limit);
      expect(clipped.isWellFormed()).toBe(true);
      if (text.length <= limit) expect(clipped).toBe(text);
      else expect(text.startsWith(clipped.slice(0, 10)) && text.endsWith(clipped.slice(-10))).toBe(true);
    }),
  );
});
