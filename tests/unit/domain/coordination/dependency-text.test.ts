import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textDependencies } from '../../../../src/domain/coordination/dependency-text.ts';

const place = { repository: { owner: 'octo', name: 'slug' }, number: 1, host: 'github.com' };

/** `blocks octo/slug#12` for each. */
function read(text: string, at: Partial<typeof place> = {}): string[] {
  return textDependencies(text, { ...place, ...at }).map(
    ({ kind, other }) => `${kind} ${other.repository.owner}/${other.repository.name}#${other.number}`,
  );
}

describe('what a text says that an issue waits for', () => {
  it.each([
    ['Blocked by #12', ['blocks octo/slug#12']],
    ['This is blocked on GH-7.', ['blocks octo/slug#7']],
    [
      'It depends on octo/other#3, #4 and #5; #9 is unrelated.',
      ['blocks octo/other#3', 'blocks octo/slug#4', 'blocks octo/slug#5'],
    ],
    ['**Depends on:** [#4](https://github.com/octo/slug/issues/4), #5', ['blocks octo/slug#4', 'blocks octo/slug#5']],
    ['Waiting for https://github.com/octo/other/pull/8#issuecomment-1.', ['blocks octo/other#8']],
    ['depend upon <https://github.com/octo/other/issues/8>', ['blocks octo/other#8']],
    ['- [ ] blocked by #12\n- [x] blocked by #13', ['blocks octo/slug#12', 'blocks octo/slug#13']],
    ['Blocked by #12 or #13, and also #14', ['blocks octo/slug#12', 'blocks octo/slug#13']],
    ['Duplicate of #9', ['duplicates octo/slug#9']],
    ['Discovered from octo/other#2', ['discovered_from octo/other#2']],
  ])('%s', (text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  it.each([
    ['Blocked by:\n- #2\n- [ ] #3\n* [x] octo/other#4\n1. https://github.com/octo/slug/issues/5\n\nThe rest is #6.'],
    ['## Blocked by\n\n#2, #3\n\n- octo/other#4 (the parser)\n- #5'],
    ['- **Blocked by**\n  - #2\n  - #3\n  - octo/other#4\n  - #5'],
  ])('a list below a line that announces it: %j', (text) => {
    const expected = ['octo/slug#2', 'octo/slug#3', 'octo/other#4', 'octo/slug#5'];
    expect(read(text)).toEqual(expected.map((reference) => `blocks ${reference}`));
  });

  it.each([
    'Not blocked by #12',
    'This is no longer blocked by #12, and was never blocked by #13',
    "It isn't blocked by #12",
    'unblocked by #12',
    'blocked by nobody, see #12',
    'blocked by #12-beta',
    'blocked by C#12 and a#1b',
    '`blocked by #12`',
    '> blocked by #12\nand so on',
    '```\nblocked by #12\n```',
    '    blocked by #12',
    '<!-- blocked by #12 -->',
    '<!-- blocked by #12',
    '<pre>blocked by #12</pre>',
    'blocked by `code` #12',
    'blocked by https://evil.example/octo/slug/issues/12',
    'blocked by https://github.com.evil.example/octo/slug/issues/12',
    'blocked by https://github.com/octo/slug/issues/12/files',
    'blocked by #0 and #12345678901',
    'blocked by #1',
  ])('nothing: %s', (text) => {
    expect(read(text)).toEqual([]);
  });

  it('each once, whatever the letters, and never itself', () => {
    expect(read('Blocked by #2, Octo/Slug#2, octo/slug#1.\n\nDepends on #2')).toEqual(['blocks octo/slug#2']);
  });

  it('addresses of its own host only, wherever that is', () => {
    const text = 'blocked by https://ghe.example:8443/octo/slug/issues/3, https://github.com/octo/slug/issues/4, #5';
    expect(read(text, { host: 'ghe.example:8443' })).toEqual(['blocks octo/slug#3', 'blocks octo/slug#5']);
  });

  it('at most fifty', () => {
    const many = Array.from({ length: 500 }, (_, index) => `#${index + 2}`).join(', ');
    expect(read(`blocked by ${many}`)).toHaveLength(50);
  });

  it('what somebody writes with the list, whatever stands around it', () => {
    const numbers = fc.uniqueArray(fc.integer({ min: 2, max: 9_999 }), { minLength: 1, maxLength: 8 });
    const word = fc.constantFrom('well', 'so', 'see', 'the', '—', 'ok');
    const around = fc.array(word, { maxLength: 4 }).map((words) => words.join(' '));
    fc.assert(
      fc.property(
        numbers,
        around,
        around,
        fc.constantFrom(', ', ' and ', ', and ', ','),
        (list, before, after, gap) => {
          const text = `${before} blocked by ${list.map((number) => `#${number}`).join(gap)}. ${after}`;
          expect(read(text)).toEqual(list.map((number) => `blocks octo/slug#${number}`));
        },
      ),
    );
  });

  it('is found in time that grows with the text and no faster', () => {
    const hostile = [
      'blocked by ',
      'blocked by [',
      'blocked by #2, ',
      '#',
      'not ',
      '<',
      '`',
      'blocked   ',
      'a/',
      '- ',
      '([',
    ];
    for (const piece of hostile) {
      const text = piece.repeat(Math.ceil(200_000 / piece.length));
      const started = performance.now();
      read(text);
      expect(performance.now() - started, piece).toBeLessThan(400);
    }
  });
});
