import type { ScheduledOrder } from './trigger-event.ts';

/** Why something is done that nobody typed a command for. */
export type RequestCause =
  | { readonly kind: 'issue-opened' }
  /** A pull request was opened, made ready or pushed to. */
  | { readonly kind: 'pull-changed'; readonly again?: true }
  /** `again`: it came while a run was at work, which was not told of it. */
  | { readonly kind: 'review'; readonly reviewId: number; readonly again?: true }
  | { readonly kind: 'line-comment'; readonly commentId: number; readonly again?: true }
  | { readonly kind: 'checks'; readonly sha: string; readonly failed: boolean; readonly told: 'each' | 'workflow' }
  /** The base went on, and GitHub could not merge the agent's pull request when somebody looked. */
  | { readonly kind: 'base' }
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
