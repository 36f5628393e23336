/**
 * Globs over `/`-separated paths: `*` and `?` within a segment, `[a-z]` and `[!a-z]`, `{a,b}`, and `**` as a whole
 * segment for any number of segments. A name that starts with a dot is like any other. No regular expressions, so that
 * a glob from outside cannot make a match slow.
 */
export function globMatcher(glob: string): (path: string) => boolean {
  const patterns = expandBraces(glob).map((pattern) => pattern.split('/').map(compileSegment));
  return (path) => {
    const segments = path.split('/');
    return patterns.some((pattern) => matchSegments(pattern, segments));
  };
}

type Token =
  | { readonly kind: 'character'; readonly text: string }
  | { readonly kind: 'any' }
  | { readonly kind: 'star' }
  | { readonly kind: 'set'; readonly negated: boolean; readonly ranges: readonly (readonly [string, string])[] };
type Segment = 'globstar' | readonly Token[];

/** Braces multiply; more patterns than this are not expanded, and the rest is taken literally. */
const mostPatterns = 64;

function expandBraces(glob: string): readonly string[] {
  let patterns = [glob];
  for (;;) {
    const next = patterns.flatMap(expandFirst);
    if (next.length === patterns.length || next.length > mostPatterns) return patterns;
    patterns = next;
  }
}

/** `a{b,c}d` → `abd`, `acd`; innermost braces first, so that nested ones come out right. */
function expandFirst(glob: string): readonly string[] {
  for (let close = glob.indexOf('}'); close !== -1; close = glob.indexOf('}', close + 1)) {
    const open = glob.lastIndexOf('{', close);
    const choices = open === -1 ? [] : glob.slice(open + 1, close).split(',');
    if (choices.length > 1) return choices.map((choice) => glob.slice(0, open) + choice + glob.slice(close + 1));
  }
  return [glob];
}

function compileSegment(segment: string): Segment {
  if (segment === '**') return 'globstar';
  const tokens: Token[] = [];
  const characters = [...segment];
  for (let at = 0; at < characters.length; at += 1) {
    const text = characters[at] ?? '';
    const close = text === '[' ? characters.indexOf(']', at + 2) : -1;
    if (text === '*') tokens.push({ kind: 'star' });
    else if (text === '?') tokens.push({ kind: 'any' });
    else if (close !== -1) {
      tokens.push(compileSet(characters.slice(at + 1, close)));
      at = close;
    } else tokens.push({ kind: 'character', text });
  }
  return tokens;
}

function compileSet(inside: readonly string[]): Token {
  const negated = inside[0] === '!' || inside[0] === '^';
  const members = negated ? inside.slice(1) : inside;
  const ranges: [string, string][] = [];
  for (let at = 0; at < members.length; at += 1) {
    const from = members[at] ?? '';
    const to = members[at + 2];
    const isRange = members[at + 1] === '-' && to !== undefined;
    ranges.push([from, isRange ? to : from]);
    if (isRange) at += 2;
  }
  return { kind: 'set', negated, ranges };
}

/** Both matchers remember only the last star (or globstar): giving more to an earlier one cannot help. */
function matchSegments(pattern: readonly Segment[], segments: readonly string[]): boolean {
  let at = 0;
  let next = 0;
  let retry: { next: number; at: number } | undefined;
  while (at < segments.length) {
    const segment = pattern[next];
    if (segment === 'globstar') {
      next += 1;
      retry = { next, at };
    } else if (segment !== undefined && matchTokens(segment, [...(segments[at] ?? '')])) {
      next += 1;
      at += 1;
    } else if (retry !== undefined) {
      retry = { next: retry.next, at: retry.at + 1 };
      ({ next, at } = retry);
    } else return false;
  }
  return pattern.slice(next).every((segment) => segment === 'globstar');
}

function matchTokens(tokens: readonly Token[], text: readonly string[]): boolean {
  let at = 0;
  let next = 0;
  let retry: { next: number; at: number } | undefined;
  while (at < text.length) {
    const token = tokens[next];
    if (token?.kind === 'star') {
      next += 1;
      retry = { next, at };
    } else if (token !== undefined && matchesOne(token, text[at] ?? '')) {
      next += 1;
      at += 1;
    } else if (retry !== undefined) {
      retry = { next: retry.next, at: retry.at + 1 };
      ({ next, at } = retry);
    } else return false;
  }
  return tokens.slice(next).every((token) => token.kind === 'star');
}

function matchesOne(token: Token, character: string): boolean {
  switch (token.kind) {
    case 'character':
      return token.text === character;
    case 'any':
      return true;
    case 'star':
      return false;
    case 'set':
      return token.ranges.some(([from, to]) => from <= character && character <= to) !== token.negated;
    default:
      return token satisfies never;
  }
}
