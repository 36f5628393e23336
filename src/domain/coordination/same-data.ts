import { canonicalJson } from '../canonical-json.ts';

/** Whether two records say the same; the order of their members does not matter, that of lists does. */
export function sameData(a: unknown, b: unknown): boolean {
  return a === b || canonicalJson(a) === canonicalJson(b);
}
