import { describe, expect, it } from 'vitest';
import { createGitHubForge } from '../../../../src/adapters/github/forge.ts';
import { apiFixture, commentBody, errorOf, issueBody, issuePath } from './github-api.fixture.ts';

const getIssue = `GET ${issuePath}`;
const postComment = `POST ${issuePath}/comments`;
const listComments = (page: number) => `GET ${issuePath}/comments?per_page=100&page=${page}`;
const limited = (headers: Record<string, string>, message = 'API rate limit exceeded for installation ID 1.') => ({
  status: 403,
  headers,
  body: { message, documentation_url: 'https://docs.github.com/rate' },
});

describe('a request', () => {
  it('carries the token, names the program and the version of the API, and is counted by its endpoint', async () => {
    await using at = await apiFixture([{ expect: getIssue, body: issueBody }], { path: '' });
    const forge = createGitHubForge(at.api);
    expect(await forge.issue(1)).toMatchObject({ author: 'ghost', body: '', labels: ['bug', 'agent'], comments: [] });
    expect(at.server.headers[0]).toMatchObject({
      authorization: 'token ghs_canary',
      'user-agent': expect.stringContaining('entropy-playground/0.1.0'),
      'x-github-api-version': '2022-11-28',
    });
    expect(forge.requestCounts()).toEqual({ 'GET /repos/{owner}/{repo}/issues/{issue_number}': 1 });
  });

  it('goes to the path of an Enterprise Server', async () => {
    await using at = await apiFixture([{ expect: `GET /api/v3${issuePath}`, body: issueBody }], { path: '/api/v3/' });
    await createGitHubForge(at.api).issue(1);
    at.done();
  });

  it('reads a list to its last page', async () => {
    const more = {
      link: '<https://api.github.com/x?page=2>; rel="next", <https://api.github.com/x?page=3>; rel="last"',
    };
    await using at = await apiFixture([
      { expect: listComments(1), body: [commentBody(1, 'a')], headers: more },
      { expect: listComments(2), body: [commentBody(2, 'b')], headers: more },
      { expect: listComments(3), body: [commentBody(3, 'c')], headers: { link: '<https://x>; rel="prev"' } },
    ]);
    const comments = await createGitHubForge(at.api).comments(1);
    expect(comments.map(({ body }) => body)).toEqual(['a', 'b', 'c']);
    at.done();
  });
});

