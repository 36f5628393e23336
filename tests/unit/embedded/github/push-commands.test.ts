import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readPushCommands } from '../../../../src/embedded/github/git/push-commands.ts';

const line = (text: string) => `${(Buffer.byteLength(text) + 4).toString(16).padStart(4, '0')}${text}`;
const [one, two, zero] = ['1'.repeat(40), '2'.repeat(40), '0'.repeat(40)];
const head = Buffer.from(
  `${line(`${zero} ${one} refs/heads/ä\0 report-status side-band-64k`)}${line(`${one} ${two} refs/heads/b\n`)}0000PACK…`,
);

describe('what a push asks for', () => {
  test('is read from the pkt-lines before the pack', () => {
    expect(readPushCommands(head)).toEqual({
      kind: 'complete',
      commands: [
        { before: zero, after: one, ref: 'refs/heads/ä' },
        { before: one, after: two, ref: 'refs/heads/b' },
      ],
    });
  });

  test('is incomplete up to the flush, wherever the bytes are cut', () => {
    const end = head.indexOf('0000PACK') + 4;
    for (let length = 0; length < end; length++)
      expect(readPushCommands(head.subarray(0, length)).kind).toBe('incomplete');
    expect(readPushCommands(head.subarray(0, end)).kind).toBe('complete');
  });

  test('is never anything that throws', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void readPushCommands(Buffer.from(bytes))));
    expect(readPushCommands(Buffer.from('GET / HTTP')).kind).toBe('foreign');
  });
});
