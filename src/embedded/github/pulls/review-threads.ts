import { nodeId } from '../render/user.ts';
import type { Account } from '../state/accounts.ts';
import type { PullIssue, ReviewComment } from '../state/issue-state.ts';

/** A conversation: a comment on a line or a file, and the answers to it. */
export interface Thread {
  /** Of the comment that it began with, which may be deleted by now: a conversation stays while an answer is left. */
  readonly id: number;
  readonly nodeId: string;
  /** The first one first. */
  readonly comments: readonly [ReviewComment, ...ReviewComment[]];
  readonly resolvedBy: Account | undefined;
  /** Its line is in the diff no longer. */
  readonly outdated: boolean;
}

/** In the order in which they began. Of reviews that were not submitted yet there are none. */
export function threadsOf({ pull }: PullIssue): Thread[] {
  const pending = new Set(pull.reviews.filter((review) => review.state === 'PENDING').map((review) => review.id));
  const shown = pull.reviewComments.filter((comment) => !pending.has(comment.reviewId));
  const byThread = Map.groupBy(shown, ({ id, inReplyTo }) => inReplyTo ?? id);
  return [...byThread].flatMap(([id, [first, ...replies]]) => {
    if (first === undefined) return [];
    return {
      id,
      nodeId: nodeId('PullRequestReviewThread', id),
      comments: [first, ...replies] as const,
      resolvedBy: pull.resolvedThreads.get(id),
      outdated: first.original.line !== null && first.line === null,
    };
  });
}
