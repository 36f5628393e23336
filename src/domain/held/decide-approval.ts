import { type HeldShown, unshownText } from './held-shown.ts';
import type { HeldRecord } from './plan.ts';
import { shownPlan } from './plan-name.ts';

/** What is there when somebody approves. */
export interface HeldNow {
  readonly record: HeldRecord;
  /** The hash of its plan, as computed now. */
  readonly hash: string;
  /** Against what the issue shows of it, as found now. */
  readonly shown: HeldShown;
  /** The branch that the change goes on with or from. */
  readonly head: HeadNow;
  readonly now: number;
}

export type HeadNow =
  | { readonly kind: 'same' }
  /** It went on, and touched nothing of what the plan changes. */
  | { readonly kind: 'ahead' }
  /** `what` completes "… since": somebody pushed, rewrote or removed it. */
  | { readonly kind: 'changed'; readonly what: string };

export type ApprovalDecision =
  | { readonly kind: 'approved' }
  /** `what` is a sentence for the issue. `over`: nobody can approve it any more, so it goes. */
  | { readonly kind: 'refused'; readonly what: string; readonly over: boolean };

/**
 * An approval counts for the plan that was looked at, as it was shown, on the code that it was made for. Who may give one is
 * told by `actor-policy.ts`.
 */
export function decideApproval(typed: string, held: HeldNow): ApprovalDecision {
  const { record, hash, shown, head, now } = held;
  // Before anything of it is named: what is held and not shown may be somebody's who waits for its hash to be approved.
  if (shown !== 'as-shown') return { kind: 'refused', what: unshownText(shown), over: true };
  if (!hash.startsWith(typed)) {
    const what = `the plan that is held now is \`${shownPlan(hash)}\`, not the one that was named; look at its comment again`;
    return { kind: 'refused', what, over: false };
  }
  if (now >= record.plan.expiresAt) {
    return { kind: 'refused', what: 'the plan has expired', over: true };
  }
  if (head.kind === 'changed') return { kind: 'refused', what: head.what, over: true };
  return { kind: 'approved' };
}
