import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readEnd } from '../../../../src/adapters/github/body-end.ts';

async function* inPieces(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

describe('the end of an answer', () => {
  test('is its last bytes, in whatever pieces it comes, without half a character in front', async () => {
    const words = fc.string({ unit: fc.constantFrom('a', '\n', 'ü', '–', '🦊'), maxLength: 200 });
    const size = fc.integer({ min: 1, max: 90 });
    await fc.assert(
      fc.asyncProperty(words, size, size, async (text, piece, last) => {
        const end = await readEnd(inPieces(text, piece), last);
        expect(text.endsWith(end)).toBe(true);
        const bytes = Buffer.byteLength(end);
        expect(bytes).toBeLessThanOrEqual(last);
        expect(bytes).toBeGreaterThan(Math.min(last, Buffer.byteLength(text)) - 4);
        expect(await readEnd(text, last)).toBe(end);
      }),
    );
  });

  test('of a very long one is kept and the rest is not', async () => {
    const end = await readEnd(inPieces(`${'x'.repeat(3_000_000)}the end`, 64_000), 7);
    expect(end).toBe('the end');
  });

  test('of nothing is nothing', async () => {
    expect(await readEnd(undefined, 10)).toBe('');
    expect(await readEnd(inPieces('', 1), 10)).toBe('');
  });
});
