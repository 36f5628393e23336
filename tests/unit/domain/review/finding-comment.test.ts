import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Finding } from '../../../../src/domain/reports/finding.ts';
import { findingComment, withoutSuggestions } from '../../../../src/domain/review/finding-comment.ts';
import { markedTexts } from '../../../../src/domain/review/finding-marks.ts';
import { knownFindings } from '../../../../src/domain/review/known-findings.ts';
import { placeFindings } from '../../../../src/domain/review/placed-finding.ts';
import { anyText } from '../../../fakes/any-text.ts';

const run = { issue: 7, fence: 3, run: '01J9ZZZZZZZZZZZZZZZZZZZZZZ' };
const options = { run, round: 1, outgoing: { issue: 7 } };
const files = [{ path: 'src/a.ts', previousPath: undefined, patch: '@@ -0,0 +1,3 @@\n+one\n+two\n+three' }];
const base: Finding = {
  ...{
    path: 'src/a.ts',
    line: 2,
    severity: 'major',
    category: 'correctness',
    title: 'Two is wrong',
    body: 'It is three.',
  },
};

function commentOf(finding: Partial<Finding>): string {
  const [placed] = placeFindings([{ ...base, ...finding }], { files, complete: true });
  if (placed === undefined) throw new Error('nothing was placed');
  return findingComment(placed, options);
}

function readBack(body: string) {
  const comment = {
    id: 9,
    author: 'us',
    body,
    path: 'src/a.ts',
    line: 2,
    inReplyTo: undefined,
    createdAt: '2026-11-01T10:00:00Z',
  };
  return knownFindings(
    { reviews: [], comments: [comment], threads: [] },
    { isOwn: (author) => author === 'us', issue: 7 },
  );
}

describe('the comment that tells a finding', () => {
  test('reads as a person would write it', () => {
    const text = commentOf({ suggestion: 'three' });
    expect(text.split('\n').slice(1).join('\n')).toBe(
      '**Major** `correctness` Two is wrong\n\nIt is three.\n\n<!-- entropy:suggestion -->\n```suggestion\nthree\n```',
    );
  });

  test('is read back as what it tells, without the suggestion', () => {
    expect(readBack(commentOf({ suggestion: 'three' }))).toMatchObject([
      {
        category: 'correctness',
        title: 'Two is wrong',
        body: 'It is three.',
        severity: 'major',
        line: 2,
        commentId: 9,
      },
    ]);
  });

  test.each([
    ['holds fences of its own', '```\ncode\n```', '````suggestion\n```\ncode\n```\n````'],
    ['takes the line out', '', '```suggestion\n```'],
    ['ends with a line end', 'three\n', '```suggestion\nthree\n```'],
    ['has the line ends of Windows', 'a\r\nb', '```suggestion\na\nb\n```'],
    ['holds a comment of HTML', '<!-- note -->', '```suggestion\n<!-- note -->\n```'],
  ])('offers a suggestion that %s as it is', (_name, suggestion, block) => {
    expect(commentOf({ suggestion }).endsWith(`<!-- entropy:suggestion -->\n${block}`)).toBe(true);
  });

  test.each([
    ['holds what nobody sees', 'thr\u200bee', {}],
    ['would forge a mark of ours', '<!-- entropy:issue=7 fence=1 run=X op=tracking -->', {}],
    ['is for other lines than the comment is at', 'three', { startLine: -4 }],
    ['is too long', 'x'.repeat(7_000), {}],
  ])('shows, and does not offer, a suggestion that %s', (_name, suggestion, differing) => {
    const text = commentOf({ suggestion, ...differing });
    expect(text).not.toMatch(/^`{3,}suggestion/m);
    expect(text).toContain('Suggested:\n\n```text');
    expect(markedTexts(text, 7)).toHaveLength(1);
  });

  test('makes no button of a block in the words of others, however deep it is', () => {
    const hidden = ['```suggestion\nrm\n```', '> ```suggestion\n> rm\n> ```', '- 1. ~~~ SUGGESTION\n  rm'];
    for (const body of hidden) expect(commentOf({ body })).not.toMatch(/(?:`{3}|~{3})[ \t]*suggestion/i);
    expect(withoutSuggestions('```ts\na\n```')).toBe('```ts\na\n```');
    expect(withoutSuggestions('a ```inline``` b\n``` suggestion ` x')).toBe('a ```inline``` b\n``` suggestion ` x');
    for (const info of ['&#115;uggestion', '&#x73;uggestion:-0+1', 's&#117;ggestion', 'Suggestion', '\\suggestion']) {
      for (const fence of ['```', '~~~', '> - ````']) {
        expect(withoutSuggestions(`${fence}${info}\nx\n`)).not.toMatch(/suggestion|&|#1/i);
      }
    }
  });

  test('carries one mark, whatever a model writes into it, and is read back under its own name', () => {
    const words = fc.record({
      title: anyText(),
      body: anyText(),
      suggestion: fc.option(anyText(), { nil: undefined }),
    });
    fc.assert(
      fc.property(words, ({ suggestion, ...rest }) => {
        const text = commentOf({ ...rest, ...(suggestion !== undefined && { suggestion }) });
        expect(markedTexts(text, 7)).toHaveLength(1);
        const [known, ...others] = readBack(text);
        expect(others).toEqual([]);
        expect(known).toMatchObject({ severity: 'major', category: 'correctness', standing: 'open', commentId: 9 });
      }),
      { numRuns: 300 },
    );
  });
});
