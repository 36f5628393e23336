import { emitReviewCommentEvent } from '../events/review-events.ts';
import { listAnswer } from '../http/pagination.ts';
import { notFound, validationFailed } from '../http/problem.ts';
import {
  created,
  noContent,
  numberParam,
  ok,
  type RepositoryCall,
  type Route,
  repositoryRoute,
} from '../http/route.ts';
import { accountOf, readers, writers } from '../identity/access.ts';
import { checkMay, checkNotLocked, mayEdit, pullOf } from '../issues/find-issue.ts';
import { checkBody } from '../issues/open-issue.ts';
import { type CommentPlace, placeComment } from '../pulls/place-comment.ts';
import { diffRange, pullFiles } from '../pulls/pull-figures.ts';
import { renderReviewComment } from '../render/pull.ts';
import { type CommentOrigin, isPull, type PullIssue, type Review, type ReviewComment } from '../state/issue-state.ts';
import { timestamp } from '../state/timestamp.ts';

const ofPull = '/repos/{owner}/{repo}/pulls/{pull_number}/comments';
const ofRepository = '/repos/{owner}/{repo}/pulls/comments';
const read = readers('pull_requests');
const write = writers('read', 'pull_requests');

export const reviewCommentRoutes: readonly Route[] = [
  repositoryRoute(`GET ${ofPull}`, read, (call) => {
    const issue = pullOf(call);
    return listAnswer(call, shown(issue), (comment) => render(call, { issue, comment }));
  }),
  repositoryRoute(`POST ${ofPull}`, write, createComment),
  repositoryRoute(`POST ${ofPull}/{comment_id}/replies`, write, reply),
  repositoryRoute(`GET ${ofRepository}`, read, (call) => {
    const all = [...call.repository.issues.values()].filter(isPull);
    const found = all.flatMap((issue) => shown(issue).map((comment) => ({ issue, comment })));
    return listAnswer(call, found, (each) => render(call, each));
  }),
  repositoryRoute(`GET ${ofRepository}/{comment_id}`, read, (call) => ok(render(call, commentOf(call)))),
  repositoryRoute(`PATCH ${ofRepository}/{comment_id}`, write, (call) => {
    const found = commentOf(call);
    checkMay(mayEdit(call.repository, call.actor, found.comment.author));
    found.comment.body = textOf(call);
    found.comment.updatedAt = timestamp(call.world.clock);
    return ok(render(call, found));
  }),
  repositoryRoute(`DELETE ${ofRepository}/{comment_id}`, write, (call) => {
    const { issue, comment } = commentOf(call);
    checkMay(mayEdit(call.repository, call.actor, comment.author));
    issue.pull.reviewComments.splice(issue.pull.reviewComments.indexOf(comment), 1);
    return noContent;
  }),
];

interface Found {
  readonly issue: PullIssue;
  readonly comment: ReviewComment;
}

/** What belongs to a review that was not submitted yet is not there for others. */
function shown(issue: PullIssue): ReviewComment[] {
  const pending = new Set(issue.pull.reviews.filter((review) => review.state === 'PENDING').map((review) => review.id));
  return issue.pull.reviewComments.filter((comment) => !pending.has(comment.reviewId));
}

function commentOf(call: RepositoryCall): Found {
  const id = numberParam(call, 'comment_id');
  for (const issue of [...call.repository.issues.values()].filter(isPull)) {
    const comment = issue.pull.reviewComments.find((each) => each.id === id);
    if (comment !== undefined) return { issue, comment };
  }
  throw notFound();
}

function render(call: RepositoryCall, { issue, comment }: Found) {
  return renderReviewComment(call.world, call.repository, issue, comment);
}

function textOf(call: RepositoryCall): string {
  const body = call.body.string('body');
  checkBody(body, 'PullRequestReviewComment');
  if (body.trim() === '') {
    throw validationFailed({ resource: 'PullRequestReviewComment', field: 'body', code: 'missing_field' });
  }
  return body;
}

