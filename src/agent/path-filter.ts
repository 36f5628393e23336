import { globMatcher } from '../domain/glob.ts';

/** How a glob is looked for: a folder to start in and a name pattern for the program, and the exact test for its answers. */
export interface PathFilter {
  /** Below the searched folder; `.` for all of it. */
  readonly folder: string;
  /** A pattern that `find -name` and `grep --include` take with the same meaning; undefined when there is none. */
  readonly name: string | undefined;
  matches(path: string): boolean;
}

// `src/**/*.ts`: start in `src`, take only `*.ts`, then match the whole path. A glob without a slash is about the name
// alone, at any depth, as people write it. Paths are relative to the searched folder.
export function pathFilter(glob: string): PathFilter {
  const bare = glob.startsWith('./') ? glob.slice(2) : glob;
  const whole = bare.includes('/') ? bare : `**/${bare}`;
  const segments = whole.split('/');
  const firstPattern = segments.findIndex((segment) => /[*?[{]/.test(segment));
  const fixed = segments.slice(0, firstPattern === -1 ? segments.length - 1 : firstPattern);
  const last = segments.at(-1) ?? '';
  const simple = !/[[\]{}\\]|\*\*/.test(last);
  return {
    folder: fixed.length === 0 || bare.includes('{') ? '.' : fixed.join('/'),
    name: simple && last !== '' && !bare.includes('{') ? last : undefined,
    matches: globMatcher(whole),
  };
}
