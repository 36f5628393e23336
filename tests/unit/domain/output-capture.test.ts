import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { captureOutput } from '../../../src/domain/output-capture.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (part: Uint8Array): string => new TextDecoder().decode(part);

describe('captured output', () => {
  it('keeps short output whole, in the head', () => {
    const capture = captureOutput(100);
    capture.push(bytes('hello '));
    capture.push(bytes('world'));
    const { head, tail, omittedBytes } = capture.finish();
    expect([text(head), text(tail), omittedBytes]).toEqual(['hello world', '', 0]);
  });

  it('keeps the first and the last half of long output', () => {
    const capture = captureOutput(6);
    for (const letter of 'abcdefghij') capture.push(bytes(letter));
    const { head, tail, omittedBytes } = capture.finish();
    expect([text(head), text(tail), omittedBytes]).toEqual(['abc', 'hij', 4]);
  });

  it('is what cutting the whole output would give, however it arrives', () => {
    const chunks = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 40 });
    fc.assert(
      fc.property(chunks, fc.integer({ min: 0, max: 120 }), (parts, limit) => {
        const capture = captureOutput(limit);
        for (const part of parts) capture.push(part);
        const whole = Buffer.concat(parts);
        const headLength = Math.min(whole.length, Math.ceil(limit / 2));
        const rest = whole.subarray(headLength);
        const tailLength = Math.min(rest.length, Math.floor(limit / 2));
        const { head, tail, omittedBytes } = capture.finish();
        expect(Buffer.from(head).equals(whole.subarray(0, headLength))).toBe(true);
        expect(Buffer.from(tail).equals(rest.subarray(rest.length - tailLength))).toBe(true);
        expect(omittedBytes).toBe(rest.length - tailLength);
      }),
      { numRuns: 500 },
    );
  });

  it('copies what it keeps, so that a reused buffer changes nothing', () => {
    const capture = captureOutput(4);
    const buffer = bytes('ab');
    capture.push(buffer);
    buffer.fill(0);
    expect(text(capture.finish().head)).toBe('ab');
  });
});
