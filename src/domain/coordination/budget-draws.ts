import type { ClaimKey } from '../claim.ts';
import type { BudgetCaps, BudgetDraw, BudgetScope } from './budget-record.ts';

/** A scope that a claim draws from, and whether its books begin anew each day. */
export interface ScopeOfClaim {
  readonly scope: BudgetScope;
  readonly kind: BudgetScopeKind;
  readonly daily: boolean;
}

/**
 * What counts where nobody set anything: never unlimited. In money and tokens an issue has room for five runs at their
 * default ceilings (2 USD, 4 million tokens), a repository for 25 a day, an organisation for 100 a day. Locks that a repository names itself are no work, only so many at once.
 */
export const defaultCaps = {
  issue: { microUsd: 10_000_000, tokens: 20_000_000 },
  repository: { runs: 5 },
  'repository/day': { microUsd: 50_000_000, tokens: 100_000_000 },
  'repository/locks': { runs: 100 },
  organisation: { runs: 20 },
  'organisation/day': { microUsd: 200_000_000, tokens: 400_000_000 },
} as const satisfies Readonly<Record<string, BudgetCaps>>;

export type BudgetScopeKind = keyof typeof defaultCaps;

const segment = '[a-z0-9._-]+';
const scopePatterns: readonly (readonly [BudgetScopeKind, RegExp])[] = [
  ['issue', new RegExp(`^issue/${segment}/${segment}/[1-9][0-9]*$`)],
  ['repository', new RegExp(`^repository/${segment}/${segment}$`)],
  ['repository/day', new RegExp(`^repository/${segment}/${segment}/day$`)],
  ['repository/locks', new RegExp(`^repository/${segment}/${segment}/locks$`)],
  ['organisation', new RegExp(`^organisation/${segment}$`)],
  ['organisation/day', new RegExp(`^organisation/${segment}/day$`)],
];

/** What a scope is about; undefined when claims never draw from it. */
export function scopeKind(scope: BudgetScope): BudgetScopeKind | undefined {
  return scopePatterns.find(([, pattern]) => pattern.test(scope))?.[0];
}

const lockKeyPattern = /^github\/([^/]+)\/([^/]+)\/./;
const claimKeyPattern =
  /^github\/([^/]+)\/([^/]+)\/(?:issues\/([1-9][0-9]*)|pulls\/([1-9][0-9]*)(?:\/(?:review|verification))?)$/;

/**
 * The books of an issue's or pull request's claim, the narrowest first. Another lock of a repository counts among those that it
 * holds; one that belongs to no repository draws from none.
 */
export function scopesOfClaim(key: ClaimKey): readonly ScopeOfClaim[] {
  const [, owner, name, issue, pull] = claimKeyPattern.exec(key.toLowerCase()) ?? [];
  const number = issue ?? pull;
  if (owner === undefined || name === undefined || number === undefined) return scopesOfLock(key);
  const repository = `repository/${owner}/${name}`;
  const organisation = `organisation/${owner}`;
  return [
    { scope: `issue/${owner}/${name}/${number}`, kind: 'issue', daily: false },
    { scope: repository, kind: 'repository', daily: false },
    { scope: `${repository}/day`, kind: 'repository/day', daily: true },
    { scope: organisation, kind: 'organisation', daily: false },
    { scope: `${organisation}/day`, kind: 'organisation/day', daily: true },
  ];
}

function scopesOfLock(key: ClaimKey): readonly ScopeOfClaim[] {
  const [, owner, name] = lockKeyPattern.exec(key.toLowerCase()) ?? [];
  if (owner === undefined || name === undefined) return [];
  return [{ scope: `repository/${owner}/${name}/locks`, kind: 'repository/locks', daily: false }];
}

/** Locks use nothing up, so nothing but their number is reserved. */
export function usesAmounts(scopes: readonly ScopeOfClaim[]): boolean {
  return scopes.some(({ kind }) => kind !== 'repository/locks');
}

/** `capsOf` tells what a person set for a scope; where it tells nothing, the built-in limits count. `now`: the day, in UTC. */
export function budgetDraws(
  key: ClaimKey,
  now: number,
  capsOf: (scope: BudgetScope) => BudgetCaps | undefined,
): readonly BudgetDraw[] {
  return scopesOfClaim(key).map(({ scope, kind, daily }) => ({
    key: daily ? `${scope}/${utcDay(now)}` : scope,
    caps: capsOf(scope) ?? defaultCaps[kind],
  }));
}

/** `2026-11-21`. */
export function utcDay(now: number): string {
  return new Date(now).toISOString().slice(0, 10);
}
