import { describe, expect, test } from 'vitest';
import { createOpenApiChecker } from '../../../fakes/openapi-check.ts';

const checker = createOpenApiChecker();
const path = '/repos/octo/slug/git/refs';
const sha = 'a'.repeat(40);
const answer = {
  ref: 'refs/heads/x',
  node_id: 'n',
  url: 'https://api.github.com/x',
  object: { type: 'commit', sha, url: 'https://api.github.com/y' },
};
const good = { method: 'POST', path, requestBody: { ref: 'refs/heads/x', sha }, status: 201, responseBody: answer };

describe("the check against GitHub's OpenAPI", () => {
  test('is content with what is right', () => {
    expect(checker.check(good)).toEqual([]);
    expect(checker.operationOf('GET', '/api/v3/repos/o/r/git/ref/heads/a/b')).toBe(
      'GET /repos/{owner}/{repo}/git/ref/{ref}',
    );
  });

  test.each([
    ['a missing field of the request', { requestBody: { ref: 'refs/heads/x' } }, 'sha'],
    ['a field that GitHub does not know', { requestBody: { ref: 'refs/heads/x', sha, force: true } }, 'force'],
    ['a request without a body', { requestBody: undefined }, 'body is required'],
    ['a missing field of the answer', { responseBody: { ...answer, object: { type: 'commit', sha } } }, 'url'],
    ['a wrong type in the answer', { responseBody: { ...answer, ref: 7 } }, 'string'],
    ['a status that GitHub never answers', { status: 200 }, 'status 200'],
    ['an error without a message', { status: 409, responseBody: {} }, 'message'],
    ['a path that GitHub does not have', { path: '/repos/octo/slug/git/references' }, 'not in the extract'],
    ['a query that GitHub does not know', { query: '?colour=red' }, 'colour'],
  ])('finds %s', (_, fault, named) => {
    expect(checker.check({ ...good, ...fault }).join('\n')).toContain(named);
  });
});
