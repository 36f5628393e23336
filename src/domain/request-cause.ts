import type { ScheduledOrder } from './trigger-event.ts';

/** Why something is done that nobody typed a command for. */
export type RequestCause =
  | { readonly kind: 'issue-opened' }
  /** A pull request was opened, made ready or pushed to. */
  | { readonly kind: 'pull-changed' }
  | { readonly kind: 'review'; readonly reviewId: number }
  | { readonly kind: 'line-comment'; readonly commentId: number }
  | { readonly kind: 'checks'; readonly sha: string; readonly failed: boolean }
  /** A comment without a command: an answer, if somebody waits for one. */
  | { readonly kind: 'answer' }
  | { readonly kind: 'step'; readonly step: string }
  | { readonly kind: 'schedule'; readonly order: ScheduledOrder };

/**
 * Whether nobody waits for an answer: refusals go to the log then, and to nobody's issue. A schedule is answered, for the
 * issue is its own.
 */
export function isQuiet(cause: RequestCause | undefined): boolean {
  return cause !== undefined && cause.kind !== 'schedule';
}
