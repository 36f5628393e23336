/** Both ends of an interval for a share, from 0 to 1. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** The normal distribution holds 95 % between minus and plus this many standard deviations. */
const z95 = 1.959_963_984_540_054;

/**
 * Wilson's score interval (1927) for a share seen in `n` independent trials; undefined without any. Unlike the usual
 * formula it is right at the ends too: ten of ten is not "100 % to 100 %". `successes` may be a fraction, for means.
 */
export function wilsonInterval(successes: number, n: number, z: number = z95): Interval | undefined {
  if (n <= 0) return undefined;
  const share = successes / n;
  const square = z * z;
  const centre = share + square / (2 * n);
  const spread = z * Math.sqrt((share * (1 - share)) / n + square / (4 * n * n));
  const scale = 1 + square / n;
  // At the ends the formula is exact, and arithmetic on a computer is not.
  const low = share === 0 ? 0 : Math.max(0, (centre - spread) / scale);
  const high = share === 1 ? 1 : Math.min(1, (centre + spread) / scale);
  return { low, high };
}
