/** People type what they were shown, or less of it; 48 bits that nobody can aim at, for the plan was there first. */
export const shortestPlanPrefix = 12;
const shownDigits = 16;

/** How a plan is named in texts: the beginning of its hash. */
export function shownPlan(hash: string): string {
  return hash.slice(0, shownDigits);
}

/** Lower case, as parsed. */
export function isPlanPrefix(text: string): boolean {
  return /^[0-9a-f]{12,64}$/.test(text);
}
