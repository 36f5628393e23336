export interface BackoffOptions {
  /** Milliseconds before the second attempt. */
  readonly firstMs: number;
  readonly factor: number;
}

export function checkOptions({ firstMs, factor }: BackoffOptions): void {
  if (!(firstMs > 0)) throw new RangeError(`firstMs is ${firstMs}; it must be above 0`);
  if (!(factor >= 1)) throw new RangeError(`factor is ${factor}; it must be at least 1`);
}
