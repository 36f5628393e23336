import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TaskView } from '../../../../src/domain/coordination/task-record.ts';
import { isMe } from '../../../../src/domain/query/answerable.ts';
import { answererOf, queryField } from '../../../../src/domain/query/fields.ts';
import { githubSearch } from '../../../../src/domain/query/github-search.ts';
import type { GitHubSyntax } from '../../../../src/domain/query/github-term.ts';
import { parseQuery } from '../../../../src/domain/query/parser.ts';
import { taskPredicate } from '../../../../src/domain/query/predicate.ts';
import { printQuery, termText } from '../../../../src/domain/query/printer.ts';
import type { Query, TermQuery } from '../../../../src/domain/query/syntax.ts';
import { generatedContext } from '../../../bench/query-agreement.ts';
import { generatedQuery } from '../../../fakes/generated-queries.ts';
import { generatedTasks } from '../../../fakes/generated-tasks.ts';
import { drawFrom } from '../../../fakes/seeded-numbers.ts';

const context = { ...generatedContext, now: Date.UTC(2026, 10, 21, 12) };

function query(text: string): Query {
  const parsed = parseQuery(text);
  if (parsed.kind === 'error') throw new Error(`${text}: ${parsed.error.message}`);
  return parsed.query;
}

function asked(text: string, syntax: GitHubSyntax = 'advanced'): unknown {
  const search = githubSearch(query(text), { context, syntax });
  if (search.kind === 'error') return { refused: search.error.message, column: search.error.column };
  const { order } = search;
  return {
    search: search.search,
    left: printQuery(search.residual),
    ...(order && { order: `${order.by} ${order.direction}` }),
  };
}

describe("what is asked of GitHub's search", () => {
  test.each([
    ['is:open is:ready label:bug,"help wanted"', 'is:open label:bug,"help wanted"', 'is:ready'],
    ['author:@me assignee:octocat', 'author:Mona assignee:octocat', ''],
    ['-label:a,b -author:c', '-label:a -label:b -author:c', ''],
    ['is:open,closed', '(is:open OR is:closed)', ''],
    ['(is:open OR label:bug) is:claimed', '(is:open OR label:bug)', 'is:claimed'],
    ['is:open OR is:ready', '', 'is:open OR is:ready'],
    ['-(is:open label:bug)', '(-is:open OR -label:bug)', ''],
    ['linked:pr -linked:issue mentions:@me', 'linked:pr -linked:issue mentions:Mona', ''],
    ['updated:<24h', 'updated:>=2026-11-20T12:00:01Z', ''],
    ['created:@today-1d', 'created:2026-11-20T00:00:00Z..2026-11-20T23:59:59Z', ''],
    ['repo:a/b repo:c/d', '(repo:a/b OR repo:c/d)', ''],
    ['repo:a/b AND repo:c/d', 'repo:a/b', 'repo:c/d'],
    ['is:open is:closed', 'is:open', 'is:closed'],
    ['repo:a/b OR label:bug', '', 'repo:a/b OR label:bug'],
    ['no:label -no:milestone assignee:*', 'no:label', '-no:milestone assignee:*'],
  ])('%s', (text, search, left) => {
    expect(asked(text)).toEqual({ search, left });
  });

  test('words are asked for and kept, as GitHub finds more; excluded words are only kept', () => {
    expect(asked('Crash "Log-in page" -slow in:title')).toEqual({
      search: 'crash "log in page"',
      left: 'Crash "Log-in page" -slow in:title',
    });
    expect(asked('"OR" is:open')).toEqual({ search: 'or is:open', left: '"OR"' });
  });

  test('with in:comments the answer about words is GitHub’s', () => {
    expect(asked('shipit -later in:title,comments is:ready')).toEqual({
      search: 'shipit NOT later (in:title OR in:comments)',
      left: 'is:ready',
    });
    expect(asked('(shipit OR later) in:comments')).toMatchObject({
      refused: 'GitHub cannot be asked for in: in this place',
    });
  });

  test('a quote or a backslash is never sent where tasks know the answer as well', () => {
    expect(asked(String.raw`label:"say \"hi\"" label:"a\\b" is:open`)).toEqual({
      search: 'is:open',
      left: String.raw`label:"say \"hi\"" label:"a\\b"`,
    });
  });

  test('the plain syntax has neither OR nor parentheses', () => {
    expect(asked('repo:a/b org:c (is:open OR label:bug) comments:>5', 'plain')).toEqual({
      search: 'repo:a/b org:c comments:>5',
      left: 'is:open OR label:bug',
    });
  });

  test('at most five operators and 256 characters of text are sent', () => {
    expect(
      asked(Array.from({ length: 4 }, (_, i) => `(author:a${i} OR author:b${i} OR author:c${i})`).join(' ')),
    ).toEqual({
      search: '(author:a0 OR author:b0 OR author:c0) (author:a1 OR author:b1 OR author:c1)',
      left: '(author:a2 OR author:b2 OR author:c2) (author:a3 OR author:b3 OR author:c3)',
    });
    expect(asked(`${'a'.repeat(200)} ${'b'.repeat(100)} c`)).toMatchObject({ search: `${'a'.repeat(200)} c` });
  });

  test('what only GitHub knows comes first when not everything can be sent', () => {
    const many = (name: string): string => `(${['a', 'b', 'c', 'd'].map((each) => `${name}:${each}`).join(' OR ')})`;
    expect(asked(`${many('author')} ${many('mentions')}`)).toMatchObject({ search: many('mentions') });
  });

  test('what only GitHub knows and what only tasks know cannot be two cases', () => {
    expect(asked('is:open (is:ready OR mentions:x)')).toEqual({
      refused: 'GitHub cannot be asked for mentions: in this place',
      column: 22,
    });
    expect(asked('stars:>5')).toEqual({ refused: 'stars:>5 is not about issues', column: 1 });
  });

  test('is sorted by GitHub where it can, and by tasks otherwise', () => {
    expect(asked('is:open sort:updated')).toEqual({
      search: 'is:open',
      left: 'sort:updated-desc',
      order: 'updated desc',
    });
    expect(asked('is:open sort:reactions-+1')).toEqual({ search: 'is:open', left: '', order: 'reactions-+1 desc' });
    expect(asked('is:open sort:cost')).toEqual({ search: 'is:open', left: 'sort:cost-desc' });
  });
});

