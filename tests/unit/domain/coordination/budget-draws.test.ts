import { describe, expect, it } from 'vitest';
import {
  budgetDraws,
  defaultCaps,
  scopeKind,
  scopesOfClaim,
} from '../../../../src/domain/coordination/budget-draws.ts';

const now = Date.UTC(2026, 10, 21, 23, 59, 59, 999);

describe('the budgets of a claim', () => {
  it('are those of its issue, its repository and its organisation, in all and of the day in UTC', () => {
    expect(budgetDraws('github/Octo/Slug/issues/42', now, () => undefined)).toEqual([
      { key: 'issue/octo/slug/42', caps: defaultCaps.issue },
      { key: 'repository/octo/slug', caps: defaultCaps.repository },
      { key: 'repository/octo/slug/day/2026-11-21', caps: defaultCaps['repository/day'] },
      { key: 'organisation/octo', caps: defaultCaps.organisation },
      { key: 'organisation/octo/day/2026-11-21', caps: defaultCaps['organisation/day'] },
    ]);
    expect(budgetDraws('github/octo/slug/pulls/42', now + 1, () => undefined)[2]?.key).toBe(
      'repository/octo/slug/day/2026-11-22',
    );
  });

  it('are limited as a person set them, scope by scope', () => {
    const set = { 'repository/octo/slug/day': { microUsd: 1 } } as Record<string, { microUsd: number }>;
    const draws = budgetDraws('github/octo/slug/issues/1', now, (scope) => set[scope]);
    expect(draws.map(({ caps }) => caps)).toEqual([
      defaultCaps.issue,
      defaultCaps.repository,
      { microUsd: 1 },
      defaultCaps.organisation,
      defaultCaps['organisation/day'],
    ]);
  });

  it('are none for a lock that is no issue', () => {
    expect(budgetDraws('locks/deploy', now, () => undefined)).toEqual([]);
  });

  it('are, for another lock of a repository, the number of locks that it may hold', () => {
    const draws = budgetDraws('github/Octo/slug/locks/deploy', now, () => undefined);
    expect(draws).toEqual([{ key: 'repository/octo/slug/locks', caps: defaultCaps['repository/locks'] }]);
    expect(scopeKind('repository/octo/slug/locks')).toBe('repository/locks');
  });

  it('have scopes that are known as what they are, and no others', () => {
    const kinds = scopesOfClaim('github/octo/slug/issues/1').map(({ scope }) => scopeKind(scope));
    expect(kinds).toEqual(['issue', 'repository', 'repository/day', 'organisation', 'organisation/day']);
    for (const odd of ['repository/octo', 'issue/a/b/0', 'organisation/a/b', 'repository/a/b/day/2026-11-21', '']) {
      expect(scopeKind(odd), odd).toBeUndefined();
    }
  });
});
