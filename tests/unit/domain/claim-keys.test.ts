import { describe, expect, it } from 'vitest';
import { claimRef } from '../../../src/adapters/github/git-refs-claim-store.ts';
import { isLookKey, issueClaimKey, pullClaimKey } from '../../../src/domain/claim.ts';
import { claimPlace } from '../../../src/domain/claim-place.ts';
import { parseClaimRecord } from '../../../src/domain/claim-record.ts';
import { scopesOfClaim } from '../../../src/domain/coordination/budget-draws.ts';
import { readClaimReference } from '../../../src/domain/coordination/claim-reference.ts';

const repository = { owner: 'octo', name: 'slug' };
const looks = (['review', 'verification'] as const).map((look) => pullClaimKey('Octo', 'Slug', 43, look));

describe('the claim of a look at a pull request', () => {
  it.each(looks)('%s is one of its own, at a place that is known', (key) => {
    expect(isLookKey(key)).toBe(true);
    expect(claimPlace(key)).toEqual({ repository, number: 43 });
    expect(readClaimReference(key, undefined)).toEqual({ kind: 'key', key });
    expect(claimRef(key, repository)).toMatch(/^agents\/claims\/[0-9a-f]{32}$/);
  });

  it('draws from the same books as work on that number', () => {
    const scopes = scopesOfClaim('github/octo/slug/pulls/43').map(({ scope }) => scope);
    expect(scopes[0]).toBe('issue/octo/slug/43');
    for (const key of looks) expect(scopesOfClaim(key).map(({ scope }) => scope)).toEqual(scopes);
  });

  it.each([
    issueClaimKey('octo', 'slug', 43),
    'github/octo/slug/pulls/43',
    'github/octo/slug/issues/43/review',
    'github/octo/slug/pulls/43/change',
    'github/octo/slug/pulls/0/review',
    'locks/pulls/43/review',
  ])('is not %s', (key) => {
    expect(isLookKey(key)).toBe(false);
  });
});

it('a claim tells for whom its run works, and is none when that is no name', () => {
  const holder = { owner: 'coder/r', runId: 'r', kind: 'agent', reason: 'fix', askedBy: 'alice' };
  const record = {
    ...{ schema: 1, key: issueClaimKey('octo', 'slug', 1), state: 'held', holder, leaseId: 'l' },
    ...{ fence: 1, acquiredAt: 1, expiresAt: 2, ttlMs: 1 },
  };
  expect(parseClaimRecord(record)?.holder.askedBy).toBe('alice');
  expect(parseClaimRecord({ ...record, holder: { ...holder, askedBy: 7 } })).toBeUndefined();
});
