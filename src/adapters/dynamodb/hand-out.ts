import { decideDelivery, undelivered } from '../../domain/coordination/message-delivery.ts';
import type { Line, Posted } from './message-items.ts';

export interface HandOut {
  /** False: only what was handed out too often is given up. */
  readonly mayDeliver: boolean;
  readonly visibilityMs: number;
  readonly now: number;
  readonly newReceipt: () => string;
}

export interface HandedOut {
  /** Undefined: nothing about it changes. */
  readonly line: Line | undefined;
  readonly delivered?: Posted & { readonly receipt: string };
}

/** At most one message of a line: the oldest. Where one is given up, the next one is looked at instead. */
export function handOutOf(line: Line, { mayDeliver, visibilityMs, now, newReceipt }: HandOut): HandedOut {
  let { posted } = line;
  const replace = (old: Posted, next: Posted): void => {
    posted = posted.map((one) => (one === old ? next : one));
  };
  const changedLine = (): Line | undefined => (posted === line.posted ? undefined : { ...line, posted });
  for (const head of line.posted) {
    if (head.delivery.state !== 'waiting') continue;
    const decision = decideDelivery(head.delivery, { now, visibilityMs });
    if (decision.kind === 'give-up') {
      replace(head, { ...head, delivery: decision.delivery });
      continue;
    }
    if (decision.kind === 'wait' || !mayDeliver) break;
    const delivered = { ...head, delivery: decision.delivery, receipt: newReceipt() };
    replace(head, delivered);
    return { line: changedLine(), delivered };
  }
  return { line: changedLine() };
}

/** The oldest that waits in a line; undefined: nothing does. */
export function headOf({ posted }: Line): Posted | undefined {
  return posted.find(({ delivery }) => delivery.state === 'waiting');
}

/** Receipts that a line remembers, so that whoever lost the answer is told the same again. */
const rememberedReceipts = 8;

/** `already`: it was acknowledged before. Undefined: no such receipt, or a newer one took its place. */
export function acknowledgedIn(line: Line, receipt: string): Line | 'already' | undefined {
  if (line.acknowledged.includes(receipt)) return 'already';
  // Late is better than never: also of one that was given up meanwhile.
  if (!line.posted.some((one) => one.receipt === receipt)) return undefined;
  return {
    ...line,
    posted: line.posted.filter((one) => one.receipt !== receipt),
    acknowledged: [...line.acknowledged, receipt].slice(-rememberedReceipts),
  };
}

/** A dead one waits anew, in its old place; undefined: there is no such. */
export function redrivenIn(line: Line, id: string): Line | undefined {
  if (!line.posted.some((one) => one.id === id && one.delivery.state === 'dead')) return undefined;
  const posted = line.posted.map((one): Posted => {
    if (one.id !== id) return one;
    const { receipt: _old, ...kept } = one;
    return { ...kept, delivery: undelivered };
  });
  return { ...line, posted };
}
