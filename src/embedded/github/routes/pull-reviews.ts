import { emitReviewEvent } from '../events/review-events.ts';
import { listAnswer } from '../http/pagination.ts';
import { GitHubProblem, notFound, unprocessable } from '../http/problem.ts';
import { numberParam, ok, type RepositoryCall, type Route, repositoryRoute } from '../http/route.ts';
import { accountOf, readers, writers } from '../identity/access.ts';
import { checkMay, checkNotLocked, pullOf } from '../issues/find-issue.ts';
import { placeComment } from '../pulls/place-comment.ts';
import { pullFiles } from '../pulls/pull-figures.ts';
import { renderReview, renderReviewComment } from '../render/pull.ts';
import type { PullIssue, Review, ReviewComment, ReviewState } from '../state/issue-state.ts';
import { timestamp } from '../state/timestamp.ts';
import { newReviewComment, originOf } from './review-comments.ts';

const reviews = '/repos/{owner}/{repo}/pulls/{pull_number}/reviews';
const read = readers('pull_requests');
const write = writers('read', 'pull_requests');
const verdicts: Readonly<Record<'APPROVE' | 'REQUEST_CHANGES' | 'COMMENT', ReviewState>> = {
  APPROVE: 'APPROVED',
  REQUEST_CHANGES: 'CHANGES_REQUESTED',
  COMMENT: 'COMMENTED',
};

export const pullReviewRoutes: readonly Route[] = [
  repositoryRoute(`GET ${reviews}`, read, (call) => {
    const issue = pullOf(call);
    const shown = issue.pull.reviews.filter((review) => mayRead(call, review));
    return listAnswer(call, shown, (review) => renderReview(call.world, call.repository, issue, review));
  }),
  repositoryRoute(`POST ${reviews}`, write, createReview),
  repositoryRoute(`GET ${reviews}/{review_id}`, read, (call) => answer(call, reviewOf(call))),
  repositoryRoute(`PUT ${reviews}/{review_id}`, write, (call) => {
    const review = reviewOf(call);
    checkMay(review.author === accountOf(call.actor));
    review.body = call.body.string('body');
    return answer(call, review);
  }),
  repositoryRoute(`DELETE ${reviews}/{review_id}`, write, (call) => {
    const review = pendingReview(call);
    const { pull } = pullOf(call);
    pull.reviews.splice(pull.reviews.indexOf(review), 1);
    const kept = pull.reviewComments.filter((comment) => comment.reviewId !== review.id);
    pull.reviewComments.splice(0, pull.reviewComments.length, ...kept);
    return answer(call, review);
  }),
  repositoryRoute(`POST ${reviews}/{review_id}/events`, write, (call) => {
    const review = pendingReview(call);
    const state = verdictOf(call, pullOf(call));
    if (state === 'PENDING') throw unprocessable('Invalid request.\n\n"event" wasn\'t supplied.');
    review.body = call.body.optionalString('body') ?? review.body;
    submit(call, review, state);
    return answer(call, review);
  }),
  repositoryRoute(`PUT ${reviews}/{review_id}/dismissals`, writers('write', 'pull_requests'), (call) => {
    const review = reviewOf(call);
    call.body.string('message');
    if (review.state !== 'APPROVED' && review.state !== 'CHANGES_REQUESTED') {
      throw unprocessable('Can not dismiss a commented pull request review');
    }
    review.state = 'DISMISSED';
    emitReviewEvent(call, pullOf(call), review, 'dismissed');
    return answer(call, review);
  }),
  repositoryRoute(`GET ${reviews}/{review_id}/comments`, read, (call) => {
    const [issue, review] = [pullOf(call), reviewOf(call)];
    const listed = issue.pull.reviewComments.filter((comment) => comment.reviewId === review.id);
    return listAnswer(call, listed, (comment) => legacyComment(call, issue, comment));
  }),
];

