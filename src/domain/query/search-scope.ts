import type { Condition, Flag, Measure, Subject } from './condition.ts';
import { isAscii } from './fold.ts';

/** What a condition tells before a single task is read: where those that fit can lie, and what must be known of them. */
export interface SearchScope {
  /** Keys of tasks that fit begin with one of these; undefined: they may lie anywhere. */
  readonly prefixes?: readonly string[];
  /** Only ready tasks can fit. */
  readonly readyOnly: boolean;
  /** Whether somebody holds a task's claim makes a difference. */
  readonly needsClaims: boolean;
  /** So does what it waits for, or what waits for it. */
  readonly needsWaits: boolean;
}

export function searchScope(condition: Condition): SearchScope {
  const prefixes = prefixesOf(condition);
  return {
    ...(prefixes && { prefixes: [...new Set(prefixes)] }),
    readyOnly: isReadyOnly(condition),
    needsClaims: someLeaf(condition, isAboutClaims),
    needsWaits: someLeaf(condition, isAboutWaits),
  };
}

function prefixesOf(condition: Condition): readonly string[] | undefined {
  switch (condition.kind) {
    case 'same': {
      const isPlace = condition.subject === 'repository' || condition.subject === 'owner';
      // Keys are ASCII; for other letters upper and lower case may not pair up as they do in a key.
      return isPlace && condition.folded.every(isAscii) ? condition.folded.map((name) => `github/${name}/`) : undefined;
    }
    case 'and': {
      const known = condition.parts.flatMap((part) => {
        const prefixes = prefixesOf(part);
        return prefixes === undefined ? [] : [prefixes];
      });
      return known.toSorted((a, b) => depth(b) - depth(a) || a.length - b.length)[0];
    }
    case 'or': {
      const all = condition.parts.map(prefixesOf);
      return all.every((prefixes) => prefixes !== undefined) ? all.flat() : undefined;
    }
    default:
      return undefined;
  }
}

/** A repository is narrower than its owner. */
function depth(prefixes: readonly string[]): number {
  return Math.min(...prefixes.map((prefix) => prefix.split('/').length));
}

function isReadyOnly(condition: Condition): boolean {
  switch (condition.kind) {
    case 'flag':
      return condition.flag === 'ready';
    case 'and':
      return condition.parts.some(isReadyOnly);
    case 'or':
      return condition.parts.every(isReadyOnly);
    default:
      return false;
  }
}

const claimWords: ReadonlySet<Flag | Subject | Measure | 'blocked-by' | 'blocks'> = new Set([
  'claimed',
  'ready',
  'holder',
  'progress',
]);
const waitWords: typeof claimWords = new Set(['blocked', 'ready', 'blocked-by', 'blocks']);

const isAboutClaims = (leaf: Condition): boolean => wordsOf(leaf).some((word) => claimWords.has(word));
const isAboutWaits = (leaf: Condition): boolean => wordsOf(leaf).some((word) => waitWords.has(word));

function wordsOf(leaf: Condition) {
  switch (leaf.kind) {
    case 'flag':
      return [leaf.flag];
    case 'same':
    case 'present':
      return [leaf.subject];
    case 'within':
      return [leaf.measure];
    case 'edge':
      return [leaf.edge];
    default:
      return [];
  }
}

function someLeaf(condition: Condition, isSuch: (leaf: Condition) => boolean): boolean {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.parts.some((part) => someLeaf(part, isSuch));
    case 'not':
      return someLeaf(condition.part, isSuch);
    default:
      return isSuch(condition);
  }
}
