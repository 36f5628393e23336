import { describe, expect, test } from 'vitest';
import type { ApiKey } from '../../../../src/domain/access/api-key.ts';
import {
  type Caller,
  mayTouchBudget,
  mayTouchKey,
  prefixWithin,
  recordedActor,
} from '../../../../src/domain/access/caller.ts';
import { decideAccess } from '../../../../src/domain/access/endpoint-access.ts';
import { decideKey, isLiveAdmin } from '../../../../src/domain/access/key-state.ts';
import { decideRunner, defaultRunnerEvents, type RunnerClaims } from '../../../../src/domain/access/runner-policy.ts';
import { queryWithin } from '../../../../src/domain/access/scoped-query.ts';
import { parseQuery } from '../../../../src/domain/query/parser.ts';
import { printQuery } from '../../../../src/domain/query/printer.ts';

const key: ApiKey = { id: '1', name: 'ci', role: 'operator', createdAt: 0, createdBy: 'system' };
const unlimited: Caller = { kind: 'key', keyId: '1', name: 'ci', role: 'operator' };
const limited: Caller = { ...unlimited, repositories: ['octo/slug'] };
const runner: Caller = {
  kind: 'runner',
  repository: 'octo/slug',
  repositoryId: '1',
  actor: 'ada',
  workflowRunId: '2',
  workflowRunAttempt: 1,
  workflowRef: 'octo/slug/.github/workflows/agent.yml@refs/heads/main',
};

describe('a key', () => {
  test.each([
    [key, 'current', 5, 'valid'],
    [key, 'neither', 5, 'wrong-secret'],
    [{ ...key, expiresAt: 5 }, 'current', 4, 'valid'],
    [{ ...key, expiresAt: 5 }, 'current', 5, 'expired'],
    [{ ...key, revokedAt: 1 }, 'current', 5, 'revoked'],
    [{ ...key, revokedAt: 1 }, 'neither', 5, 'wrong-secret'],
    [key, 'old', 5, 'rotated-out'],
    [{ ...key, oldSecretUntil: 6 }, 'old', 5, 'valid'],
    [{ ...key, oldSecretUntil: 5 }, 'old', 5, 'rotated-out'],
  ] as const)('%j with its %s secret at %i is %s', (of, shown, now, expected) => {
    const state = decideKey(of, shown, now);
    expect(state.kind === 'valid' ? 'valid' : state.why).toBe(expected);
  });

  test('counts as a living admin only without a limit', () => {
    expect(isLiveAdmin({ ...key, role: 'admin' }, 1)).toBe(true);
    expect(isLiveAdmin({ ...key, role: 'admin', repositories: ['octo/slug'] }, 1)).toBe(false);
    expect(isLiveAdmin({ ...key, role: 'admin', expiresAt: 1 }, 1)).toBe(false);
    expect(isLiveAdmin(key, 1)).toBe(false);
  });
});

describe('a caller', () => {
  test.each([
    ['github/octo/slug/issues/1', true],
    ['github/octo/slug-two/issues/1', false],
    ['github/octo/slugissues/1', false],
    ['github/acme/one/issues/1', false],
    ['locks/deploy', false],
  ])('who is limited may touch %s: %s', (of, expected) => {
    expect(mayTouchKey(limited, of)).toBe(expected);
    expect(mayTouchKey(runner, of)).toBe(expected);
    expect(mayTouchKey(unlimited, of)).toBe(true);
  });

  test.each([
    ['issue/octo/slug/1', true],
    ['issue/octo/slug-two/1', false],
    ['repository/octo/slug', true],
    ['repository/octo/slug/day/2026-11-21', true],
    ['repository/octo/slug-two', false],
    ['organisation/octo/day/2026-11-21', true],
    ['organisation/octopus', false],
  ])('who is limited may draw from %s: %s', (of, expected) => {
    expect(mayTouchBudget(runner, of)).toBe(expected);
  });

  test('lists within what it may see', () => {
    expect(prefixWithin(unlimited, undefined)).toEqual({ kind: 'prefix' });
    expect(prefixWithin(limited, undefined)).toEqual({ kind: 'prefix', prefix: 'github/octo/slug/' });
    expect(prefixWithin(limited, 'github/octo/slug/pulls/')).toMatchObject({ prefix: 'github/octo/slug/pulls/' });
    for (const asked of ['github/', 'github/octo/slug', 'github/octo/slug-two/', 'issue']) {
      expect(prefixWithin(limited, asked).kind).toBe('refused');
    }
    expect(prefixWithin({ ...limited, repositories: ['a/b', 'c/d'] }, '').kind).toBe('refused');
  });

  test('is recorded by the name of its agent, or by its own', () => {
    expect(recordedActor(runner, 'coder/1')).toBe('coder/1');
    for (const taken of [undefined, 'key/other', 'github/eve', 'runner/x', 'webhook/github', 'system', 'sweeper']) {
      expect(recordedActor(runner, taken)).toBe('github/ada');
      expect(recordedActor(unlimited, taken)).toBe('key/ci');
    }
  });

  test('may call by its role', () => {
    const access = { role: 'operator', runners: 'refused' } as const;
    expect(decideAccess(unlimited, access).kind).toBe('allowed');
    expect(decideAccess({ ...unlimited, role: 'admin' }, access).kind).toBe('allowed');
    expect(decideAccess({ ...unlimited, role: 'viewer' }, access)).toEqual({
      kind: 'refused',
      needs: 'operator',
      has: 'viewer',
    });
    expect(decideAccess(runner, access)).toEqual({ kind: 'refused', needs: 'operator', has: 'runner' });
    expect(decideAccess(runner, { ...access, runners: 'own-repository' }).kind).toBe('allowed');
  });
});

