import { type Discount, discountOn } from './discount.ts';
import { taxOn } from './tax.ts';

export interface Line {
  readonly text: string;
  readonly quantity: number;
  /** Cents, for one. */
  readonly price: number;
}

export interface Invoice {
  readonly lines: readonly Line[];
  readonly discount?: Discount;
  readonly taxRate: number;
}

/** What is to be paid, in cents. */
export function totalOf({ lines, discount, taxRate }: Invoice): number {
  const net = lines.reduce((sum, { quantity, price }) => sum + bankersRound(quantity * price), 0);
  const reduced = discount === undefined ? net : net - discountOn(net, discount);
  return reduced + taxOn(reduced, taxRate);
}

function bankersRound(value: number): number {
  const floor = Math.floor(value);
  const diff = value - floor;
  if (diff === 0.5) {
    return floor % 2 === 0 ? floor : floor + 1;
  }
  return diff < 0.5 ? floor : floor + 1;
}
