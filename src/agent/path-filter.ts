import { matchesGlob } from '../domain/path-rules.ts';

/** How a glob is looked for: a folder to start in and a name pattern for the program, and the exact test for its answers. */
export interface PathFilter {
  /** Below the searched folder; `.` for all of it. */
  readonly folder: string;
  /** A pattern that `find -name` and `grep --include` read as we do; undefined when none is safe. */
  readonly name: string | undefined;
  matches(path: string): boolean;
}

/**
 * `src/*.ts`: start in `src`, take only `*.ts`, then match the whole path by the rules of `path-rules.ts`, with `{a,b}`
 * besides, which models write. Folder and name only save work; the match decides.
 */
export function pathFilter(glob: string): PathFilter {
  const plain = glob.replace(/^(?:\.\/)+/, '');
  const globs = expandBraces(plain);
  const segments = plain.replace(/^\//, '').split('/');
  const firstPattern = segments.findIndex((segment) => segment.includes('*') || segment.includes('?'));
  const fixed = firstPattern === -1 ? segments.slice(0, -1) : segments.slice(0, firstPattern);
  const last = segments.at(-1) ?? '';
  // Without a star the last part may name a folder, whose files have other names.
  const narrows = globs.length === 1 && last.includes('*') && last !== '**' && !/[[\]\\]/.test(last);
  return {
    folder: globs.length > 1 || fixed.length === 0 ? '.' : fixed.join('/'),
    name: narrows ? last : undefined,
    matches: (path) => globs.some((each) => matchesGlob(each, path)),
  };
}

/** Braces multiply; a glob that would become more patterns than this keeps the rest of its braces as they are. */
const mostGlobs = 64;

/** `*.{ts,js}` → `*.ts`, `*.js`. */
function expandBraces(glob: string): readonly string[] {
  let globs: readonly string[] = [glob];
  for (;;) {
    const next = globs.flatMap(expandFirst);
    if (next.length === globs.length || next.length > mostGlobs) return globs;
    globs = next;
  }
}

/** The first pair without another pair in it, so that nested braces open from the inside. */
function expandFirst(glob: string): readonly string[] {
  for (let close = glob.indexOf('}'); close !== -1; close = glob.indexOf('}', close + 1)) {
    const open = glob.lastIndexOf('{', close);
    const choices = open === -1 ? [] : glob.slice(open + 1, close).split(',');
    if (choices.length > 1) return choices.map((choice) => glob.slice(0, open) + choice + glob.slice(close + 1));
  }
  return [glob];
}
