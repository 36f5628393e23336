import { foldPath } from '../protected-paths.ts';

/**
 * Paths that a glob says, with several words for each star and several depths for `**`: what holds of all of them is taken to
 * hold of the glob. Words that nobody names, so that another glob meets them by its stars alone.
 */
export function pathsOf(glob: string): readonly string[] {
  const trimmed = glob.replace(/^\//, '').replace(/\/$/, '');
  const anchored = glob.startsWith('/') || trimmed.includes('/');
  const depths = ['', 'q0z', 'q0z/w1k/q2z'];
  const within = anchored ? trimmed : `**/${trimmed}`;
  const paths = depths.flatMap((folders) =>
    ['q0z', 'w1k.j3q'].map((word) =>
      within
        .split('/')
        .flatMap((part, index, parts) => {
          // At the end it stands for what is in a folder.
          if (part === '**') return folders === '' ? (index === parts.length - 1 ? [word] : []) : folders.split('/');
          return part.replaceAll('*', word).replaceAll('?', 'q');
        })
        .join('/'),
    ),
  );
  return [...new Set(paths.flatMap((path) => [path, `${path}/q0z.w1k`]))];
}

/** Whether some path is said by both globs, however its letters are written. May say yes too often, never no. */
export function globsMeet(one: string, other: string): boolean {
  return meet(partsOf(one), partsOf(other));
}

/** As `matchesGlob` reads it: without a slash in any folder; what it names may be a folder. */
function partsOf(glob: string): readonly string[] {
  const folded = foldPath(glob);
  const trimmed = folded.replace(/^\//, '').replace(/\/$/, '');
  const anchored = folded.startsWith('/') || trimmed.includes('/');
  return [...(anchored ? [] : ['**']), ...trimmed.split('/')];
}

function meet(one: readonly string[], other: readonly string[]): boolean {
  const known = new Map<number, boolean>();
  const from = (a: number, b: number): boolean => {
    // The one that has been said to its end covers all below, whatever the other goes on with.
    if (a === one.length || b === other.length) return true;
    const key = a * (other.length + 1) + b;
    const before = known.get(key);
    if (before !== undefined) return before;
    known.set(key, false);
    const first = one[a] ?? '';
    const second = other[b] ?? '';
    const result =
      first === '**' || second === '**'
        ? from(a + 1, b) || from(a, b + 1) || from(a + 1, b + 1)
        : wordsMeet(first, second) && from(a + 1, b + 1);
    known.set(key, result);
    return result;
  };
  return from(0, 0);
}

/** Whether some name is said by both, with `*` any letters and `?` one. */
function wordsMeet(one: string, other: string): boolean {
  const spread = (at: number, into: Set<number>): void => {
    into.add(at);
    for (let next = at; other[next] === '*'; next += 1) into.add(next + 1);
  };
  let reachable = new Set<number>();
  spread(0, reachable);
  for (const letter of one) {
    const next = new Set<number>();
    if (letter === '*') {
      for (let to = Math.min(...reachable); to <= other.length; to += 1) next.add(to);
      reachable = next;
      continue;
    }
    for (const at of reachable) {
      const against = other[at];
      if (against === '*') spread(at, next);
      else if (against !== undefined && (against === '?' || letter === '?' || against === letter)) spread(at + 1, next);
    }
    reachable = next;
  }
  return reachable.has(other.length);
}