describe('a query of a limited caller', () => {
  test.each([
    ['', 'repo:octo/slug'],
    ['is:open OR repo:acme/one', '(is:open OR repo:acme/one) repo:octo/slug'],
    ['sort:updated-desc crash in:title', 'sort'],
  ])('%j stays within its repositories', (text, expected) => {
    const parsed = parseQuery(text);
    if (parsed.kind === 'error') throw new Error(parsed.error.message);
    const scoped = queryWithin(limited, parsed.query);
    expect(printQuery(scoped)).toContain(expected);
    expect(queryWithin(unlimited, parsed.query)).toBe(parsed.query);
    const parts = scoped.kind === 'and' ? scoped.parts : [scoped];
    expect(parts).toContainEqual({ kind: 'term', field: 'repo', values: [{ kind: 'literal', text: 'octo/slug' }] });
    const sorts = parts.filter((part) => part.kind === 'term' && part.field === 'sort');
    expect(sorts).toHaveLength(text.includes('sort:') ? 1 : 0);
  });
});

describe('a workflow job', () => {
  const claims: RunnerClaims = {
    repository: 'Octo/Slug',
    repositoryId: '7',
    repositoryOwnerId: '21',
    actor: 'ada',
    workflowRunId: '9',
    workflowRunAttempt: 2,
    workflowRef: 'octo/slug/.github/workflows/agent.yml@refs/heads/main',
    event: 'issues',
  };
  const policy = { repositories: [{ glob: 'octo/*', id: '7' }], workflows: [], events: ['issues'] };

  test('is let in by repository, id, workflow and event', () => {
    expect(decideRunner(claims, policy)).toMatchObject({ kind: 'runner', caller: { repository: 'octo/slug' } });
    expect(decideRunner({ ...claims, repositoryId: '8' }, policy)).toMatchObject({ what: 'repository' });
    const pinned = { ...policy, repositories: [{ glob: 'octo/*', ownerId: '21' }] };
    expect(decideRunner(claims, pinned).kind).toBe('runner');
    expect(decideRunner({ ...claims, repositoryOwnerId: '22' }, pinned)).toMatchObject({ what: 'repository' });
    expect(decideRunner({ ...claims, repository: 'octo/a/b' }, policy)).toMatchObject({ what: 'repository' });
    expect(decideRunner({ ...claims, event: 'push' }, policy)).toMatchObject({ what: 'event' });
    const workflows = ['octo/slug/.github/workflows/*@refs/heads/release/**'];
    expect(decideRunner(claims, { ...policy, workflows })).toMatchObject({ what: 'workflow' });
    const released = { ...claims, workflowRef: 'octo/slug/.github/workflows/a.yml@refs/heads/release/1/2' };
    expect(decideRunner(released, { ...policy, workflows })).toMatchObject({ kind: 'runner' });
  });

  test.each(['pull_request', 'pull_request_target', 'pull_request_review', 'pull_request_review_comment', 'push'])(
    'that %s started is let in only where somebody says so: it may run what a branch says',
    (event) => {
      expect(decideRunner({ ...claims, event }, { ...policy, events: defaultRunnerEvents })).toMatchObject({
        what: 'event',
      });
      expect(decideRunner({ ...claims, event }, { ...policy, events: [event] }).kind).toBe('runner');
    },
  );
});
