/**
 * What becomes of a field of an issue that we and somebody else have changed since both last saw the same.
 * `newest`: the later word counts, whole. `three-way`: a change counts where only one made one; where both did, the other's
 * counts, for it may be a person's. `ask`: as three-way, and where both did somebody is asked.
 */
export const metadataStrategies = ['newest', 'three-way', 'ask'] as const;
export type MetadataStrategy = (typeof metadataStrategies)[number];

/** One thing in three versions: as both last saw it, as we want it, as it is there. */
export interface Versions<T> {
  readonly base: T;
  readonly ours: T;
  readonly theirs: T;
}

export type Settled<T> =
  | { readonly kind: 'settled'; readonly value: T }
  /** Both changed it, differently. `value`: what counts until somebody has answered. */
  | { readonly kind: 'conflict'; readonly value: T; readonly ours: T; readonly theirs: T };

/** A title, a milestone, a state: one value. */
export function settleValue<T extends string | number | boolean | undefined>({
  base,
  ours,
  theirs,
}: Versions<T>): Settled<T> {
  if (ours === theirs || theirs === base) return { kind: 'settled', value: ours };
  if (ours === base) return { kind: 'settled', value: theirs };
  return { kind: 'conflict', value: theirs, ours, theirs };
}

/** Whether one label or assignee is there in the end: what one side added or took away counts, and the sides cannot differ in that. */
export function isMember({ base, ours, theirs }: Versions<boolean>): boolean {
  return ours === base ? theirs : ours;
}

/** Labels, assignees: each by itself, as GitHub compares them, without case; spelt as it is there, else as we do. */
export function settleSet({ base, ours, theirs }: Versions<readonly string[]>): readonly string[] {
  const keyOf = (name: string): string => name.trim().toLowerCase();
  const [inBase, inOurs, inTheirs] = [base, ours, theirs].map((names) => new Set(names.map(keyOf)));
  const spelt = new Map([...ours, ...theirs].map((name) => [keyOf(name), name]));
  return [...spelt].flatMap(([key, name]) => {
    const has = (names: ReadonlySet<string> | undefined): boolean => names?.has(key) === true;
    return isMember({ base: has(inBase), ours: has(inOurs), theirs: has(inTheirs) }) ? [name] : [];
  });
}

/** What people and agents both write on an issue. */
export interface IssueMetadata {
  readonly title: string;
  readonly state: 'open' | 'closed';
  readonly labels: readonly string[];
  readonly assignees: readonly string[];
  readonly milestone: string | undefined;
}

export interface MetadataConflict {
  readonly field: 'title' | 'state' | 'milestone';
  readonly ours: string | undefined;
  readonly theirs: string | undefined;
}

export interface SettledMetadata {
  readonly metadata: IssueMetadata;
  /** What both changed, differently: it stays as it is there. */
  readonly conflicts: readonly MetadataConflict[];
  /** Whether somebody has to be asked about them; else it is enough to tell. */
  readonly ask: boolean;
}

export interface MetadataMerge extends Versions<IssueMetadata> {
  readonly strategy: MetadataStrategy;
  /** Whose word is the later one; for `newest`. */
  readonly newest: 'ours' | 'theirs';
}

/** All of an issue's metadata by one strategy. */
export function settleMetadata({ base, ours, theirs, strategy, newest }: MetadataMerge): SettledMetadata {
  if (strategy === 'newest') return { metadata: newest === 'ours' ? ours : theirs, conflicts: [], ask: false };
  const conflicts: MetadataConflict[] = [];
  const settle = <F extends MetadataConflict['field']>(field: F): IssueMetadata[F] => {
    const settled = settleValue({ base: base[field], ours: ours[field], theirs: theirs[field] });
    if (settled.kind === 'conflict') conflicts.push({ field, ours: settled.ours, theirs: settled.theirs });
    return settled.value;
  };
  const metadata = {
    title: settle('title'),
    state: settle('state'),
    milestone: settle('milestone'),
    labels: settleSet({ base: base.labels, ours: ours.labels, theirs: theirs.labels }),
    assignees: settleSet({ base: base.assignees, ours: ours.assignees, theirs: theirs.assignees }),
  };
  return { metadata, conflicts, ask: strategy === 'ask' && conflicts.length > 0 };
}
