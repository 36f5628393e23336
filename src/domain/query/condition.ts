/**
 * What a query asks of one task, with nothing left to look up: dates are moments, `@me` is a login, `in:` is resolved.
 * Whatever evaluates a query (a predicate in memory, SQL) only has to know these few. Nothing is ever unknown: what a
 * task lacks fits no value, so its negation fits.
 */
export type Condition =
  | { readonly kind: 'always' }
  | { readonly kind: 'and'; readonly parts: readonly Condition[] }
  | { readonly kind: 'or'; readonly parts: readonly Condition[] }
  | { readonly kind: 'not'; readonly part: Condition }
  | { readonly kind: 'flag'; readonly flag: Flag }
  /** One of its values is one of these but for case (`fold`). */
  | { readonly kind: 'same'; readonly subject: Subject; readonly folded: readonly string[] }
  /** Has a value at all. */
  | { readonly kind: 'present'; readonly subject: Subject | Edge }
  /** Has a value, and it lies between these, ends included. */
  | { readonly kind: 'within'; readonly measure: Measure; readonly min?: number; readonly max?: number }
  /** The words follow each other in one of these (`words.ts`). */
  | { readonly kind: 'words'; readonly places: readonly TextPlace[]; readonly words: readonly string[] }
  /** An edge leads to one of these. */
  | { readonly kind: 'edge'; readonly edge: Edge; readonly to: readonly EdgeTarget[] };

export type Flag = 'open' | 'closed' | 'issue' | 'pull' | 'ready' | 'claimed' | 'blocked';

/** `holder`: who holds the claim now, by the claim's owner, run and agent. */
export type Subject =
  | 'label'
  | 'assignee'
  | 'author'
  | 'milestone'
  | 'repository'
  | 'owner'
  | 'state'
  | 'holder'
  | 'agent'
  | 'role';

/** `progress`: when whoever holds the claim last got further. Times are milliseconds, cost is millionths of a dollar. */
export type Measure =
  | 'created'
  | 'updated'
  | 'closed'
  | 'progress'
  | 'comments'
  | 'attempts'
  | 'cost'
  | 'fence'
  | 'priority';

export type TextPlace = 'title' | 'body';
export type Edge = 'blocked-by' | 'blocks';

/** Without a repository: of the same one. */
export type EdgeTarget =
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'number'; readonly number: number; readonly repository?: string };

export const always: Condition = { kind: 'always' };

export function allOf(parts: readonly Condition[]): Condition {
  const kept = parts.filter(({ kind }) => kind !== 'always');
  const [only] = kept;
  if (only === undefined) return always;
  return kept.length === 1 ? only : { kind: 'and', parts: kept };
}

export function anyOf(parts: readonly Condition[]): Condition {
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : { kind: 'or', parts };
}
