import { describe, expect, test } from 'vitest';
import { githubSearch } from '../../../../src/domain/query/github-search.ts';
import { parseQuery } from '../../../../src/domain/query/parser.ts';
import { parseTaskQuery } from '../../../../src/domain/query/task-query.ts';
import { generatedContext } from '../../../bench/query-agreement.ts';
import { githubExampleQueries } from '../../../fakes/github-query-examples.ts';

describe("the examples of GitHub's documentation", () => {
  test.each(githubExampleQueries)('%s is read', (text) => {
    expect(parseQuery(text)).toMatchObject({ kind: 'ok' });
  });

  test.each(githubExampleQueries)('%s is answered by tasks, or refused where it cannot be', (text) => {
    const parsed = parseTaskQuery(text, { me: 'mona' });
    const githubsOwn =
      /\b(mentions|team|commenter|involves|linked|project|status|head|base|language|interactions|reactions|draft|review|reviewed-by|(user-|team-)?review-requested|merged|archived|reason|stars|topics|size|pushed|author-date|committer-date):?|is:(queued|public|internal|private|(un)?merged|(un)?locked|draft)|in:comments?|no:project|type:"?[BE]|^field\./;
    expect(parsed.kind, text).toBe(githubsOwn.test(text) ? 'error' : 'ok');
    if (parsed.kind === 'error') expect(text.slice(parsed.error.column - 1)).toMatch(githubsOwn);
  });

  test('those about issues can be asked of GitHub, those about repositories and commits are refused', () => {
    const refused = githubExampleQueries.filter((text) => {
      const parsed = parseQuery(text);
      return (
        parsed.kind === 'ok' &&
        githubSearch(parsed.query, { context: generatedContext, syntax: 'advanced' }).kind === 'error'
      );
    });
    expect(refused.filter((text) => !/stars:|topics:|size:|pushed:|sort:(author|committer)-date/.test(text))).toEqual(
      [],
    );
  });
});
