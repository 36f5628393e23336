import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { renderMarkdown } from '../../../../src/embedded/github/pages/markdown.ts';
import { cpuMs } from '../../../fakes/cpu-time.ts';

const render = (text: string) =>
  String(renderMarkdown(text, (number) => (number < 10 ? `/issues/${number}` : undefined)));

describe('Markdown on the pages', () => {
  test.each([
    ['# Title #', '<h1>Title</h1>'],
    ['a\nb', '<p>a<br>b</p>'],
    ['**bold** _it_ ~~no~~ `<b>`', '<p><strong>bold</strong> <em>it</em> <del>no</del> <code>&lt;b&gt;</code></p>'],
    [
      '- [x] done\n- [ ] open',
      '<ul><li class="task"><span class="tick done">✓</span>done</li><li class="task"><span class="tick"></span>open</li></ul>',
    ],
    ['1. one\n2. two', '<ol><li>one</li><li>two</li></ol>'],
    ['- a\n  - b\n- c', '<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>'],
    ['> said\n> so', '<blockquote><p>said<br>so</p></blockquote>'],
    ['```js\nif (a < b) {}\n```', '<pre><code>if (a &lt; b) {}</code></pre>'],
    [
      '| a | b |\n|---|---|\n| 1 | `2` |',
      '<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td><code>2</code></td></tr></table>',
    ],
    [
      '<details><summary>More</summary>\n\n- x\n\n</details>\nafter',
      '<details><summary>More</summary><ul><li>x</li></ul></details><p>after</p>',
    ],
    ['seen <!-- hidden --> by all', '<p>seen  by all</p>'],
    ['shown <!-- never closed', '<p>shown</p>'],
    ['#3 and #30, word#3', '<p><a href="/issues/3">#3</a> and #30, word#3</p>'],
    ['see https://a.test/x.', '<p>see <a href="https://a.test/x" rel="nofollow noreferrer">https://a.test/x</a>.</p>'],
    ['[t](javascript:alert)', '<p>t</p>'],
    ['[t](//evil.test)', '<p>t</p>'],
    ['snake_case_name stays', '<p>snake_case_name stays</p>'],
    ['---', '<hr>'],
  ])('%j becomes %s', (text, html) => {
    expect(render(text)).toBe(html);
  });

  test('whatever is written, no element or attribute of its own reaches the page', () => {
    const allowed =
      /<\/?(?:h[1-6]|p|br|strong|em|del|code|pre|ul|ol|li|blockquote|table|tr|th|td|details|summary|hr|a|span|sub|sup|kbd)(?: (?:class|href|rel)="[^"<>]*")*>/g;
    const piece = fc.constantFrom(
      '<script>',
      '<img src=x onerror=y>',
      '"',
      "'",
      '`',
      '``',
      '**',
      '_',
      '[',
      '](',
      'javascript:x',
      ')',
      '<!--',
      '-->',
      '<details>',
      '</details>',
      '<summary>',
      '\n',
      '\n\n',
      '- ',
      '  ',
      '> ',
      '| ',
      '|-|',
      '```',
      '#',
      '1',
      '@a',
      'https://x.y',
      '<a href=',
      '\\',
      '&lt;',
      'é',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        expect(render(pieces.join('')).replaceAll(allowed, '')).not.toMatch(/[<>]/);
      }),
      { numRuns: 1500 },
    );
  });

  test.each(['<!--', '`', '``', '[', '**', '> ', '- ', '<details>', '_', '|', '![', '<details>\n'])(
    'a flood of %j is rendered in no time',
    (piece) => {
      const started = cpuMs();
      render(piece.repeat(60_000 / piece.length));
      expect(cpuMs() - started).toBeLessThan(1_500);
    },
  );
});
