import type { PullFile, ReviewCommentInfo, ReviewInfo } from '../../ports/forge-reviews.ts';
import { readLogin } from './answers.ts';
import { integerIn, type JsonObject, objectIn, textIn, textOrNullIn } from './json-reader.ts';

/** GitHub's answers about reviews, read into our own words. */
export function readReview(data: unknown): ReviewInfo {
  const review = objectIn(data, 'review');
  return {
    id: integerIn(review, 'id'),
    author: readLogin(review['user']),
    body: textOrNullIn(review, 'body'),
    state: readState(textIn(review, 'state')),
    // Null when the commit is gone.
    commitSha: textOrNullIn(review, 'commit_id') || undefined,
    submittedAt: textOrNullIn(review, 'submitted_at') || undefined,
    url: textIn(review, 'html_url'),
  };
}

const states = ['PENDING', 'COMMENTED', 'APPROVED', 'CHANGES_REQUESTED', 'DISMISSED'] as const;

/** A state that we do not know judges nothing. */
function readState(told: string): ReviewInfo['state'] {
  return states.find((state) => state === told.toUpperCase()) ?? 'COMMENTED';
}

export function readReviewComment(data: unknown): ReviewCommentInfo {
  const comment = objectIn(data, 'review comment');
  return {
    id: integerIn(comment, 'id'),
    reviewId: wholeIn(comment, 'pull_request_review_id'),
    author: readLogin(comment['user']),
    body: textOrNullIn(comment, 'body'),
    path: textIn(comment, 'path'),
    line: wholeIn(comment, 'line'),
    inReplyTo: wholeIn(comment, 'in_reply_to_id'),
    createdAt: textIn(comment, 'created_at'),
    url: textIn(comment, 'html_url'),
  };
}

export function readPullFile(data: unknown): PullFile {
  const file = objectIn(data, 'file');
  return {
    path: textIn(file, 'filename'),
    previousPath: textOrNullIn(file, 'previous_filename') || undefined,
    status: textIn(file, 'status'),
    // Absent for binaries and what is too large; empty for a mere rename.
    patch: file['patch'] === undefined || file['patch'] === null ? undefined : textIn(file, 'patch'),
  };
}

function wholeIn(from: JsonObject, key: string): number | undefined {
  return from[key] === null || from[key] === undefined ? undefined : integerIn(from, key);
}
