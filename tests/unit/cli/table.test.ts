import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { around, parseDuration, readDuration, readMoment, shortDuration } from '../../../src/cli/moments.ts';
import { createPaint } from '../../../src/cli/paint.ts';
import { tableText } from '../../../src/cli/table.ts';
import { displayWidth } from '../../../src/cli/terminal-text.ts';

const paint = createPaint('never', false);

describe('a table', () => {
  const columns = [
    { title: 'key', of: ([key = '']: readonly string[]) => key, grows: true as const },
    { title: 'n', of: ([, n = '']: readonly string[]) => n, align: 'right' as const },
    { title: 'by', of: ([, , by = '']: readonly string[]) => by, max: 6 },
  ];

  it('has its titles, its columns under each other, and cuts what is too long', () => {
    const rows = [
      ['octo/slug#1', '7', 'coder/01JD'],
      ['a', '1,000', 'x'],
    ];
    expect(tableText(rows, columns, { width: 80, paint })).toBe(
      ['key              n  by', 'octo/slug#1      7  coder…', 'a            1,000  x', ''].join('\n'),
    );
  });

  it('never gets wider than the terminal, whatever is in it, and shows no escape sequences', () => {
    const cell = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.constant('\u001b[31mred\u001b]0;x\u0007'));
    const rows = fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(rows, fc.integer({ min: 40, max: 120 }), (given, width) => {
        const text = tableText(given, columns, { width, paint });
        expect(text).not.toContain('\u001b');
        const lines = text.trimEnd().split('\n');
        expect(lines).toHaveLength(given.length + 1);
        for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(width);
      }),
    );
  });
});

describe('times on the command line', () => {
  it.each([
    ['90s', 90_000],
    ['1h30m', 5_400_000],
    ['2d', 172_800_000],
    ['', undefined],
    ['30', undefined],
    ['30m1h', undefined],
    ['-5m', undefined],
  ])('%j is %j', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it('are refused with an example when they are out of range', () => {
    expect(() => readDuration('--for', '0s', { min: 1_000, max: 60_000 })).toThrow(
      /--for 0s is not a time from 1s to 1m/,
    );
  });

  it('are moments, so long ago or as a date', () => {
    expect(readMoment('--since', '2h', 10_000_000)).toBe(2_800_000);
    expect(readMoment('--since', '2026-11-21T08:00Z', 0)).toBe(Date.UTC(2026, 10, 21, 8));
    expect(() => readMoment('--since', 'yesterday', 0)).toThrow(/not a moment/);
  });

  it('are told in the largest unit that says enough', () => {
    expect([500, 45_000, 60_000, 720_000, 7_200_000, 172_800_000].map(shortDuration)).toEqual([
      '1s',
      '45s',
      '1m',
      '12m',
      '2h',
      '2d',
    ]);
    expect([around(1_000, 61_000), around(61_000, 1_000), around(5, 5)]).toEqual(['1m ago', 'in 1m', 'now']);
  });
});
