import path from 'node:path';

/** One line of a `path:` input (or one argument of `hashFiles`): the globs of the `@actions/glob` package. */
export interface SearchPattern {
  readonly negated: boolean;
  /** Absolute; the folder or file where the search starts, before the first wildcard. */
  readonly searchPath: string;
  matches(file: string): boolean;
}

export interface PatternContext {
  readonly cwd: string;
  readonly home: string;
}

/** Lines that are empty or start with `#` say nothing; `!` takes files out again. */
export function parseSearchPatterns(lines: readonly string[], context: PatternContext): readonly SearchPattern[] {
  return lines
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => parsePattern(line, context));
}

function parsePattern(line: string, context: PatternContext): SearchPattern {
  const text = line.replace(/^!+/, '').trim();
  const negated = (line.length - line.replace(/^!+/, '').length) % 2 === 1;
  const expanded = text === '~' || text.startsWith('~/') ? path.join(context.home, text.slice(1)) : text;
  const absolute = path.isAbsolute(expanded) ? expanded : `${context.cwd}/${expanded}`;
  const segments = normalised(absolute);
  const firstWild = segments.findIndex(hasWildcard);
  const literal = (firstWild < 0 ? segments : segments.slice(0, firstWild)).map(unescaped);
  return {
    negated,
    searchPath: `/${literal.join('/')}`,
    matches: (file) =>
      matchSegments(
        segments,
        file.split('/').filter((part) => part !== ''),
      ),
  };
}

/** Resolves `.` and `..` in the part before any wildcard; later they are refused by never matching. */
function normalised(absolute: string): readonly string[] {
  const result: string[] = [];
  for (const part of absolute.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && !result.some(hasWildcard)) result.pop();
    else result.push(part);
  }
  return result;
}

function hasWildcard(segment: string): boolean {
  return /(?<!\\)[*?[]/.test(segment);
}

function unescaped(segment: string): string {
  return segment.replace(/\\(.)/g, '$1');
}

/**
 * A pattern that names a folder means all that is below it (`implicitDescendants`), so a match of the whole pattern
 * against the beginning of the path is enough. `**` as a whole segment stands for any number of folders.
 */
function matchSegments(pattern: readonly string[], file: readonly string[]): boolean {
  // `reachable` holds the positions in the pattern that can be reached after the segments read so far: linear, no backtracking.
  let reachable = withSkippedStars(new Set([0]), pattern);
  if (reachable.has(pattern.length)) return true;
  for (const segment of file) {
    const next = new Set<number>();
    for (const position of reachable) {
      const part = pattern[position];
      if (part === undefined) continue;
      if (part === '**') next.add(position);
      else if (matchesSegment(part, segment)) next.add(position + 1);
    }
    reachable = withSkippedStars(next, pattern);
    if (reachable.has(pattern.length)) return true;
  }
  return false;
}

function withSkippedStars(positions: Set<number>, pattern: readonly string[]): Set<number> {
  for (const position of positions) if (pattern[position] === '**') positions.add(position + 1);
  return positions;
}

const expressions = new Map<string, RegExp>();

function matchesSegment(pattern: string, segment: string): boolean {
  if (!hasWildcard(pattern)) return unescaped(pattern) === segment;
  let expression = expressions.get(pattern);
  if (expression === undefined) {
    expression = segmentExpression(pattern);
    expressions.set(pattern, expression);
  }
  return expression.test(segment);
}

/** `*`, `?` and `[…]` inside one segment. Runs of `*` become one, so no quantifier stands next to its like. */
export function segmentExpression(pattern: string): RegExp {
  const source = pattern.replace(/\*+/g, '*').replace(/\\.|\[!?[^\]/]+\]|[*?]|[^*?]/gsu, (part) => {
    if (part === '*') return '[^/]*';
    if (part === '?') return '[^/]';
    if (part.length > 1 && part.startsWith('[')) return characterClass(part);
    return (part.startsWith('\\') ? part.slice(1) : part).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${source}$`, 'su');
}

function characterClass(part: string): string {
  const negated = part.startsWith('[!') || part.startsWith('[^');
  const inside = part.slice(negated ? 2 : 1, -1).replace(/[\\\]^[]/g, '\\$&');
  return inside === '' ? '(?!)' : `[${negated ? '^' : ''}${inside}]`;
}
