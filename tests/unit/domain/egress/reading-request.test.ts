import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeRequest } from '../../../../src/domain/egress/reading-request.ts';

const get = (path: string, headers = {}) => judgeRequest({ method: 'GET', path, headers });

describe('a request to an allowed host', () => {
  it('reads, and says what is wanted and not who wants it', () => {
    const headers = { accept: '*/*', range: 'bytes=0-1', authorization: 'Bearer x', cookie: 'a=b', 'x-anything': '1' };
    expect(get('/package', headers)).toEqual({
      kind: 'reads',
      headers: { accept: '*/*', range: 'bytes=0-1' },
      body: 'none',
    });
  });

  it('passes on nothing but headers of a list, whatever there is', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string()), (headers) => {
        const judged = judgeRequest({ method: 'GET', path: '/', headers });
        if (judged.kind === 'refused') return;
        for (const name of Object.keys(judged.headers))
          expect(name).toMatch(/^(accept|cache|git|if-|pragma|range|user)/);
      }),
    );
  });

  it('is refused with any other method or with a body', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Z]{1,10}$/), (method) => {
        fc.pre(method !== 'GET' && method !== 'HEAD');
        expect(judgeRequest({ method, path: '/', headers: {} })).toMatchObject({ kind: 'refused' });
      }),
    );
    expect(get('/', { 'content-length': '1' })).toMatchObject({ kind: 'refused' });
    expect(get('/', { 'transfer-encoding': 'chunked' })).toMatchObject({ kind: 'refused' });
    expect(get('/', { 'content-length': '0' })).toMatchObject({ kind: 'reads' });
  });

  it('may ask git for objects, and hand over none', () => {
    const ask = (path: string, type: string) =>
      judgeRequest({ method: 'POST', path, headers: { 'content-type': type, authorization: 'x' } });
    expect(ask('/a/b.git/git-upload-pack', 'application/x-git-upload-pack-request')).toEqual({
      kind: 'reads',
      headers: { 'content-type': 'application/x-git-upload-pack-request' },
      body: 'sent-on',
    });
    expect(ask('/a/b.git/git-upload-pack', 'text/plain')).toMatchObject({ kind: 'refused' });
    expect(ask('/a/b.git/git-receive-pack', 'application/x-git-receive-pack-request')).toMatchObject({
      kind: 'refused',
    });
    expect(ask('/x?/git-upload-pack', 'application/x-git-upload-pack-request')).toMatchObject({ kind: 'refused' });
  });

  it.each([
    'access_token',
    'accessToken',
    'token',
    'api-key',
    'apikey',
    'X-Amz-Signature',
    'X-Goog-Credential',
    'sig',
    'key',
    'jwt',
    'SESSION',
  ])('is refused with %s in its address, unless a redirect gave that address out', (parameter) => {
    const path = `/file?a=b&${parameter}=secret`;
    expect(get(path)).toMatchObject({ kind: 'refused', why: expect.stringContaining(parameter) });
    expect(judgeRequest({ method: 'GET', path, headers: {} }, (given) => given === path)).toMatchObject({
      kind: 'reads',
    });
  });

  it.each(['name', 'version', 'monkey', 'q', 'design', 'keyword', 'author', 'write'])('may ask for %s', (parameter) => {
    expect(get(`/search?${parameter}=x`)).toMatchObject({ kind: 'reads' });
  });

  it('is judged in no time when it is huge', () => {
    const started = performance.now();
    get(`/?${'a'.repeat(65_536)}`);
    get(`/?${'-'.repeat(8_000)}`);
    get(`/?${'a=b&'.repeat(2_000)}`);
    expect(performance.now() - started).toBeLessThan(50);
  });
});

describe('what is told of who reads', () => {
  const sent = (headers: Record<string, string>) => {
    const judged = judgeRequest({ method: 'GET', path: '/a', headers });
    return judged.kind === 'reads' ? judged.headers : judged;
  };

  it.each([
    ['pip/25.1 {"installer":{"name":"c2VjcmV0"}}', 'pip/25.1'],
    ['npm/11.6.1 node/v24.21.0 linux x64 workspaces/false', 'npm/11.6.1'],
    ['Go-http-client/1.1', 'Go-http-client/1.1'],
    ['Mozilla/5.0 c2VjcmV0', 'entropy-playground'],
    ['c2VjcmV0IG9mIHRoZSByZXBvc2l0b3J5', 'entropy-playground'],
    ['pipc2VjcmV0/1', 'entropy-playground'],
    ['npm/123456789012345', 'npm'],
  ])('of the program "%s" only what it is called: %s', (told, kept) => {
    expect(sent({ 'user-agent': told })).toEqual({ 'user-agent': kept });
  });

  it('no language, and no condition that is not one', () => {
    const etag = 'W/"5f3a-abc"';
    const date = 'Wed, 21 Oct 2026 07:28:00 GMT';
    expect(sent({ 'accept-language': 'c2VjcmV0', 'if-none-match': 'secret words, many of them' })).toEqual({});
    const fine = { 'if-none-match': etag, 'if-modified-since': date };
    expect(sent(fine)).toEqual(fine);
  });

  it.each(['AWSAccessKeyId', 'token[]', 'bearer', 'code', 'pass'])('nothing by the parameter %s', (name) => {
    const judged = judgeRequest({ method: 'GET', path: `/a?x=1;${name}=abc`, headers: {} });
    expect(judged.kind).toBe('refused');
  });
});
