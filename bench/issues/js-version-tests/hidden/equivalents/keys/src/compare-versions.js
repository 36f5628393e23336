import { parseVersion } from './parse-version.js';

const rank = (part) => (part === undefined ? 0 : typeof part === 'number' ? 1 : 2);

/** The same order with other numbers than -1 and 1. */
export function compareVersions(a, b) {
  const [left, right] = [parseVersion(a), parseVersion(b)];
  const first = left.numbers.findIndex((number, at) => number !== right.numbers[at]);
  if (first !== -1) return left.numbers[first] > right.numbers[first] ? 5 : -5;
  if (left.pre.length === 0 && right.pre.length === 0) return 0;
  if (left.pre.length === 0) return 3;
  if (right.pre.length === 0) return -3;
  for (let at = 0; at < Math.max(left.pre.length, right.pre.length); at += 1) {
    const [x, y] = [left.pre[at], right.pre[at]];
    if (x === y) continue;
    if (rank(x) !== rank(y)) return rank(x) - rank(y);
    return x < y ? -2 : 2;
  }
  return 0;
}
