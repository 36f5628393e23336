import type { Finding } from '../reports/finding.ts';

/** 16 hexadecimal digits. */
export const fingerprintShape = /^[0-9a-f]{16}$/;

/**
 * What makes two findings the same one: the file, the sort of problem, the words of the title without order, case, marks and
 * small words, and the line of code that it is about without its blanks. Not the line's number, which moves with every push, and
 * not the body, which no model writes twice. `code`: that line, as the diff shows it; empty where it shows none.
 */
export function fingerprintOf(finding: Pick<Finding, 'path' | 'category' | 'title'>, code: string): string {
  const parts = [finding.path, plainCategory(finding.category), titleWords(finding.title).join(' '), bareCode(code)];
  return hash(parts.join('\n'));
}

/** `Error handling` → `error-handling`; `other` when nothing is left. */
export function plainCategory(category: string): string {
  const plain = category
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 30)
    .replace(/-+$/, '');
  return plain === '' ? 'other' : plain;
}

const smallWords = new Set(
  'a an and are as at be by can does for from has have if in into is it its may might must not of on or should so than that the then there this to was when where which will with would'
    .split(' ')
    // What turns a sentence round is no small word.
    .filter((word) => word !== 'not'),
);

/** Sorted, each once. */
export function titleWords(title: string): readonly string[] {
  const words = title
    .normalize('NFKC')
    .toLowerCase()
    // The same finding names another line after a push.
    .replace(/\blines? \d+(?:\s?[-–]\s?\d+)?/g, ' ')
    .split(/[^\p{L}\p{N}_]+/u)
    .filter((word) => word !== '' && !smallWords.has(word));
  return [...new Set(words)].sort();
}

function bareCode(code: string): string {
  return code.normalize('NFC').replace(/\s+/g, '');
}

/** FNV-1a over UTF-16 units, twice with other seeds: tells apart what one pull request holds, and guards nothing. */
function hash(text: string): string {
  return [0x811c9dc5, 0x9747b28c].map((seed) => hash32(text, seed).toString(16).padStart(8, '0')).join('');
}

function hash32(text: string, seed: number): number {
  let value = seed;
  for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  // So that texts of one length with few differences lie far apart.
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
