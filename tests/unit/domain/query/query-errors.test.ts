import { describe, expect, test } from 'vitest';
import { queryErrorText, queryFault } from '../../../../src/domain/query/error.ts';
import { queryLimits } from '../../../../src/domain/query/limits.ts';
import { parseQuery } from '../../../../src/domain/query/parser.ts';

function refused(text: string) {
  const parsed = parseQuery(text);
  if (parsed.kind === 'ok') throw new Error(`read: ${text}`);
  return parsed.error;
}

describe('what cannot be read', () => {
  test('is shown where it stands, with what may stand there and what was probably meant', () => {
    expect(queryErrorText(refused('is:open lable:bug'))).toBe(
      [
        'there is no field "lable:" at column 9',
        '  is:open lable:bug',
        '          ^^^^^^',
        'expected a field that is known, or text with a colon in quotes; did you mean label:?',
      ].join('\n'),
    );
  });

  test.each([
    ['is:opne', 4, 'is:open'],
    ['state:in_progres', 7, 'state:in_progress'],
    ['asignee:@me', 1, 'assignee:'],
    ['claimedby:@me', 1, 'claimed-by:'],
    ['sort:updatd', 6, 'sort:updated'],
    ['https://example.com', 1, undefined],
  ])('%s: column %i, meant %s', (text, column, suggestion) => {
    expect(refused(text)).toMatchObject({ column, ...(suggestion && { suggestion }) });
  });

  test.each([
    ['crash OR', 9],
    ['OR crash', 1],
    ['crash AND AND slow', 11],
    ['crash AND OR slow', 11],
    ['NOT', 1],
    ['- crash', 1],
    ['-AND x', 1],
    ['()', 2],
    ['(crash', 1],
    ['crash)', 6],
    ['label:', 7],
    ['label:bug,', 11],
    ['label:bug, wip', 11],
    ['label:a"b"', 8],
    ['label:a(b)', 8],
    ['"crash', 1],
    ['label:""', 7],
    ['label:>5', 7],
    ['comments:many', 10],
    ['comments:1..x', 10],
    ['created:2026-02-30', 9],
    ['created:1d..2026-01-01', 9],
    ['is:*', 4],
    ['repo:slug', 6],
    ['!!', 1],
    ['crash OR in:title', 10],
    ['-in:title crash', 2],
    ['crash OR sort:created', 10],
    ['-(a sort:created)', 5],
  ])('%s is refused at column %i', (text, column) => {
    expect(refused(text)).toMatchObject({ column });
  });

  test('columns count characters, not halves of them', () => {
    expect(refused('😀x lable:bug').column).toBe(4);
  });

  test('a long query is shown around the column, in one line and without control characters', () => {
    const error = refused(`${'word '.repeat(100)}\u001b[31m\n lable:bug ${'more '.repeat(100)}`);
    expect(error.line).toMatch(/^…[^\p{Cc}]* lable:bug more [^\p{Cc}]*…$/u);
    expect(error.line.length).toBeLessThan(120);
    expect(Array.from(error.line).slice(error.caret.indexOf('^'), error.caret.length).join('')).toBe('lable:');
  });

  test('becomes an E106 for who cannot pass it on', () => {
    expect(queryFault(refused('lable:bug'))).toMatchObject({
      code: 'E106',
      why: 'lable:bug\n^^^^^^',
      fix: 'write label:, or a field that is known, or text with a colon in quotes',
    });
    expect(queryFault(refused('wholly:bug')).fix).toBe('write a field that is known, or text with a colon in quotes');
    expect(queryFault(refused('(')).fix).not.toMatch(/^expected/);
  });
});

describe('what a query may cost', () => {
  const inTime = (text: string): number => {
    const started = performance.now();
    parseQuery(text);
    return performance.now() - started;
  };

  test('is bounded in length, nesting, conditions, values and words', () => {
    expect(refused('x'.repeat(queryLimits.length + 1)).message).toBe('a query of 65,537 characters');
    expect(refused(`${'('.repeat(33)}x${')'.repeat(33)}`)).toMatchObject({ column: 33 });
    expect(parseQuery(`${'('.repeat(32)}x${')'.repeat(32)}`).kind).toBe('ok');
    expect(refused('x '.repeat(1_001)).message).toBe('more than 1,000 conditions');
    expect(refused(`label:${'x,'.repeat(1_000)}x`).message).toBe('more than 1,000 conditions');
    expect(refused(`label:${'x'.repeat(1_025)}`).message).toBe('a value of 1,025 characters');
    expect(refused(`"${'x '.repeat(65)}"`).message).toBe('a phrase of 65 words');
  });

  test.each([
    ['many words', 'x '],
    ['many minus signs', '-'],
    ['many NOTs', 'NOT '],
    ['many parentheses', '('],
    ['many quotes', '"'],
    ['many escapes', '"\\\\'],
    ['many fields', 'is:open '],
    ['many commas', ','],
    ['many colons', 'a:'],
    ['many dots', 'created:..'],
    ['one long word', 'x'],
    ['many owners', 'repo:a/b '],
    ['spaces', ' '],
  ])('64 KiB of %s are read or refused in 50 ms', (_, piece) => {
    const text = piece.repeat(Math.floor(queryLimits.length / piece.length));
    // The least of three: other work on the machine is not the parser's.
    expect(Math.min(inTime(text), inTime(text), inTime(text))).toBeLessThan(50);
  });
});
