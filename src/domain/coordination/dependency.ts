import type { ClaimKey } from '../claim.ts';

export const dependencyKinds = ['blocks', 'parent', 'duplicates', 'discovered_from'] as const;
export type DependencyKind = (typeof dependencyKinds)[number];

/** Where an edge was learned; each source only ever removes what it told itself. */
export const dependencySources = ['github', 'sub-issue', 'text', 'person'] as const;
export type DependencySource = (typeof dependencySources)[number];

/**
 * `from` blocks `to`; is the parent of `to`; duplicates `to`; discovered_from `to`. "Blocked by" is `blocks` read
 * backwards and is never stored. A parent waits for its children: an open sub-issue blocks its parent.
 */
export interface Dependency {
  readonly kind: DependencyKind;
  readonly from: ClaimKey;
  readonly to: ClaimKey;
  readonly source: DependencySource;
}
