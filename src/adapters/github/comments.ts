import { EntropyError } from '../../domain/error.ts';
import type { CommentSnapshot } from '../../domain/issue.ts';
import { sameWritten } from '../../domain/same-text.ts';
import type { Forge } from '../../ports/forge.ts';
import { readComment } from './answers.ts';
import type { GitHubApi } from './api.ts';
import type { OwnAuthor } from './own-author.ts';

type Comments = Pick<
  Forge,
  'comments' | 'createComment' | 'updateComment' | 'comment' | 'deleteComment' | 'reactToComment' | 'reactToLineComment'
>;

const oneComment = '/repos/{owner}/{repo}/issues/comments/{comment_id}';
const maxCreations = 3;

export function createComments(api: GitHubApi, own: OwnAuthor): Comments {
  const comments = async (issue: number): Promise<readonly CommentSnapshot[]> => {
    const entries = await api.list({
      route: 'GET /repos/{owner}/{repo}/issues/{issue_number}/comments',
      params: { issue_number: issue },
      purpose: `read the comments of issue #${issue}`,
    });
    return entries.map(readComment);
  };

  const post = async (issue: number, body: string): Promise<CommentSnapshot> => {
    const answer = await api.send({
      route: 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments',
      params: { issue_number: issue, body },
      purpose: `comment on issue #${issue}`,
      onlyOnce: true,
    });
    const comment = readComment(answer.data);
    own.learn(comment.author);
    return comment;
  };

  return {
    comments,

    // GitHub creates as many comments as it is asked for. When an answer is lost, the list tells whether the comment
    // is there already: among those that came since, the one with this very text.
    createComment: async (issue, body) => {
      const startedAt = api.clock.now();
      for (let creation = 1; ; creation += 1) {
        try {
          return await post(issue, body);
        } catch (error) {
          const unsure = error instanceof EntropyError && error.code === 'E205';
          if (!unsure || creation === maxCreations) throw error;
          const since = startedAt - maxClockDifferenceMs;
          const found = (await comments(issue)).find(
            (comment) => Date.parse(comment.createdAt) >= since && sameWritten(comment.body, body),
          );
          if (found !== undefined && (await own.isOwnAuthor(found.author))) return found;
        }
      }
    },

    updateComment: async (commentId, body) => {
      const answer = await api.send({
        route: `PATCH ${oneComment}`,
        params: { comment_id: commentId, body },
        purpose: `edit comment ${commentId}`,
      });
      return readComment(answer.data);
    },

    comment: async (commentId) => {
      const answer = await api.send({
        route: `GET ${oneComment}`,
        params: { comment_id: commentId },
        purpose: `read comment ${commentId}`,
        expected: [404, 410],
      });
      return answer.status === 200 ? readComment(answer.data) : undefined;
    },

    deleteComment: async (commentId) => {
      await api.send({
        route: `DELETE ${oneComment}`,
        params: { comment_id: commentId },
        purpose: `delete comment ${commentId}`,
        expected: [404, 410],
      });
    },

    reactToComment: async (commentId, reaction) => {
      await api.send({
        route: `POST ${oneComment}/reactions`,
        params: { comment_id: commentId, content: reaction },
        purpose: `react to comment ${commentId}`,
      });
    },

    reactToLineComment: async (commentId, reaction) => {
      await api.send({
        route: 'POST /repos/{owner}/{repo}/pulls/comments/{comment_id}/reactions',
        params: { comment_id: commentId, content: reaction },
        purpose: `react to comment ${commentId} on a line`,
      });
    },
  };
}

/** Ours and GitHub's may differ by so much. */
const maxClockDifferenceMs = 5 * 60_000;
