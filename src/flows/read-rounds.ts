import { isBot } from '../domain/actor-policy.ts';
import { parseMarkers } from '../domain/markers.ts';
import { isAtLeast } from '../domain/permission.ts';
import type { KnownFinding } from '../domain/reports/open-finding.ts';
import { knownFindings, type ReviewState } from '../domain/review/known-findings.ts';
import { reviewOp } from '../domain/review/review-text.ts';
import type { Forge } from '../ports/forge.ts';
import type { ReviewCommentInfo, ReviewInfo, ReviewThread } from '../ports/forge-reviews.ts';

/** What GitHub tells of a pull request's reviews, and which texts there are our own. */
export interface Rounds {
  readonly reviews: readonly ReviewInfo[];
  readonly comments: readonly ReviewCommentInfo[];
  readonly threads: readonly KnownThread[];
  readonly isOwn: (author: string) => boolean;
}

type KnownThread = ReviewThread & Pick<ReviewState['threads'][number], 'closedBy'>;

export async function readRounds(forge: Forge, pull: number): Promise<Rounds> {
  const reviews = await forge.reviews.reviews(pull);
  const comments = await forge.reviews.comments(pull);
  const threads = comments.length === 0 ? [] : await knownThreads(forge, await forge.reviews.threads(pull));
  const own = new Set<string>();
  // Anybody can type a mark of ours; whose text it is, GitHub says.
  const authors = [...reviews, ...comments].filter(isMarked).map(({ author }) => author);
  for (const author of new Set(authors)) if (await forge.isOwnAuthor(author)) own.add(author);
  return { reviews, comments, threads, isOwn: (author) => own.has(author) };
}

/** Whoever opened a pull request may close its conversations, and may be anybody: that settles nothing by itself. */
async function knownThreads(forge: Forge, threads: readonly ReviewThread[]): Promise<readonly KnownThread[]> {
  const settling = new Set<string>();
  const people = new Set(threads.flatMap(({ resolvedBy = [] }) => resolvedBy));
  for (const login of people) {
    const may = !isBot({ login, kind: 'user' }) && isAtLeast(await forge.permissionOf(login), 'write');
    if (may) settling.add(login);
  }
  return threads.map((thread) => {
    const settled = !thread.resolved || (thread.resolvedBy !== undefined && settling.has(thread.resolvedBy));
    return settled ? thread : { ...thread, closedBy: 'stranger' };
  });
}

/** What all rounds together have found, and what became of it. */
export function findingsOf(rounds: Rounds, pull: number): readonly KnownFinding[] {
  return knownFindings(rounds, { isOwn: rounds.isOwn, issue: pull });
}

/** The review of this run, from an earlier try; of several the first. */
export function reviewOf({ reviews, isOwn }: Rounds, runId: string): ReviewInfo | undefined {
  return reviews.find(({ author, body }) => isOwn(author) && isReviewOf(body, runId));
}

/** Counted from 1: a round is a review of ours by another run. */
export function roundAfter({ reviews, isOwn }: Rounds): number {
  const runs = reviews.filter(({ author }) => isOwn(author)).flatMap(({ body }) => reviewRun(body) ?? []);
  return new Set(runs).size + 1;
}

/**
 * The same as it was before this run wrote its first word, so that a run that is published again after a kill decides as it did
 * the first time: without its review and replies, with the conversations as they stood before them.
 */
export function beforeRun(rounds: Rounds, runId: string): Rounds {
  const { reviews, comments, threads, isOwn } = rounds;
  const isOfRun = (text: { readonly author: string; readonly body: string }): boolean =>
    isOwn(text.author) && parseMarkers(firstLine(text.body))[0]?.run === runId;
  const settled = new Map(
    comments
      .filter((comment) => comment.inReplyTo !== undefined && isOfRun(comment))
      .map(({ inReplyTo, body }) => [inReplyTo, /-open -->$/.test(firstLine(body))] as const),
  );
  return {
    isOwn,
    reviews: reviews.filter((review) => !isOfRun(review)),
    comments: comments.filter((comment) => !isOfRun(comment)),
    threads: threads.map((thread) => {
      const reopened = settled.get(thread.comments[0]);
      return reopened === undefined
        ? thread
        : ({ ...thread, resolved: reopened } satisfies ReviewState['threads'][number]);
    }),
  };
}

function isReviewOf(body: string, runId: string): boolean {
  return reviewRun(body) === runId;
}

/** Of a review that a run of ours wrote; undefined for every other text, whoever it is by. */
export function reviewRun(body: string): string | undefined {
  const [mark] = parseMarkers(firstLine(body));
  return mark?.op === reviewOp ? mark.run : undefined;
}

function isMarked({ body }: { readonly body: string }): boolean {
  return parseMarkers(firstLine(body)).length > 0;
}

function firstLine(body: string): string {
  return (body.split('\n', 1)[0] ?? '').trim();
}