/** A pending review is seen by its author alone. */
function mayRead(call: RepositoryCall, review: Review): boolean {
  const own = call.actor.kind !== 'anonymous' && call.actor.kind !== 'app' && call.actor.account === review.author;
  return review.state !== 'PENDING' || own;
}

function reviewOf(call: RepositoryCall): Review {
  const review = pullOf(call).pull.reviews.find((each) => each.id === numberParam(call, 'review_id'));
  if (review === undefined || !mayRead(call, review)) throw notFound();
  return review;
}

function pendingReview(call: RepositoryCall): Review {
  const review = reviewOf(call);
  if (review.state !== 'PENDING') throw unprocessable('Can not change a review that was submitted');
  return review;
}

function answer(call: RepositoryCall, review: Review) {
  return ok(renderReview(call.world, call.repository, pullOf(call), review));
}

async function createReview(call: RepositoryCall) {
  const { world, repository, body, actor } = call;
  const issue = pullOf(call);
  checkNotLocked(repository, actor, issue);
  const state = verdictOf(call, issue);
  const text = body.optionalString('body') ?? '';
  const entries = body.objects('comments');
  const empty = text.trim() === '' && entries.length === 0;
  if (empty && (state === 'CHANGES_REQUESTED' || state === 'COMMENTED')) {
    throw new GitHubProblem(422, 'Unprocessable Entity', { errors: ['Body cannot be blank'] });
  }
  const files = entries.length === 0 ? [] : await pullFiles(repository, issue);
  const places = entries.map((entry) => {
    const placed = placeComment(files, entry);
    if (placed.kind === 'placed') return { place: placed.place, body: entry.string('body') };
    const what = placed.field === 'path' ? 'Path could not be resolved' : 'Line could not be resolved';
    throw new GitHubProblem(422, 'Unprocessable Entity', { errors: [what] });
  });
  const origins = await Promise.all(places.map(({ place }) => originOf(call, issue, place)));
  const review: Review = {
    id: world.store.commentId(),
    author: accountOf(actor),
    body: text,
    state: 'PENDING',
    commitSha: body.optionalString('commit_id') ?? issue.pull.head.sha,
    submittedAt: null,
    reactions: [],
  };
  issue.pull.reviews.push(review);
  for (const [at, each] of places.entries()) {
    const origin = origins[at];
    if (origin !== undefined) newReviewComment(call, issue, { ...each, origin, review });
  }
  if (state !== 'PENDING') submit(call, review, state);
  return answer(call, review);
}

function submit(call: RepositoryCall, review: Review, state: ReviewState): void {
  review.state = state;
  review.submittedAt = timestamp(call.world.clock);
  emitReviewEvent(call, pullOf(call), review, 'submitted');
}

/** The rules of github.com: nobody judges their own work, and a workflow's token approves nothing. */
function verdictOf(call: RepositoryCall, issue: PullIssue): ReviewState {
  const event = call.body.oneOf('event', ['APPROVE', 'REQUEST_CHANGES', 'COMMENT']);
  if (event === undefined) return 'PENDING';
  const own = accountOf(call.actor) === issue.author;
  const refuse = (what: string) => new GitHubProblem(422, 'Unprocessable Entity', { errors: [what] });
  if (event === 'APPROVE' && own) throw refuse('Can not approve your own pull request');
  if (event === 'REQUEST_CHANGES' && own) throw refuse('Can not request changes on your own pull request');
  const job = call.actor.kind === 'installation' && !call.actor.startsWorkflows;
  if (event === 'APPROVE' && job) throw refuse('GitHub Actions is not permitted to approve pull requests.');
  return verdicts[event];
}

/** OpenAPI `review-comment`: this one endpoint still answers without lines' new names. */
function legacyComment(call: RepositoryCall, issue: PullIssue, comment: ReviewComment) {
  const rendered = renderReviewComment(call.world, call.repository, issue, comment);
  return { ...rendered, position: comment.position, original_position: comment.original.position ?? 1 };
}