describe('trouble on the way', () => {
  it.each([
    ['a 502', { status: 502, body: { message: 'Server Error' } }],
    ['a dropped connection', { how: 'drop' }],
    ['half an answer', { how: 'torn', body: issueBody }],
  ] as const)('is sat out for what may be repeated: %s', async (_name, fault) => {
    await using at = await apiFixture([
      { expect: getIssue, ...fault },
      { expect: getIssue, ...fault },
      { expect: getIssue, body: issueBody },
    ]);
    const forge = createGitHubForge(at.api);
    expect((await forge.issue(1)).number).toBe(1);
    expect(at.clock.sleeps).toEqual([500, 2_000]);
    expect(forge.requestCounts()).toEqual({ 'GET /repos/{owner}/{repo}/issues/{issue_number}': 3 });
    at.done();
  });

  it('ends as E205 after four attempts', async () => {
    const fault = { expect: getIssue, status: 503, body: '<html>unicorn</html>' };
    await using at = await apiFixture([fault, fault, fault, fault]);
    const error = await errorOf(createGitHubForge(at.api).issue(1));
    expect(error).toMatchObject({ code: 'E205', retryable: true });
    expect(error.message).toMatch(/^cannot read issue #1 in octo\/slug: GitHub answered 503/);
    at.done();
  });

  it('counts no answer in time as no answer', async () => {
    await using at = await apiFixture(
      [
        { expect: getIssue, how: 'hang' },
        { expect: getIssue, body: issueBody },
      ],
      {
        requestTimeoutMs: 50,
      },
    );
    expect((await createGitHubForge(at.api).issue(1)).number).toBe(1);
    at.done();
  });

  it('ends at once with the reason of whoever ends it, in a request and in a wait', async () => {
    await using hanging = await apiFixture([{ expect: getIssue, how: 'hang' }]);
    const pending = createGitHubForge(hanging.api).issue(1);
    setTimeout(() => hanging.abort.abort(new Error('cancelled by the runner')), 20);
    await expect(pending).rejects.toThrow('cancelled by the runner');

    await using waiting = await apiFixture([{ expect: getIssue, ...limited({ 'retry-after': '30' }) }]);
    const limitedCall = createGitHubForge(waiting.api).issue(1);
    setTimeout(() => waiting.abort.abort(new Error('cancelled by the runner')), 0);
    await expect(limitedCall).rejects.toThrow('cancelled by the runner');
  });
});

describe('a comment', () => {
  it('is not written twice when its answer was lost', async () => {
    await using at = await apiFixture([
      { expect: postComment, how: 'drop' },
      { expect: listComments(1), body: [commentBody(7, 'other'), commentBody(8, 'hello\r\nyou')] },
      { expect: 'GET /user', status: 403, body: { message: 'Resource not accessible by integration' } },
      { expect: 'POST /graphql', body: { data: { viewer: { login: 'entropy[bot]' } } } },
    ]);
    const comment = await createGitHubForge(at.api).createComment(1, 'hello\nyou');
    expect(comment.id).toBe(8);
    at.done();
  });

  it('is written again when the first try left none, and an old one of the same text does not count', async () => {
    await using at = await apiFixture([
      { expect: postComment, status: 502, body: { message: 'Bad Gateway' } },
      { expect: listComments(1), body: [commentBody(3, 'hello', '2026-11-01T00:00:00Z')] },
      { expect: postComment, status: 201, body: commentBody(9, 'hello') },
    ]);
    expect((await createGitHubForge(at.api).createComment(1, 'hello')).id).toBe(9);
    at.done();
  });

  it('is asked for again after a rate limit, for then nothing was done', async () => {
    await using at = await apiFixture([
      { expect: postComment, ...limited({ 'retry-after': '3' }, 'You have exceeded a secondary rate limit') },
      { expect: postComment, status: 201, body: commentBody(9, 'hello') },
    ]);
    expect((await createGitHubForge(at.api).createComment(1, 'hello')).id).toBe(9);
    expect(at.clock.sleeps).toEqual([4_000]);
    expect(at.log[0]).toContain('secondary rate limit; asking again in 4 s');
    at.done();
  });
});

describe('a rate limit', () => {
  it('that ends soon is waited for', async () => {
    await using at = await apiFixture([
      {
        expect: getIssue,
        ...limited({
          'x-ratelimit-remaining': '0',
          'x-ratelimit-reset': String(Date.UTC(2026, 10, 2, 14, 2, 20) / 1_000),
        }),
      },
      { expect: getIssue, body: issueBody },
    ]);
    await createGitHubForge(at.api).issue(1);
    expect(at.clock.sleeps).toEqual([21_000]);
    at.done();
  });

  it('that ends late is E203 with the time of its end, at once', async () => {
    await using at = await apiFixture([
      {
        expect: getIssue,
        ...limited({
          'x-ratelimit-remaining': '0',
          'x-ratelimit-reset': String(Date.UTC(2026, 10, 2, 14, 45, 0) / 1_000),
        }),
      },
    ]);
    const error = await errorOf(createGitHubForge(at.api).issue(1));
    expect(error).toMatchObject({ code: 'E203', retryable: true });
    expect(error.message).toBe(
      'cannot read issue #1 in octo/slug: the primary rate limit is used up until 2026-11-02T14:45:01Z',
    );
    expect(at.clock.sleeps).toEqual([]);
  });

  it('that comes back again and again is waited for within the bound only', async () => {
    const again = { expect: getIssue, status: 429, headers: { 'retry-after': '39' }, body: { message: 'slow down' } };
    await using at = await apiFixture([again, again, again]);
    expect((await errorOf(createGitHubForge(at.api).issue(1))).code).toBe('E203');
    expect(at.clock.sleeps).toEqual([40_000, 40_000]);
    at.done();
  });

  it('that names no time means a minute', async () => {
    await using at = await apiFixture([
      { expect: getIssue, ...limited({}, 'You have triggered an abuse detection mechanism.') },
      { expect: getIssue, body: issueBody },
    ]);
    await createGitHubForge(at.api).issue(1);
    expect(at.clock.sleeps).toEqual([60_000]);
  });
});

describe('writes', () => {
  it('go at once while they are few, and one a second when they are many', async () => {
    const reply = { expect: `POST ${issuePath}/comments`, status: 201, body: commentBody(1, 'x') };
    await using at = await apiFixture(Array.from({ length: 23 }, () => reply));
    const forge = createGitHubForge(at.api);
    for (let index = 0; index < 23; index += 1) await forge.createComment(1, 'x');
    expect(at.clock.sleeps).toEqual([1_000, 1_000, 1_000]);
    at.done();
  });
});
