import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EntropyError } from '../../../src/domain/error.ts';
import { endOfFault, faultNote, parseFaultNote } from '../../../src/domain/fault-note.ts';

const alive = new AbortController().signal;

describe('a note of what a process was ended by', () => {
  it('comes back as it was written', () => {
    const error = new EntropyError({ code: 'E301', message: 'there is no key', fix: 'set it' });
    const note = faultNote(error, alive);
    expect(parseFaultNote(JSON.stringify(note))).toEqual({ code: 'E301', message: 'there is no key', fix: 'set it' });
    expect(endOfFault(note)).toMatchObject({ kind: 'failed', reason: 'E301: there is no key' });
  });

  it('tells a cancel as a stop, whatever was thrown on the way out', () => {
    const cancelled = AbortSignal.abort(new Error('the workflow run was cancelled'));
    const note = faultNote(new EntropyError({ code: 'E205', message: 'socket hang up', fix: '' }), cancelled);
    expect(endOfFault(note)).toEqual({ kind: 'stopped', reason: 'the workflow run was cancelled.' });
  });

  it('calls an error without a code a fault of ours', () => {
    expect(faultNote(new TypeError('x is undefined'), alive)).toMatchObject({
      code: 'E900',
      message: 'x is undefined',
    });
  });

  it('is nothing when it is torn, of another shape or with a code that nobody knows', () => {
    for (const text of ['', '{"code":"E301","mess', '[]', 'null', '{"code":"E301"}']) {
      expect(parseFaultNote(text)).toBeUndefined();
    }
    expect(parseFaultNote('{"code":"toString","message":"","fix":""}')).toBeUndefined();
    fc.assert(fc.property(fc.string(), (text) => parseFaultNote(text) === undefined));
    fc.assert(
      fc.property(fc.record({ code: fc.string(), message: fc.string(), fix: fc.string() }), (value) => {
        return parseFaultNote(JSON.stringify(value)) === undefined;
      }),
    );
  });

  it('keeps a comment readable when its texts are endless', () => {
    const endless = JSON.stringify({ code: 'E900', message: 'x'.repeat(1e6), fix: 'y'.repeat(1e6) });
    const note = parseFaultNote(endless);
    expect((note?.message.length ?? 0) + (note?.fix.length ?? 0)).toBeLessThan(10_000);
  });
});
