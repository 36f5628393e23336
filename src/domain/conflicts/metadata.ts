/**
 * Who has the last word on a fact of an issue that we and somebody else write. `newest`: whoever wrote later. `three-way`: a change
 * counts where only one side made one; where both did, the other side's, for it may be a person's. `ask`: nothing of ours is written,
 * and a person is asked.
 */
export const metadataStrategies = ['ask', 'three-way', 'newest'] as const;
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

/** A title, a milestone, a priority: one value, three-way. */
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

export interface WordsOnField extends Versions<string> {
  /** As it was when our work began: what it is otherwise by now was written after all that we have seen. */
  readonly atStart: string;
}

export type LastWord =
  | 'ours'
  /** It stays as it is there. */
  | 'theirs'
  /** It stays, and somebody is asked. */
  | 'ask';

/** Whose word counts on a field of one value. */
export function lastWord(strategy: MetadataStrategy, words: WordsOnField): LastWord {
  const { ours, theirs, atStart } = words;
  if (ours === theirs) return 'theirs';
  switch (strategy) {
    case 'ask':
      return 'ask';
    case 'three-way':
      return settleValue<string>(words).value === ours ? 'ours' : 'theirs';
    case 'newest':
      return theirs === atStart ? 'ours' : 'theirs';
    default:
      return strategy satisfies never;
  }
}
