import type { LeftOut, TestProof } from './run-result.ts';

export const nothingLeftOut: LeftOut = { count: 0, paths: [] };

const mostShown = 20;

export function leftOutOf(paths: readonly string[]): LeftOut {
  return {
    count: paths.length,
    paths: [...paths]
      .sort()
      .slice(0, mostShown)
      .map((path) => path.slice(0, 300)),
  };
}

/** Whether the tests' word can be relied on: nobody who wrote the change had a hand in the place where they ran. */
export function isChecked(proof: TestProof | undefined): boolean {
  return proof?.room === 'fresh';
}

/** Goes on a sentence: `… not checked independently: they ran where the agent had worked`. */
export function whyUnchecked(proof: TestProof | undefined): string {
  if (proof?.room === 'own' && proof.fresh !== undefined) {
    return 'in a fresh place, without files that the agent left beside its change, they fail';
  }
  return proof?.room === 'own' ? proof.why : 'they ran where the agent had worked';
}
