import { EntropyError } from '../../domain/error.ts';
import { sameWritten } from '../../domain/same-text.ts';
import type { ForgeReviews, NewReview, ReviewInfo } from '../../ports/forge-reviews.ts';
import type { GitHubApi } from './api.ts';
import type { ApiAnswer } from './api-call.ts';
import { listIn, memberOf, objectIn } from './json-reader.ts';
import type { OwnAuthor } from './own-author.ts';
import { readPullFile, readReview, readReviewComment } from './review-answers.ts';
import { createReviewThreads } from './review-threads.ts';

const pulls = '/repos/{owner}/{repo}/pulls/{pull_number}';
/** GitHub tells of no more files, and not that there are more. */
const mostFiles = 3_000;
/** The same of a comparison. */
const mostCompared = 300;
const maxCreations = 3;

/** Reviews over REST, conversations over GraphQL. */
export function createForgeReviews(api: GitHubApi, own: OwnAuthor): ForgeReviews {
  const reviews: ForgeReviews['reviews'] = async (pull) => {
    const purpose = `read the reviews of pull request #${pull}`;
    const entries = await api.list({ route: `GET ${pulls}/reviews`, params: { pull_number: pull }, purpose });
    return entries.map(readReview);
  };
  const comments: ForgeReviews['comments'] = async (pull) => {
    const purpose = `read the comments on the lines of pull request #${pull}`;
    const entries = await api.list({ route: `GET ${pulls}/comments`, params: { pull_number: pull }, purpose });
    return entries.map(readReviewComment);
  };

  const post = (pull: number, { commitSha, event, body, comments }: NewReview): Promise<ApiAnswer> =>
    api.send({
      route: `POST ${pulls}/reviews`,
      params: { pull_number: pull, commit_id: commitSha, event, body, comments: comments.map(placedComment) },
      purpose: `review pull request #${pull}`,
      expected: [422],
      onlyOnce: true,
    });

  return {
    reviews,
    comments,
    ...createReviewThreads(api),

    files: async (pull) => {
      const entries = await api.list({
        route: `GET ${pulls}/files`,
        params: { pull_number: pull },
        purpose: `read the files of pull request #${pull}`,
      });
      return { files: entries.map(readPullFile), complete: entries.length < mostFiles };
    },

    filesBetween: async (base, head) => {
      const { data, status } = await api.send({
        route: 'GET /repos/{owner}/{repo}/compare/{basehead}',
        params: { basehead: `${base}...${head}`, per_page: 1 },
        purpose: `read what changed between ${base} and ${head}`,
        expected: [404],
      });
      if (status === 404) return { files: [], complete: false };
      const files = listIn(objectIn(data, 'comparison'), 'files');
      return { files: files.map(readPullFile), complete: files.length < mostCompared };
    },

    create: async (pull, review) => {
      const before = await whenUnsure(maxCreations, {
        first: () => post(pull, review),
        found: async () => {
          const same = (each: ReviewInfo) => each.commitSha === review.commitSha && sameWritten(each.body, review.body);
          // Nothing tells an empty text from another review's, so whether it is there cannot be known.
          const candidates = review.body.trim() === '' ? [] : (await reviews(pull)).filter(same);
          return firstOfOurs(own, candidates);
        },
      });
      if (before.kind === 'found') return { kind: 'created', review: before.value };
      if (before.answer.status === 422) return { kind: 'refused', reason: said(before.answer) };
      const created = readReview(before.answer.data);
      own.learn(created.author);
      return { kind: 'created', review: created };
    },

    dismiss: async (pull, reviewId, message) => {
      const answer = await api.send({
        route: `PUT ${pulls}/reviews/{review_id}/dismissals`,
        params: { pull_number: pull, review_id: reviewId, message, event: 'DISMISS' },
        purpose: `dismiss a review of pull request #${pull}`,
        // 403: the branch is protected, and says who may. 422 also of one that was dismissed already.
        expected: [403, 404, 422],
      });
      return answer.status === 200 ? { kind: 'dismissed' } : { kind: 'refused', reason: said(answer) };
    },

    reply: async (pull, commentId, body) => {
      const done = await whenUnsure(maxCreations, {
        first: () =>
          api.send({
            route: `POST ${pulls}/comments/{comment_id}/replies`,
            params: { pull_number: pull, comment_id: commentId, body },
            purpose: `answer a comment on pull request #${pull}`,
            onlyOnce: true,
          }),
        found: async () => {
          const replies = (await comments(pull)).filter((each) => each.inReplyTo === commentId);
          return firstOfOurs(
            own,
            replies.filter((each) => sameWritten(each.body, body)),
          );
        },
      });
      if (done.kind === 'found') return done.value;
      const reply = readReviewComment(done.answer.data);
      own.learn(reply.author);
      return reply;
    },
  };
}

function placedComment({ path, line, startLine, body }: NewReview['comments'][number]) {
  const start = startLine === undefined || startLine >= line ? {} : { start_line: startLine, start_side: 'RIGHT' };
  return { path, line, side: 'RIGHT', ...start, body };
}

/** GitHub creates as many as it is asked for. When an answer is lost, the list tells whether it is there already. */
async function whenUnsure<Value>(
  tries: number,
  { first, found }: { readonly first: () => Promise<ApiAnswer>; readonly found: () => Promise<Value | undefined> },
): Promise<
  { readonly kind: 'answer'; readonly answer: ApiAnswer } | { readonly kind: 'found'; readonly value: Value }
> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return { kind: 'answer', answer: await first() };
    } catch (error) {
      const unsure = error instanceof EntropyError && error.code === 'E205';
      if (!unsure || attempt === tries) throw error;
      const value = await found();
      if (value !== undefined) return { kind: 'found', value };
    }
  }
}

async function firstOfOurs<Text extends { readonly author: string }>(
  own: OwnAuthor,
  candidates: readonly Text[],
): Promise<Text | undefined> {
  for (const candidate of candidates) if (await own.isOwnAuthor(candidate.author)) return candidate;
  return undefined;
}

/** `Unprocessable Entity` says nothing; what is wrong stands beside it. */
function said({ status, data }: ApiAnswer): string {
  const errors = memberOf(data, 'errors');
  const told: readonly unknown[] = Array.isArray(errors) ? errors : [];
  const words = told.map((error) => (typeof error === 'string' ? error : memberOf(error, 'message')));
  const texts = words.filter((word) => typeof word === 'string');
  const message = memberOf(data, 'message');
  const all = texts.length > 0 ? texts.join('; ') : typeof message === 'string' ? message : `GitHub answered ${status}`;
  return all.replace(/\s+/g, ' ').slice(0, 300);
}