/** A GitHub that knows what only it knows in some fixed way, and finds words more generously than tasks do. */
function chance(text: string, task: TaskView, oneIn: number): boolean {
  let mixed = 7;
  for (const character of `${text.toLowerCase()} ${task.key}`)
    mixed = (Math.imul(mixed, 31) + character.charCodeAt(0)) >>> 0;
  return mixed % oneIn === 0;
}

function answers(part: Query, task: TaskView, generous: boolean, places = 'title,body'): boolean {
  switch (part.kind) {
    case 'all':
      return true;
    case 'not':
      return !answers(part.part, task, generous, places);
    case 'or':
      return part.parts.some((each) => answers(each, task, generous, places));
    case 'and': {
      const scope = part.parts.find((each) => each.kind === 'term' && each.field === 'in');
      const inner = scope === undefined ? places : printQuery(scope).slice('in:'.length);
      return part.parts.every((each) => answers(each, task, generous, inner));
    }
    case 'text': {
      const words = printQuery(part).toLowerCase();
      if (places.includes('comments'))
        return chance(`in ${places} ${words.replaceAll(/[^\p{L}\p{N}\p{M}_]+/gu, ' ').trim()}`, task, 3);
      const found = taskPredicate(query(`${words} in:${generous ? 'title,body' : places}`), context)(task);
      return found || (generous && chance(words, task, 4));
    }
    case 'term':
      return part.values.some((value) => answersTerm({ ...part, values: [value] }, task));
  }
}

function answersTerm(term: TermQuery, task: TaskView): boolean {
  const [value] = term.values;
  const field = queryField(term.field);
  if (value === undefined || field === undefined || term.field === 'in' || term.field === 'sort') return true;
  if (answererOf(field, value.kind === 'literal' ? value.text : '') !== 'github')
    return taskPredicate(term, context)(task);
  if (field.takes === 'date') return taskPredicate({ ...term, field: 'created' }, context)(task);
  const known = isMe(term, value) ? { ...term, values: [{ kind: 'literal', text: 'Mona' } as const] } : term;
  return chance(termText(known), task, 3);
}

const wholeSecond = (at: number): number => Math.floor(at / 1_000) * 1_000;
const tasks = generatedTasks(40, 5).map((task): TaskView => {
  const { createdAt, updatedAt, closedAt } = task.issue;
  const times = { createdAt: wholeSecond(createdAt), updatedAt: wholeSecond(updatedAt) };
  return {
    ...task,
    issue: { ...task.issue, ...times, ...(closedAt === undefined ? {} : { closedAt: wholeSecond(closedAt) }) },
  };
});

test.each<GitHubSyntax>(['plain', 'advanced'])(
  'what GitHub finds and fits the rest is exactly what was asked for, in the %s syntax',
  (syntax) => {
    let sent = 0;
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const whole = generatedQuery(drawFrom(seed), 'any', 2);
        const split = githubSearch(whole, { context, syntax });
        if (split.kind === 'error') return;
        if (split.search !== '') sent += 1;
        expect(split.search.match(/\b(?:AND|OR|NOT)\b(?=(?:[^"]*"[^"]*")*[^"]*$)/g)?.length ?? 0).toBeLessThanOrEqual(
          5,
        );
        // An OR of places is GitHub's way to write what we write with a comma.
        const search = query(
          split.search.replaceAll(/\((in:[a-z: ]+(?: OR in:[a-z]+)+)\)/g, (_, ors: string) =>
            ors.replaceAll(' OR in:', ','),
          ),
        );
        for (const task of tasks) {
          const found = answers(search, task, true) && answers(split.residual, task, false);
          expect(found, `${printQuery(whole)} → ${split.search} | ${printQuery(split.residual)}`).toBe(
            answers(whole, task, false),
          );
        }
      }),
      { numRuns: 200 },
    );
    expect(sent).toBeGreaterThan(30);
  },
);
