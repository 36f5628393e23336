import { inside } from '../domain/sandbox-layout.ts';

/** A path that a tool may use: relative, below the workspace root, starting with `./` so that no program takes it for an option. */
export type PathVerdict =
  | { readonly kind: 'good'; readonly path: string; readonly argument: string }
  | { readonly kind: 'bad'; readonly message: string };

const longestPath = 4096;

/**
 * Judges a path that a model wrote. The sandbox is the wall; this only keeps paths unambiguous and tells the model early
 * what will not work.
 */
export function checkPath(raw: string): PathVerdict {
  const bad = (why: string): PathVerdict => ({
    kind: 'bad',
    message: `${JSON.stringify(raw.slice(0, 200))} cannot be used as a path: ${why}`,
  });
  if (raw.includes('\0')) return bad('it holds a NUL character.');
  if (hasControlCharacter(raw)) return bad('it holds a control character. Use bash for such a name.');
  if (raw.length > longestPath) return bad(`it is longer than ${longestPath} characters.`);
  if (raw.startsWith('/')) return bad(absoluteAdvice(raw));
  if (raw.startsWith('~')) return bad('"~" is not expanded. Give a path relative to the workspace root.');

  const segments = raw.split('/').filter((segment) => segment !== '' && segment !== '.');
  if (segments.includes('..')) return bad('".." is not allowed. Give a path relative to the workspace root.');
  const path = segments.join('/');
  return { kind: 'good', path: path === '' ? '.' : path, argument: path === '' ? '.' : `./${path}` };
}

/**
 * The same for what is only read, which may also be `/base`: what a pull request is measured against, where there is one. `base`
 * is where commands find it.
 */
export function checkReadPath(raw: string, base: string | undefined): PathVerdict {
  const inBase = raw === inside.base || raw.startsWith(`${inside.base}/`);
  if (base === undefined || !inBase) return checkPath(raw);
  const below = checkPath(raw.slice(inside.base.length).replace(/^\/+/, '') || '.');
  if (below.kind === 'bad') return below;
  const rest = below.path === '.' ? '' : `/${below.path}`;
  return { kind: 'good', path: `${inside.base}${rest}`, argument: `${base}${rest}` };
}

/** A path that a program printed, as the tools take it. */
export function shownPath(printed: string, base: string | undefined): string {
  if (base !== undefined && printed.startsWith(`${base}/`)) return `${inside.base}${printed.slice(base.length)}`;
  return printed.replace(/^\.\//, '');
}

/** The same for what is about to be written: git's own folder is read-only in the sandbox. */
export function checkWritablePath(raw: string): PathVerdict {
  const verdict = checkPath(raw);
  if (verdict.kind === 'bad') return verdict;
  if (verdict.path === '.') return { kind: 'bad', message: 'The path names the workspace itself; name a file in it.' };
  if (verdict.path.split('/')[0]?.toLowerCase() === '.git') {
    return { kind: 'bad', message: `${verdict.path}: .git is read-only here; commits are made after your run.` };
  }
  return verdict;
}

function absoluteAdvice(raw: string): string {
  const inside = /^\/ws\/(?<rest>.+)$/.exec(raw)?.groups?.['rest'];
  const advice = 'it is absolute. Paths are relative to the workspace root';
  return inside === undefined ? `${advice}; use bash to look outside of it.` : `${advice}: use "${inside}".`;
}

function hasControlCharacter(text: string): boolean {
  return [...text].some((character) => character < ' ' || character === '\u007f');
}
