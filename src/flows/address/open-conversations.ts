import { markOf } from '../../domain/markers.ts';
import type { PullRequestInfo } from '../../ports/forge.ts';
import type { ForgeReviews, ReviewCommentInfo, ReviewInfo } from '../../ports/forge-reviews.ts';

/** One thing that somebody said on a pull request. Untrusted text. */
export interface Saying {
  /** Of the comment, or of the review whose own words these are. */
  readonly id: number;
  readonly author: string;
  readonly body: string;
  /** ISO 8601: a comment of a review is said when that is handed in, however long ago it was typed. */
  readonly at: string;
  readonly reviewId: number | undefined;
  /** What it stands on; undefined: the whole. */
  readonly path?: string;
  readonly line?: number;
  readonly begins: boolean;
  /** What its author was looking at; undefined where GitHub does not tell. */
  readonly commitSha: string | undefined;
}

/** The words of one review, or a thread that nobody resolved; in the order in which it was said, never empty. */
export type Conversation = readonly [Saying, ...Saying[]];

export interface ConversationForge {
  readonly reviews: Pick<ForgeReviews, 'reviews' | 'comments' | 'threads'>;
}

/** All that is open: the newest review of each person that requests changes, and threads that nobody resolved. */
export async function openConversations(
  { reviews: forge }: ConversationForge,
  { number }: Pick<PullRequestInfo, 'number'>,
): Promise<readonly Conversation[]> {
  const reviews = await forge.reviews(number);
  const comments = await forge.comments(number);
  const threads = comments.length === 0 ? [] : await openThreads(forge, number, comments);
  const byId = new Map(reviews.map((review) => [review.id, review]));
  return [
    ...demandsOf(reviews),
    ...threads.flatMap(([first, ...others]) => {
      const say = (comment: ReviewCommentInfo) => sayingOf(comment, byId.get(comment.reviewId ?? 0));
      return first === undefined ? [] : [[say(first), ...others.map(say)] as const];
    }),
  ];
}

export function newestOf(conversation: Conversation): Saying {
  return conversation.reduce((newest, saying) => (Date.parse(saying.at) >= Date.parse(newest.at) ? saying : newest));
}

/** Begins with a mark: a program of ours wrote it. Whoever forges one only hides their own words. */
export function isMarked({ body }: Pick<Saying, 'body'>): boolean {
  return markOf(body) !== undefined;
}

/** An approval asks for nothing; a comment without a line may be anything, so only a request for changes counts. */
function demandsOf(reviews: readonly ReviewInfo[]): readonly Conversation[] {
  const newest = new Map<string, ReviewInfo>();
  for (const review of reviews) {
    if (review.state === 'CHANGES_REQUESTED' || review.state === 'APPROVED' || review.state === 'DISMISSED') {
      newest.set(review.author, review);
    }
  }
  return [...newest.values()].flatMap(({ id, author, body, state, submittedAt, commitSha }) => {
    if (state !== 'CHANGES_REQUESTED' || body.trim() === '') return [];
    return [[{ id, author, body, at: submittedAt ?? '', reviewId: id, begins: true, commitSha }] as const];
  });
}

/** Comments by thread, each in order; those of resolved threads are answered. */
async function openThreads(
  forge: ConversationForge['reviews'],
  pull: number,
  comments: readonly ReviewCommentInfo[],
): Promise<readonly (readonly ReviewCommentInfo[])[]> {
  const threads = await forge.threads(pull);
  const byId = new Map(comments.map((comment) => [comment.id, comment]));
  const known = new Set(threads.flatMap((thread) => thread.comments));
  const told = threads
    .filter(({ resolved }) => !resolved)
    .map((thread) => thread.comments.flatMap((id) => byId.get(id) ?? []));
  // A comment that came after the threads were read is a thread of its own until somebody looks again.
  const late = comments.filter(({ id }) => !known.has(id)).map((comment) => [comment]);
  return [...told, ...late];
}

function sayingOf(comment: ReviewCommentInfo, review: ReviewInfo | undefined): Saying {
  const { id, author, body, path, line, createdAt, reviewId, inReplyTo } = comment;
  const handedIn = review?.submittedAt ?? createdAt;
  const begins = inReplyTo === undefined;
  return {
    ...{ id, author, body, path, reviewId, begins },
    at: Date.parse(handedIn) > Date.parse(createdAt) ? handedIn : createdAt,
    ...(line !== undefined && { line }),
    // GitHub writes an answer down as a review of its own, about a commit that its author may not have looked at.
    commitSha: begins ? review?.commitSha : undefined,
  };
}
