/**
 * What came while a run was at work and is asked for when that is over: a dispatch names it in the place of a team's step, and the
 * gate looks it up at GitHub as if it had just come.
 */
export type HeardAgain =
  | { readonly kind: 'line-comment'; readonly commentId: number }
  | { readonly kind: 'review'; readonly reviewId: number }
  /** The pull request was pushed to while it was reviewed. */
  | { readonly kind: 'pull-changed' };

/** For the input `step`: no step of a team is named so. */
export function textOfHeardAgain(heard: HeardAgain): string {
  switch (heard.kind) {
    case 'line-comment':
      return `comment-${heard.commentId}`;
    case 'review':
      return `review-${heard.reviewId}`;
    case 'pull-changed':
      return 'pull-changed';
    default:
      return heard satisfies never;
  }
}

export function readHeardAgain(step: string): HeardAgain | undefined {
  if (step === 'pull-changed') return { kind: 'pull-changed' };
  const [, what, digits] = /^(comment|review)-([1-9]\d{0,15})$/.exec(step) ?? [];
  const id = Number(digits);
  if (what === undefined || !Number.isSafeInteger(id)) return undefined;
  return what === 'comment' ? { kind: 'line-comment', commentId: id } : { kind: 'review', reviewId: id };
}
