export interface Discount {
  readonly percent: number;
  /** No more than this many cents. */
  readonly most?: number;
}

/** What is taken off, in cents. */
export function discountOn(cents: number, { percent, most }: Discount): number {
  const off = roundDiscount((cents * percent) / 100);
  return most === undefined ? off : Math.min(off, most);
}

function roundDiscount(amount: number): number {
  const lower = Math.floor(amount);
  const isHalf = amount - lower === 0.5;
  if (isHalf) return lower % 2 === 0 ? lower : lower + 1;
  return Math.round(amount);
}
