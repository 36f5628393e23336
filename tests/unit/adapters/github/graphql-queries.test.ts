import { describe, expect, test } from 'vitest';
import type { GitHubApi } from '../../../../src/adapters/github/api.ts';
import { askToMerge, takeBackMerge } from '../../../../src/adapters/github/auto-merge.ts';
import { readCommitTexts } from '../../../../src/adapters/github/commit-records.ts';
import { createOwnAuthor } from '../../../../src/adapters/github/own-author.ts';
import { createReviewThreads } from '../../../../src/adapters/github/review-threads.ts';
import { createGraphqlChecker } from '../../../fakes/graphql-check.ts';
import { apiFixture } from './github-api.fixture.ts';

const check = createGraphqlChecker();
const sha = 'a'.repeat(40);
const noMore = { hasNextPage: false, endCursor: null };
const more = { hasNextPage: true, endCursor: 'Mg' };
const comments = (pageInfo: object, ...ids: string[]) => ({
  pageInfo,
  nodes: ids.map((fullDatabaseId) => ({ fullDatabaseId })),
});
const thread = (comment: object) => ({ id: 'PRRT_1', isResolved: false, isOutdated: false, comments: comment });
const threads = (...nodes: object[]) => ({
  repository: { pullRequest: { reviewThreads: { pageInfo: noMore, nodes } } },
});

const queryIn = (body: unknown) => (body as { readonly query: string }).query;

/** What is asked when GitHub answers so, in order. */
async function queriesOf(answers: readonly object[], ask: (api: GitHubApi) => Promise<unknown>) {
  await using at = await apiFixture(answers.map((data) => ({ expect: 'POST /graphql', body: { data } })));
  const value = await ask(at.api);
  at.done();
  return { value, queries: at.server.bodies.map(queryIn) };
}

describe("what our client asks of GitHub's GraphQL", () => {
  const pull = { id: 'PR_1', isDraft: true };
  const merging = { repository: { viewerDefaultMergeMethod: 'MERGE', pullRequest: { id: 'PR_1' } } };
  const commit = { oid: sha, message: 'm', tree: { oid: sha } };
  test.each<[string, readonly object[], (api: GitHubApi) => Promise<unknown>]>([
    [
      'conversations, and the rest of a long one',
      [threads(thread(comments(more, '1'))), { node: { comments: comments(noMore, '2') } }],
      (api) => createReviewThreads(api).threads(7),
    ],
    ['the end of one', [{ resolveReviewThread: {} }], (api) => createReviewThreads(api).resolveThread('PRRT_1')],
    ['its beginning anew', [{ unresolveReviewThread: {} }], (api) => createReviewThreads(api).reopenThread('PRRT_1')],
    [
      'a draft to become ready',
      [{ repository: { pullRequest: pull } }, { markPullRequestReadyForReview: { pullRequest: pull } }],
      (api) => createReviewThreads(api).markReady(7),
    ],
    ['a merge', [merging, { enablePullRequestAutoMerge: { pullRequest: pull } }], (api) => askToMerge(api, 7, sha)],
    [
      'no merge any more',
      [
        { repository: { pullRequest: { id: 'PR_1', autoMergeRequest: { enabledAt: '2026-11-02T14:00:00Z' } } } },
        { disablePullRequestAutoMerge: { pullRequest: pull } },
      ],
      (api) => takeBackMerge(api, 7),
    ],
    ['commits', [{ repository: { c0: commit } }], (api) => readCommitTexts(api, [sha], 'read')],
  ])('is as its schema says: %s', async (_, answers, ask) => {
    const { queries } = await queriesOf(answers, ask);
    expect(queries).toHaveLength(answers.length);
    expect(queries.flatMap((query) => check(query))).toEqual([]);
  });

  test('is as its schema says: eyes on a review', async () => {
    await using at = await apiFixture([
      { expect: 'GET /repos/octo/slug/pulls/7/reviews/9', body: { node_id: 'PRR_9' } },
      { expect: 'POST /graphql', body: { data: { addReaction: {} } } },
    ]);
    await createReviewThreads(at.api).react(7, 9);
    expect(check(queryIn(at.server.bodies[1]))).toEqual([]);
  });

  test('is as its schema says: whose token this is', async () => {
    await using at = await apiFixture([
      { expect: 'GET /user', status: 403, body: { message: 'no' } },
      { expect: 'POST /graphql', body: { data: { viewer: { login: 'alice' } } } },
    ]);
    expect(await createOwnAuthor(at.api).isOwnAuthor('alice')).toBe(true);
    expect(check(queryIn(at.server.bodies[1]))).toEqual([]);
  });

  test('is the id of a comment in full: it has left 32 bits behind', async () => {
    const { value } = await queriesOf([threads(thread(comments(noMore, '2987654321', '4294967301')))], (api) =>
      createReviewThreads(api).threads(7),
    );
    expect(value).toMatchObject([{ comments: [2_987_654_321, 4_294_967_301] }]);
    const wrong = queriesOf([threads(thread(comments(noMore, '9007199254740993')))], (api) =>
      createReviewThreads(api).threads(7),
    );
    await expect(wrong).rejects.toMatchObject({ code: 'E200' });
  });
});

describe("the check against GitHub's GraphQL schema", () => {
  const ofPull = (what: string, head = '$number:Int!') =>
    `query($owner:String!,$name:String!,${head}){repository(owner:$owner,name:$name){pullRequest(number:$number){${what}}}}`;
  test.each([
    ['a field that is deprecated', ofPull('databaseId'), 'PullRequest.databaseId is deprecated'],
    ['a field that is not there', ofPull('colour'), 'PullRequest has no field colour'],
    ['an object of which nothing is asked', ofPull('reviewThreads(first:1)'), undefined],
    ['a variable of another type', ofPull('id', '$number:String!'), '$number is String!, and number takes Int!'],
    ['a variable that may be missing', ofPull('id', '$number:Int'), '$number is Int, and number takes Int!'],
    ['a variable that is declared nowhere', ofPull('id', '$other:Int!'), '$number is declared nowhere'],
    ['an argument that nobody takes', ofPull('reviewThreads(colour:1){totalCount}'), 'takes no colour'],
    ['an argument that is lacking', 'query{repository(owner:"a"){id}}', 'Query.repository lacks name'],
    ['a part of an input that is lacking', 'mutation{resolveReviewThread(input:{}){thread{id}}}', 'lacks threadId'],
    ['a type that it cannot be', 'query{viewer{...on PullRequest{id}}}', 'no User is a PullRequest'],
    ['what breaks off', 'query{viewer{login}', 'ends too early'],
  ])('finds %s', (_, query, found) => {
    expect(check(query).join('\n')).toContain(found ?? 'is an object');
  });

  test('finds answers that GitHub would not give', () => {
    const query = ofPull('reviewThreads(first:1){nodes{id comments(first:1){nodes{fullDatabaseId}}}}');
    const of = (nodes: unknown) => ({ data: { repository: { pullRequest: { reviewThreads: { nodes } } } } });
    const told = (fullDatabaseId: unknown) => [{ id: 'PRRT_1', comments: { nodes: [{ fullDatabaseId }] } }];
    expect(check(query, of(told('2987654321')))).toEqual([]);
    expect(check(query, of(told(7))).join()).toContain('no BigInt');
    expect(check(query, of([{ id: null }])).join()).toContain('has no PullRequestReviewThread.id');
    expect(check(query, of({})).join()).toContain('no list');
  });
});
