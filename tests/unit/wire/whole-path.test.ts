import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pathOf } from '../../../src/wire/endpoint.ts';
import { endpoints } from '../../../src/wire/endpoints/all.ts';
import { wholePath } from '../../../src/wire/whole-path.ts';

const key = 'github/octo/slug/issues/1';

describe('the path of a request that a gateway may have decoded', () => {
  it.each([
    ['GET', `/v1/claims/${key}`, `/v1/claims/${encodeURIComponent(key)}`],
    ['POST', '/v1/claims/acquire', '/v1/claims/acquire'],
    ['POST', `/v1/tasks/${key}/change`, `/v1/tasks/${encodeURIComponent(key)}/change`],
    ['PUT', `/v1/tasks/${key}/dependencies/github`, `/v1/tasks/${encodeURIComponent(key)}/dependencies/github`],
    ['GET', '/v1/runs/coder/01JD', '/v1/runs/coder%2F01JD'],
    [
      'GET',
      '/v1/budgets/repository/octo/slug/day/2026-11-21',
      '/v1/budgets/repository%2Focto%2Fslug%2Fday%2F2026-11-21',
    ],
    ['GET', '/', '/'],
    ['GET', '/healthz', '/healthz'],
  ])('%s %s is %s', (method, path, expected) => {
    expect(wholePath(endpoints, method, path)).toBe(expected);
  });

  it('is nothing else when nobody decoded it, for every endpoint', () => {
    for (const endpoint of endpoints) {
      const names = [...endpoint.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
      const params = Object.fromEntries(names.map((name, at) => [name, at === 0 ? key : 'text']));
      const path = pathOf(endpoint, params);
      expect(wholePath(endpoints, endpoint.method, path)).toBe(path);
      expect(wholePath(endpoints, endpoint.method, decodeURIComponent(path))).toBe(path);
    }
  });

  it('stays one path of an address, whatever it holds', () => {
    fc.assert(
      fc.property(fc.constantFrom('GET', 'POST', 'PUT', 'DELETE'), fc.string(), (method, text) => {
        const path = wholePath(endpoints, method, `/${text}`);
        const url = new URL(`https://host${path}`);
        expect([url.origin, url.search, url.hash]).toEqual(['https://host', '', '']);
      }),
    );
  });
});
