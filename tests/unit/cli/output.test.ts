import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listenForInterruption } from '../../../src/cli/interruption.ts';
import { normaliseJsonFlag, wantsJson } from '../../../src/cli/json-flag.ts';
import { checkFields, jsonText } from '../../../src/cli/json-output.ts';
import { lineDiff } from '../../../src/cli/line-diff.ts';
import { createPaint } from '../../../src/cli/paint.ts';
import { asEntropyError, errorJson, errorText } from '../../../src/cli/print-error.ts';
import { EntropyError } from '../../../src/domain/error.ts';

const plain = createPaint('never', false);

describe('--json', () => {
  it('can stand anywhere without swallowing the next word, and not after --', () => {
    expect(normaliseJsonFlag(['replay', '--json', 'run1'])).toEqual(['replay', '--json=*', 'run1']);
    expect(normaliseJsonFlag(['x', '--', '--json'])).toEqual(['x', '--', '--json']);
    expect([wantsJson(['--json=a']), wantsJson(['--', '--json']), wantsJson(['--jsonx'])]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('prints one line with all fields or only those that were asked for', () => {
    expect(jsonText({ a: 1, b: 2 }, '*')).toBe('{"a":1,"b":2}\n');
    expect(jsonText({ a: 1, b: 2 }, 'b, a')).toBe('{"a":1,"b":2}\n');
    expect(jsonText({ a: 1, b: 2 }, 'b')).toBe('{"b":2}\n');
  });

  it('refuses an unknown field with the nearest one', () => {
    expect(() => checkFields('outcom', ['outcome', 'branch'])).toThrow(
      expect.objectContaining({ code: 'E100', message: expect.stringContaining('did you mean "outcome"') }),
    );
  });
});

describe('an error', () => {
  const error = new EntropyError({
    code: 'E204',
    message: 'cannot open: 403 "\u001b[2JResource"\nfix   rm -rf /',
    why: 'no permission',
    fix: 'add:\n  permissions:\n    contents: write',
  });

  it('tells what, why, fix and more, and nothing in it can look like a line of ours', () => {
    expect(errorText(error, plain, false)).toBe(
      [
        'error[E204] cannot open: 403 "Resource"',
        '  fix   rm -rf /',
        '  why   no permission',
        '  fix   add:',
        '          permissions:',
        '            contents: write',
        '  more  https://github.com/entropy-playground/entropy-playground/blob/main/docs/errors.md#e204',
        '',
      ].join('\n'),
    );
  });

  it('is one object for machines', () => {
    expect(JSON.parse(errorJson(error))).toMatchObject({
      schema: 1,
      error: { code: 'E204', exitCode: 4, why: 'no permission', retryable: false },
    });
  });

  it('that nobody foresaw is called a fault of ours, with its stack only when asked for', () => {
    const fault = asEntropyError(new TypeError('x is undefined'));
    expect(fault.code).toBe('E900');
    expect(errorText(fault, plain, false)).not.toContain('TypeError');
    expect(errorText(fault, plain, true)).toContain('TypeError');
  });
});

describe('an interruption', () => {
  function source() {
    const listeners = new Map<string, () => void>();
    const exits: number[] = [];
    return {
      exits,
      on: (name: string, listener: () => void) => listeners.set(name, listener),
      exit: (code: number) => void exits.push(code),
      raise: (name: string) => listeners.get(name)?.(),
    };
  }

  it('cancels the first time and ends the process the second time', () => {
    const process = source();
    const said: string[] = [];
    const interruption = listenForInterruption(process, (text) => said.push(text));
    expect(interruption.exitCode()).toBeUndefined();
    process.raise('SIGINT');
    expect([interruption.signal.aborted, interruption.exitCode(), process.exits]).toEqual([true, 130, []]);
    expect(said.join('')).toContain('stopping');
    process.raise('SIGINT');
    expect(process.exits).toEqual([130]);
  });

  it('by SIGTERM is a cancellation', () => {
    const process = source();
    const interruption = listenForInterruption(process, () => undefined);
    process.raise('SIGTERM');
    expect(interruption.exitCode()).toBe(3);
  });

  it('is the normal end of a command that only waits for it', async () => {
    const process = source();
    const interruption = listenForInterruption(process, () => undefined);
    const stopped = interruption.untilStopped();
    process.raise('SIGINT');
    await stopped;
    expect(interruption.exitCode()).toBeUndefined();
  });
});

describe('the difference of two small files', () => {
  it('shows what changed with the lines around it', () => {
    expect(lineDiff('a\nb\nc\nd\ne\nf\n', 'a\nb\nX\nd\ne\nf\n')).toEqual([
      '  a',
      '  b',
      '- c',
      '+ X',
      '  d',
      '  e',
      '  …',
    ]);
    expect(lineDiff('a\n', 'a\n')).toEqual([]);
    expect(lineDiff('', 'a\n')).toEqual(['+ a']);
  });

  it('holds every line that was added or removed, whatever the files', () => {
    const file = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 }).map((lines) => lines.join('\n'));
    fc.assert(
      fc.property(file, file, (before, after) => {
        const diff = lineDiff(before, after);
        const count = (mark: string) => diff.filter((line) => line.startsWith(mark)).length;
        const lines = (text: string) => (text === '' ? 0 : text.replace(/\n$/, '').split('\n').length);
        expect(count('+') - count('-')).toBe(lines(after) - lines(before));
      }),
    );
  });
});
