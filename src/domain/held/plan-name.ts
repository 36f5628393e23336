/**
 * People copy what they were shown, all of it. 96 bits: what is held may be anybody's who may push, and nobody finds another
 * plan whose hash begins like that of the one that was read.
 */
export const planDigits = 24;

/** How a plan is named in texts: the beginning of its hash. */
export function shownPlan(hash: string): string {
  return hash.slice(0, planDigits);
}

/** Lower case, as parsed. */
export function isPlanPrefix(text: string): boolean {
  return /^[0-9a-f]{24,64}$/.test(text);
}
