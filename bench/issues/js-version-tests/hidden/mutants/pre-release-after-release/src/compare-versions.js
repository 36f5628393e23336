import { parseVersion } from './parse-version.js';

export function compareVersions(a, b) {
  const left = parseVersion(a);
  const right = parseVersion(b);
  for (const [at, number] of left.numbers.entries()) {
    if (number !== right.numbers[at]) return number - right.numbers[at];
  }
  if (left.pre.length === 0 || right.pre.length === 0) return left.pre.length - right.pre.length;
  for (const [at, part] of left.pre.entries()) {
    const other = right.pre[at];
    if (other === undefined) return 1;
    if (part === other) continue;
    if (typeof part === typeof other) return part < other ? -1 : 1;
    return typeof part === 'number' ? -1 : 1;
  }
  return left.pre.length - right.pre.length;
}
