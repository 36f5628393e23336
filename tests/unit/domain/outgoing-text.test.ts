import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  asCodeBlock,
  asCodeSpan,
  neutraliseInline,
  neutraliseLine,
  neutraliseLines,
  neutraliseMarkdown,
} from '../../../src/domain/outgoing-text.ts';
import { cpuMs } from '../../fakes/cpu-time.ts';

const options = { issue: 42, ownAddress: 'https://github.com/o/r/', maxLength: 5_000 };
const tame = (text: string): string => neutraliseMarkdown(text, options);

describe('markdown of an agent', () => {
  it('stays as it is when it is harmless', () => {
    const text =
      'The limit cut **one** word, see `slug()` in [0]; a < b && c > d.\n\n- one\n- two\n\n```js\nconst a = `x` <T>;\n```';
    expect(tame(text)).toBe(text);
  });

  it.each([
    ['@bob please', '`@bob` please'],
    ['mail me@example.com', 'mail me@example.com'],
    ['\\@bob and @org/team', '`@bob` and `@org/team`'],
    ['#7@bob and a#7@bob', '`#7@bob` and `a#7@bob`'],
    ['C:\\dir#7', 'C:\\ `dir#7`'],
    ['*x*@bob', '*x*`@bob`'],
    ['&#64;bob', '&amp;`#64`;bob'],
    ['`@bob` is code', '`@bob` is code'],
    ['see #42', 'see #42'],
    ['see #7 and GH-8 and o/r#9', 'see `#7` and `GH-8` and `o/r#9`'],
    ['fixes #7', 'fixes issue 7'],
    ['Closes: o/r#7', 'Closes issue 7'],
    ['resolved https://github.com/o/r/issues/7', 'resolved issue 7'],
    ['fixes **#7**', 'fixes issue 7**'],
    ['`fixes #7`', '`fixes issue 7`'],
    ['![x](https://evil.test/p.png)', '[x] (https[:]//evil.test/p.png)'],
    ['[x](javascript:alert)', '[x] (javascript:alert)'],
    ['https://github.com/o/r/blob/main/a.ts#L1', 'https://github.com/o/r/blob/main/a.ts#L1'],
    ['https://github.com/o/r/issues/42.', 'https://github.com/o/r/issues/42.'],
    ['https://github.com/o/r/issues/7', 'https[:]//github.com/o/r/issues/7'],
    ['https://github.com/o/r/pull/421', 'https[:]//github.com/o/r/pull/421'],
    ['https://github.com/other/r/issues/42', 'https[:]//github.com/other/r/issues/42'],
    ['https://github.com/o/r/../x/issues/1', 'https[:]//github.com/o/r/../x/issues/1'],
    ['https://github.com@evil.test/', 'https[:]//github.com@evil.test/'],
    ['www.evil.test', 'www[.]evil.test'],
    ['<img src=x>', '&lt;img src=x>'],
    ['<!-- hidden -->', '&lt;!-- hidden -->'],
    ['`<!-- hidden -->`', '`< !-- hidden -->`'],
    ['[//]: # (hidden)', '[//]\\: # (hidden)'],
    ['## What was run', '**What was run**'],
    ['> # Title', '**Title**'],
    ['# See #7', '**See 7**'],
    ['\\# Title', '\\# Title'],
    ['Title\n===', 'Title\n\\==='],
    ['a\u202Eb\u200Bc\u{E0041}d\uFE0Fe', 'abcde'],
    ['[skip ci]', '(skip ci)'],
    ['run `[Skip CI]` now', 'run `(Skip CI)` now'],
    ['```\n[no ci]\n```', '```\n(no ci)\n```'],
  ])('%j becomes %j', (text, expected) => {
    expect(tame(text)).toBe(expected);
  });

  it.each([
    ['a fence that is only in a list', '- ```\n@bob\n```\nx'],
    ['a fence that only we would see in a list item', '- a\n  ```\n@bob\n'],
    ['a span over two lines', 'a `b\n`@bob` c'],
    ['a backtick behind a backslash', '\\`@bob`'],
    ['a backtick behind two backslashes', '\\\\`a`@bob'],
    ['spans that touch', '``x``@bob'],
    ['an unclosed span', '`@bob'],
    ['a tilde fence in a quote', '> ~~~\n@bob'],
  ])('hides no mention in %s', (_, text) => {
    // GitHub notifies only outside of code; every mention left must be in backticks on its own line, or in a fence.
    const out = tame(text);
    for (const line of out.split('\n')) {
      if (!line.includes('@bob') || out.startsWith('```')) continue;
      expect(line).toMatch(/`[^`]*@bob[^`]*`/);
    }
  });

  it('makes no heading of what began with blanks', () => {
    expect(tame('    # Approved\nx')).toBe('**Approved**\nx');
  });

  it('is counted where it was made harmless, when somebody wants to know', () => {
    const removed = {};
    neutraliseMarkdown('@bob fixes #7, see o/r#9, ![x](https://a.test) <b>\u200b [skip ci]', { ...options, removed });
    expect(removed).toEqual({
      mention: 1,
      closing: 1,
      reference: 1,
      picture: 1,
      address: 1,
      markup: 1,
      zeroWidth: 1,
      skip: 1,
    });
  });

  it('closes a fence that was left open, so that what follows is ours', () => {
    expect(tame('```js\nx')).toBe('```js\nx\n```');
    expect(tame('~~~~\n```\nx')).toBe('~~~~\n```\nx\n~~~~');
  });

  it('is cut with a note, never within a character', () => {
    const cut = neutraliseMarkdown('😀'.repeat(10), { ...options, maxLength: 5 });
    expect(cut).toBe('😀😀\n\n(cut here: 15 more characters)');
  });

  it('never holds a comment, a tag, an image or an invisible character, whatever goes in', () => {
    const bits = fc.constantFrom(
      '`',
      '``',
      '```',
      '\n',
      '@bob',
      '#7',
      '<!--',
      '<img ',
      '![',
      '](',
      '\\',
      '~~~',
      ' ',
      '- ',
      '> ',
      '&#64;',
      '\u200b',
      'fixes ',
      'a',
      '*',
      '# ',
      '\t',
    );
    const property = fc.property(fc.array(bits, { maxLength: 25 }), (parts) => {
      const out = tame(parts.join(''));
      expect(out).not.toMatch(/<!--|\u200b/);
      // What is outside of fences is prose or a span within one line.
      const prose = withoutCode(out);
      expect(prose).not.toMatch(/<img|!\[|\]\(|(?<![A-Za-z0-9])@bob|#7\b/);
    });
    fc.assert(property, { numRuns: 5_000 });
  });

  it('comes through twice as through once, where it matters', () => {
    const property = fc.property(
      fc.string({ unit: fc.constantFrom('`', '@', 'b', '#', '7', ' ', '\n'), maxLength: 30 }),
      (text) => {
        expect(withoutCode(tame(tame(text)))).not.toMatch(/(?<![A-Za-z0-9])@b|#7\b/);
      },
    );
    fc.assert(property, { numRuns: 2_000 });
  });

  it('takes linear time for what is made to be slow', () => {
    for (const unit of ['<!--', '`', '\\', '@', '#1', '[', '](', 'fixes ', ' ', '- ', '&#', '> # ', 'a/', '``` ']) {
      const started = cpuMs();
      neutraliseMarkdown(unit.repeat(100_000), { ...options, maxLength: 1_000_000 });
      expect(cpuMs() - started, JSON.stringify(unit)).toBeLessThan(2_000);
    }
  });
});

/** A reading of our own, by CommonMark: fences in the first column, then runs of equal length within a line. */
function withoutCode(markdown: string): string {
  const lines: string[] = [];
  let fence: string | undefined;
  for (const line of markdown.split('\n')) {
    const marks = /^(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence === undefined && marks !== undefined) fence = marks;
    else if (fence !== undefined) {
      const close = /^ {0,3}(`{3,}|~{3,})[ \t]*$/.exec(line)?.[1];
      if (close?.[0] === fence[0] && (close?.length ?? 0) >= fence.length) fence = undefined;
    } else lines.push(line.replace(/\\`/g, ' ').replace(/(?<!`)(`+)(?!`)(.*?)(?<!`)\1(?!`)/g, ' '));
  }
  return lines.join('\n');
}

describe('a line', () => {
  it('of plain text is one line without markup that acts', () => {
    expect(neutraliseLine('Fix\n @types/node <!-- x --> `@a/b`', options)).toBe('Fix `@types/node` < !-- x --> `@a/b`');
    expect(neutraliseLine('x'.repeat(20), { ...options, maxLength: 10 })).toBe('xxxxxxxxx…');
  });

  it('behind a bullet opens no block', () => {
    expect(neutraliseInline('# Title', options)).toBe('Title');
    expect(neutraliseInline('> - ```\nx', options)).toBe('\\`x'.replace('x', ' x'));
  });

  it('in a message of many keeps the lines', () => {
    expect(neutraliseLines('a\n\n\n\nfixes #7', options)).toBe('a\n\nfixes issue 7');
  });

  it('in a code span or block of ours stays in it', () => {
    expect(asCodeSpan('a`b\nc', 50)).toBe("`a'b c`");
    expect(asCodeSpan('', 50)).toBe('(empty)');
    expect(asCodeBlock('a\n````\nb', 100)).toBe('`````text\na\n````\nb\n`````');
    expect(asCodeBlock('a [actions skip]', 100)).toBe('```text\na (actions skip)\n```');
    expect(asCodeSpan('a [ci skip] b', 100)).toBe('`a (ci skip) b`');
  });
});
