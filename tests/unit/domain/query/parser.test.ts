import { describe, expect, test } from 'vitest';
import { parseQuery } from '../../../../src/domain/query/parser.ts';
import { printQuery } from '../../../../src/domain/query/printer.ts';
import type { Query } from '../../../../src/domain/query/syntax.ts';

function tree(text: string): Query {
  const parsed = parseQuery(text);
  if (parsed.kind === 'error') throw new Error(parsed.error.message);
  return parsed.query;
}

const canonical = (text: string): string => printQuery(tree(text));
const is = (text: string): Query => ({ kind: 'term', field: 'is', values: [{ kind: 'literal', text }] });
const word = (text: string): Query => ({ kind: 'text', text });

describe('reading a query', () => {
  test('an empty one asks for everything', () => {
    expect(tree(' \n ')).toEqual({ kind: 'all' });
    expect(canonical('')).toBe('');
  });

  test('a space is AND, and binds closer than OR', () => {
    expect(tree('is:open crash OR is:closed')).toEqual({
      kind: 'or',
      parts: [{ kind: 'and', parts: [is('open'), word('crash')] }, is('closed')],
    });
    expect(tree('is:open AND crash')).toEqual(tree('is:open crash'));
  });

  test('parentheses group, and those that change nothing leave no trace', () => {
    expect(canonical('((is:open)) (crash (slow))')).toBe('is:open crash slow');
    expect(canonical('(crash OR slow) is:open')).toBe('(crash OR slow) is:open');
    expect(canonical('crash OR (slow OR login)')).toBe('crash OR slow OR login');
  });

  test('NOT and "-" are the same, and twice is not at all', () => {
    expect(tree('NOT is:open')).toEqual({ kind: 'not', part: is('open') });
    expect(tree('-is:open')).toEqual(tree('NOT is:open'));
    expect(tree('NOT -is:open')).toEqual(is('open'));
    expect(canonical('-(crash OR -(slow login))')).toBe('-(crash OR -(slow login))');
  });

  test('operators are upper case and alone; anything else is a word', () => {
    expect(canonical('this or that')).toBe('this or that');
    expect(canonical('ORDER NOTE ANDROID')).toBe('ORDER NOTE ANDROID');
    expect(tree('"OR"')).toEqual(word('OR'));
    expect(canonical('"OR" "foo"')).toBe('"OR" foo');
  });

  test('values behind commas are one of several', () => {
    expect(tree('label:bug,"help wanted"')).toEqual({
      kind: 'term',
      field: 'label',
      values: [
        { kind: 'literal', text: 'bug' },
        { kind: 'literal', text: 'help wanted' },
      ],
    });
  });

  test('in quotes a quote and a backslash are escaped, any other backslash is itself', () => {
    expect(tree(String.raw`label:"say \"hi\" C:\\x \n"`)).toEqual({
      kind: 'term',
      field: 'label',
      values: [{ kind: 'literal', text: String.raw`say "hi" C:\x \n` }],
    });
    expect(canonical(String.raw`"a \"b\""`)).toBe(String.raw`"a \"b\""`);
  });

  test('fields and their fixed values are read in any case and any known spelling', () => {
    expect(canonical('IS:Open TYPE:pull-request sort:Created no:labels')).toBe(
      'is:open type:pr sort:created-desc no:label',
    );
    expect(canonical('cost:>$0.50 priority:P0 comments:007 blocked-by:12')).toBe(
      'cost:>0.5 priority:0 comments:7 blocked-by:#12',
    );
  });

  test('an open range is a comparison', () => {
    expect(canonical('comments:10..* comments:*..10 comments:1..2')).toBe('comments:>=10 comments:<=10 comments:1..2');
    expect(canonical('closed:*..*')).toBe('closed:*');
  });

  test('quotes around numbers and dates change nothing, around words they take away the meaning of "*" and "<"', () => {
    expect(canonical('comments:"*..10" created:">2026-01-01"')).toBe('comments:<=10 created:>2026-01-01');
    expect(tree('milestone:"*"')).toEqual({
      kind: 'term',
      field: 'milestone',
      values: [{ kind: 'literal', text: '*' }],
    });
    expect(tree('milestone:*')).toEqual({ kind: 'term', field: 'milestone', values: [{ kind: 'any' }] });
    expect(canonical('label:"<5" label:"a..b"')).toBe('label:"<5" label:"a..b"');
  });

  test.each([
    ['repo:a/b repo:c/d', 'repo:a/b,c/d'],
    ['repo:a/b is:open org:c', '(repo:a/b OR org:c) is:open'],
    ['repo:a/b AND repo:c/d', 'repo:a/b AND repo:c/d'],
    ['repo:a/b (repo:c/d)', 'repo:a/b AND repo:c/d'],
    ['repo:a/b -repo:c/d', 'repo:a/b -repo:c/d'],
  ])('owners with only spaces between are one of them, as on GitHub: %s', (text, printed) => {
    expect(canonical(text)).toBe(printed);
    expect(tree(printed)).toEqual(tree(text));
  });

  test('in: stays with the words in its own parentheses', () => {
    expect(canonical('crash (slow in:title)')).toBe('crash (slow in:title)');
    expect(canonical('(crash in:title) OR slow')).toBe('crash in:title OR slow');
    expect(canonical('(crash in:title) is:open')).toBe('crash in:title is:open');
    expect(canonical('(crash in:title sort:created) slow (in:body sort:cost)')).toBe(
      '(crash in:title) sort:created-desc slow sort:cost-desc',
    );
  });

  test("an organisation's own field has any name", () => {
    expect(canonical('field."Target Date":>=2026-03-01')).toBe('field."target date":>=2026-03-01');
    expect(canonical('field.priority:high,medium')).toBe('field.priority:high,medium');
  });

  test('a colon behind anything but a name is text', () => {
    expect(canonical('12:30')).toBe('"12:30"');
  });
});
