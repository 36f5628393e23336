/** What work uses up, integers only: money in millionths of a US dollar, time in whole minutes (rounded up). */
export interface Amounts {
  readonly microUsd: number;
  readonly tokens: number;
  readonly turns: number;
  readonly minutes: number;
  /** Requests to GitHub, as its rate limit counts them. */
  readonly githubPoints: number;
}

export const amountNames = [
  'microUsd',
  'tokens',
  'turns',
  'minutes',
  'githubPoints',
] as const satisfies readonly (keyof Amounts)[];
export type AmountName = (typeof amountNames)[number];

export const nothing: Amounts = { microUsd: 0, tokens: 0, turns: 0, minutes: 0, githubPoints: 0 };

export function mapAmounts(of: (name: AmountName) => number): Amounts {
  return {
    microUsd: of('microUsd'),
    tokens: of('tokens'),
    turns: of('turns'),
    minutes: of('minutes'),
    githubPoints: of('githubPoints'),
  };
}

export function addAmounts(a: Amounts, b: Amounts): Amounts {
  return mapAmounts((name) => a[name] + b[name]);
}

export function subtractAmounts(a: Amounts, b: Amounts): Amounts {
  return mapAmounts((name) => a[name] - b[name]);
}
