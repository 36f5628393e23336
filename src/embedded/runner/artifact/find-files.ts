import { lstatSync, readdirSync, realpathSync, type Stats, statSync } from 'node:fs';
import path from 'node:path';
import { type PatternContext, parseSearchPatterns, type SearchPattern } from './search-pattern.ts';

export interface FileSearch extends PatternContext {
  readonly patterns: readonly string[];
  readonly hiddenFiles: 'included' | 'excluded';
  readonly symbolicLinks: 'followed' | 'left-out';
}

export interface FoundFiles {
  /** Absolute, sorted. */
  readonly files: readonly string[];
  /** Where the patterns start; none of them below another. */
  readonly searchPaths: readonly string[];
}

/** Files that the patterns name, the last pattern that matches a file deciding. Broken links are left out. */
export function findFiles(search: FileSearch): FoundFiles {
  const patterns = parseSearchPatterns(search.patterns, search);
  const starts = [...new Set(patterns.filter((pattern) => !pattern.negated).map((pattern) => pattern.searchPath))];
  const searchPaths = starts.filter((start) => !starts.some((other) => other !== start && isBelow(start, other)));
  const found = new Set<string>();
  for (const start of searchPaths) visit(start, { search, patterns, found, trail: [] });
  return { files: [...found].sort(), searchPaths };
}

interface Visit {
  readonly search: FileSearch;
  readonly patterns: readonly SearchPattern[];
  readonly found: Set<string>;
  /** Real paths of the folders above, to leave circles of links. */
  readonly trail: readonly string[];
}

function visit(item: string, state: Visit): void {
  const hidden = path.basename(item).startsWith('.');
  if (hidden && state.search.hiddenFiles === 'excluded') return;
  const stats = statsOf(item, state.search);
  if (stats === undefined) return;
  if (!stats.isDirectory()) {
    // A pipe or a socket would never end to be read.
    if (stats.isFile() && isWanted(item, state.patterns)) state.found.add(item);
    return;
  }
  const real = realpathSync(item);
  if (state.trail.includes(real)) return;
  const below = { ...state, trail: [...state.trail, real] };
  for (const name of readdirSync(item)) visit(path.join(item, name), below);
}

function statsOf(item: string, search: FileSearch): Stats | undefined {
  if (search.symbolicLinks === 'left-out') {
    const stats = lstatSync(item, { throwIfNoEntry: false });
    return stats?.isSymbolicLink() === true ? undefined : stats;
  }
  return statSync(item, { throwIfNoEntry: false });
}

function isWanted(file: string, patterns: readonly SearchPattern[]): boolean {
  const last = patterns.findLast((pattern) => pattern.matches(file));
  return last !== undefined && !last.negated;
}

function isBelow(item: string, folder: string): boolean {
  return item.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}

/** The folder that all of them are in. */
export function commonFolder(paths: readonly string[]): string {
  const [first = '/', ...others] = paths;
  const parts = first.split('/');
  const same = parts.findIndex((part, index) => others.some((other) => other.split('/')[index] !== part));
  return (same < 0 ? parts : parts.slice(0, same)).join('/') || '/';
}
