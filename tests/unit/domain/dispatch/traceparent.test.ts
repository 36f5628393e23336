import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deliveryTraceparent, parseTraceparent, traceparentText } from '../../../../src/domain/dispatch/traceparent.ts';

const example = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

describe('a trace', () => {
  test('begins with a delivery, the same one for every attempt at it', () => {
    const digest = createHash('sha256').update('72d3162e-cc78-11e3-81ab-4c9367dc0958').digest('hex');
    const traceparent = deliveryTraceparent(digest);
    expect(traceparent).toBe(deliveryTraceparent(digest));
    expect(parseTraceparent(traceparent)).toEqual({
      traceId: digest.slice(0, 32),
      spanId: digest.slice(32, 48),
      sampled: true,
    });
  });

  test.each([
    ['', undefined],
    ['00-00000000000000000000000000000000-00f067aa0ba902b7-01', undefined],
    ['00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01', undefined],
    ['ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', undefined],
    [`${example}-extra`, undefined],
    [example.toUpperCase(), undefined],
    ['cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00-what-the-future-is', false],
    [example, true],
  ])('reads %s', (text, sampled) => {
    expect(parseTraceparent(text)?.sampled).toBe(sampled);
  });

  test('is read as it was written, and never from anything else', () => {
    const hex = (length: number) =>
      fc
        .array(fc.constantFrom(...'0123456789abcdef'), { minLength: length, maxLength: length })
        .map((all) => all.join(''));
    fc.assert(
      fc.property(hex(32), hex(16), fc.boolean(), fc.string(), (traceId, spanId, sampled, noise) => {
        const zero = /^0+$/.test(traceId) || /^0+$/.test(spanId);
        const context = { traceId, spanId, sampled };
        expect(parseTraceparent(traceparentText(context))).toEqual(zero ? undefined : context);
        expect(parseTraceparent(noise)).toBeUndefined();
      }),
    );
  });
});