async function createComment(call: RepositoryCall) {
  const { repository, body } = call;
  const issue = pullOf(call);
  checkNotLocked(repository, call.actor, issue);
  const text = textOf(call);
  const answered = body.optionalInteger('in_reply_to');
  if (answered !== undefined) return replyTo(call, issue, { id: answered, text });
  const commitSha = body.string('commit_id');
  const known = await repository.git.commit(commitSha);
  if (known === undefined) {
    throw validationFailed({ resource: 'PullRequestReviewComment', field: 'commit_id', code: 'invalid' });
  }
  const placed = placeComment(await pullFiles(repository, issue), body);
  if (placed.kind === 'outside') {
    const field = `pull_request_review_thread.${placed.field}`;
    const message = `pull_request_review_thread.${placed.message}`;
    throw validationFailed({ resource: 'PullRequestReviewComment', code: 'custom', field, message });
  }
  const review = ownReview(call, issue, commitSha);
  return answerNew(call, {
    issue,
    comment: newReviewComment(call, issue, {
      place: placed.place,
      origin: await originOf(call, issue, placed.place),
      body: text,
      review,
    }),
  });
}

function reply(call: RepositoryCall) {
  const issue = pullOf(call);
  checkNotLocked(call.repository, call.actor, issue);
  return replyTo(call, issue, { id: numberParam(call, 'comment_id'), text: textOf(call) });
}

function replyTo(call: RepositoryCall, issue: PullIssue, answer: { readonly id: number; readonly text: string }) {
  const first = issue.pull.reviewComments.find((comment) => comment.id === answer.id);
  if (first === undefined) throw notFound();
  const review = ownReview(call, issue, first.commitSha);
  const inReplyTo = first.inReplyTo ?? first.id;
  const { original: origin } = first;
  const comment = newReviewComment(call, issue, { place: first, origin, body: answer.text, review, inReplyTo });
  return answerNew(call, { issue, comment });
}

function answerNew(call: RepositoryCall, found: Found) {
  const rendered = render(call, found);
  return created(rendered, rendered.url);
}

/** A single comment is a review of its own, without a word of its own. */
function ownReview(call: RepositoryCall, issue: PullIssue, commitSha: string): Review {
  const review: Review = {
    id: call.world.store.commentId(),
    author: accountOf(call.actor),
    body: '',
    state: 'COMMENTED',
    commitSha,
    submittedAt: timestamp(call.world.clock),
    reactions: [],
  };
  issue.pull.reviews.push(review);
  return review;
}

/** The place, and the diff that it is on. */
export async function originOf(call: RepositoryCall, issue: PullIssue, place: CommentPlace): Promise<CommentOrigin> {
  const { line, startLine, position } = place;
  return { ...(await diffRange(call.repository, issue)), line, startLine, position };
}

export interface NewReviewComment {
  readonly place: CommentPlace;
  readonly origin: CommentOrigin;
  readonly body: string;
  readonly review: Review;
  readonly inReplyTo?: number;
}

export function newReviewComment(call: RepositoryCall, issue: PullIssue, fresh: NewReviewComment): ReviewComment {
  const now = timestamp(call.world.clock);
  const { path, line, side, startLine, startSide, position, diffHunk } = fresh.place;
  const comment: ReviewComment = {
    ...{ path, line, side, startLine, startSide, position, diffHunk },
    id: call.world.store.commentId(),
    reviewId: fresh.review.id,
    author: accountOf(call.actor),
    body: fresh.body,
    commitSha: fresh.review.commitSha,
    original: fresh.origin,
    inReplyTo: fresh.inReplyTo,
    createdAt: now,
    updatedAt: now,
    reactions: [],
  };
  issue.pull.reviewComments.push(comment);
  emitReviewCommentEvent(call, issue, comment);
  return comment;
}
