import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutToWidth, displayWidth, padTo, terminalLine, terminalText } from '../../../src/cli/terminal-text.ts';
import { anyText } from '../../fakes/any-text.ts';
import { cpuMs } from '../../fakes/cpu-time.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: their absence is what is tested
const dangerous = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/;

describe('text for a terminal', () => {
  it.each([
    ['\u001b[31mred\u001b[0m', 'red'],
    ['\u001b]0;my title\u0007after', 'after'],
    ['\u001b]8;;https://evil.example\u001b\\link\u001b]8;;\u001b\\', 'link'],
    ['\u001b]52;c;cm0gLXJmIC8=\u0007clipboard', 'clipboard'],
    ['\u009b2Jcleared', 'cleared'],
    ['\u001bPq#0\u001b\\sixel', 'sixel'],
    ['\u001bc\u001b7reset', 'reset'],
    ['\u001b]0;never ended\nnext line', '\nnext line'],
    ['back\b\b\bspace', 'backspace'],
    ['a\rb', 'a\nb'],
    ['safe\u202egnp.exe', 'safegnp.exe'],
    ['e\u0301 naïve 漢字 🎉', 'é naïve 漢字 🎉'],
  ])('%j is shown as %j', (text, expected) => {
    expect(terminalText(text)).toBe(expected);
  });

  it('never holds a control or direction character, whatever was hidden in it', () => {
    const piece = fc.oneof(
      anyText({ maxLength: 10 }),
      fc.constantFrom(
        '\u001b',
        '\u001b[',
        '\u009b',
        '\u001b]',
        '\u0007',
        '\u001b\\',
        '31m',
        '?25l',
        '\u202e',
        '\r',
        '\b',
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        expect(terminalText(pieces.join(''))).not.toMatch(dangerous);
        expect(terminalLine(pieces.join(''), 40)).not.toMatch(/[\n\t]/);
      }),
      { numRuns: 500 },
    );
  });

  it('is cut and filled by what it takes on the screen, wide characters counted twice', () => {
    expect(displayWidth('a漢🎉')).toBe(5);
    expect(cutToWidth('漢字漢字', 5)).toBe('漢字…');
    expect(padTo('ab', 4)).toBe('ab  ');
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), fc.integer({ min: 0, max: 30 }), (text, width) => {
        expect(displayWidth(padTo(terminalLine(text, 100), width))).toBe(width);
      }),
    );
  });

  it('is cleaned in time that does not explode with its length', () => {
    const flood = '\u001b]'.repeat(100_000) + '\u001b['.repeat(100_000);
    const before = cpuMs();
    terminalText(flood);
    expect(cpuMs() - before).toBeLessThan(500);
  });
});
