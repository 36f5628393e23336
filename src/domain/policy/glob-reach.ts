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

/** Whether some name is said by both, with `*` any letters and `?` one. Row by row, as for an edit distance. */
function wordsMeet(one: string, other: string): boolean {
  // reachable[at]: what was read of the one can be what is before `at` in the other.
  let reachable = spread(
    Array.from({ length: other.length + 1 }, (_, at) => at === 0),
    other,
  );
  for (const letter of one) {
    const before = reachable;
    const first = before.indexOf(true);
    if (first === -1) return false;
    const next =
      letter === '*'
        ? before.map((_, at) => at >= first)
        : before.map(
            (here, at) =>
              (here && other[at] === '*') || (at > 0 && before[at - 1] === true && sameLetter(letter, other[at - 1])),
          );
    reachable = spread(next, other);
  }
  return reachable[other.length] === true;
}

/** A star stands for nothing as well. */
function spread(reachable: boolean[], other: string): boolean[] {
  for (let at = 0; at < other.length; at += 1) {
    if (reachable[at] === true && other[at] === '*') reachable[at + 1] = true;
  }
  return reachable;
}

function sameLetter(one: string, other: string | undefined): boolean {
  return one === '?' || other === '?' || (other !== '*' && one === other);
}
