/**
 * GitHub's filter patterns for branches, tags and paths: `*` stays within a segment, `**` does not, `?` and `+` repeat
 * the character or class before them, `[]` is a class, `!` at the start takes out again
 * (https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#filter-pattern-cheat-sheet).
 */
export function matchesFilter(value: string, patterns: readonly string[]): boolean {
  let matched = false;
  for (const pattern of patterns) {
    const negated = pattern.startsWith('!');
    if (filterExpression(negated ? pattern.slice(1) : pattern).test(value)) matched = !negated;
  }
  return matched;
}

function filterExpression(pattern: string): RegExp {
  const atoms = pattern.match(/\\.|\*+|\[[^\]]+\]|[?+]|./gsu) ?? [];
  let source = '';
  /** Only a single character or a class may be repeated, so no quantifier meets another. */
  let repeatable = false;
  for (const atom of atoms) {
    const isRepeat = atom === '?' || atom === '+';
    if (isRepeat && repeatable) source += atom;
    else source += atomSource(atom);
    repeatable = !isRepeat && !atom.startsWith('*');
  }
  return new RegExp(`^${source}$`, 'su');
}

function atomSource(atom: string): string {
  if (atom === '*') return '[^/]*';
  if (atom.startsWith('*')) return '.*';
  if (atom.length > 1 && atom.startsWith('[')) return `[${atom.slice(1, -1).replace(/[\\\]^[]/g, '\\$&')}]`;
  const character = atom.startsWith('\\') && atom.length > 1 ? atom.slice(1) : atom;
  return character.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
