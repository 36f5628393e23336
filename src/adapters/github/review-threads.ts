import type { ForgeReviews, ReviewThread } from '../../ports/forge-reviews.ts';
import type { GitHubApi } from './api.ts';
import { askGraphql } from './ask-graphql.ts';
import { bigIntegerIn, type JsonObject, listIn, memberOf, objectIn, textIn } from './json-reader.ts';
import type { PermissionNeed } from './route-permissions.ts';

type Threads = Pick<ForgeReviews, 'threads' | 'resolveThread' | 'reopenThread' | 'markReady' | 'react'>;

const threadsQuery =
  'query($owner:String!,$name:String!,$number:Int!,$after:String){repository(owner:$owner,name:$name){pullRequest(number:$number){reviewThreads(first:100,after:$after){pageInfo{hasNextPage endCursor}nodes{id isResolved isOutdated resolvedBy{login} comments(first:100){pageInfo{hasNextPage endCursor}nodes{fullDatabaseId}}}}}}}';
const threadCommentsQuery =
  'query($thread:ID!,$after:String){node(id:$thread){...on PullRequestReviewThread{comments(first:100,after:$after){pageInfo{hasNextPage endCursor}nodes{fullDatabaseId}}}}}';
const resolveMutation = 'mutation($thread:ID!){resolveReviewThread(input:{threadId:$thread}){thread{id isResolved}}}';
const reopenMutation = 'mutation($thread:ID!){unresolveReviewThread(input:{threadId:$thread}){thread{id isResolved}}}';
const reactMutation = 'mutation($review:ID!){addReaction(input:{subjectId:$review,content:EYES}){reaction{id}}}';
const pullQuery =
  'query($owner:String!,$name:String!,$number:Int!){repository(owner:$owner,name:$name){pullRequest(number:$number){id isDraft}}}';
const readyMutation =
  'mutation($pull:ID!){markPullRequestReadyForReview(input:{pullRequestId:$pull}){pullRequest{id isDraft}}}';

const mayRead: readonly PermissionNeed[] = [{ name: 'pull-requests', level: 'read' }];
/** GitHub wants the right to push for it, although nothing is pushed. */
const mayWrite: readonly PermissionNeed[] = [
  { name: 'contents', level: 'write' },
  { name: 'pull-requests', level: 'write' },
];
const mayComment: readonly PermissionNeed[] = [{ name: 'pull-requests', level: 'write' }];
/** 100,000 threads, or comments of one. */
const maxPages = 1_000;

/** What REST does not know about pull requests: conversations and their ends, and drafts that become ready. */
export function createReviewThreads(api: GitHubApi): Threads {
  const { owner, name } = api.repository;
  const moreComments = async (thread: string, first: JsonObject): Promise<readonly number[]> =>
    everyPage(first, async (after) => {
      const purpose = 'read a conversation';
      const variables = { thread, after };
      const data = await askGraphql(api, { query: threadCommentsQuery, variables, purpose, needs: mayRead });
      return objectIn(objectIn(data['node'], 'thread')['comments'], 'comments');
    }).then((nodes) => nodes.map((node) => bigIntegerIn(node, 'fullDatabaseId')));

  const readThread = async (node: JsonObject): Promise<ReviewThread> => {
    const id = textIn(node, 'id');
    const comments = await moreComments(id, objectIn(node['comments'], 'comments'));
    const resolved = node['isResolved'] === true;
    const login = memberOf(node['resolvedBy'], 'login');
    const by = resolved && typeof login === 'string' ? { resolvedBy: login } : {};
    return { id, resolved, ...by, outdated: node['isOutdated'] === true, comments };
  };

  return {
    threads: async (pull) => {
      const page = async (after: string | undefined): Promise<JsonObject> => {
        const data = await askGraphql(api, {
          query: threadsQuery,
          variables: { owner, name, number: pull, ...(after !== undefined && { after }) },
          purpose: `read the conversations on pull request #${pull}`,
          needs: mayRead,
        });
        const found = objectIn(memberOf(data['repository'], 'pullRequest'), 'pull request');
        return objectIn(found['reviewThreads'], 'review threads');
      };
      const threads: ReviewThread[] = [];
      for (const node of await everyPage(await page(undefined), page)) threads.push(await readThread(node));
      return threads;
    },

    resolveThread: async (thread) => {
      const purpose = 'close a conversation';
      await askGraphql(api, { query: resolveMutation, variables: { thread }, purpose, needs: mayWrite });
    },

    reopenThread: async (thread) => {
      const purpose = 'open a conversation again';
      await askGraphql(api, { query: reopenMutation, variables: { thread }, purpose, needs: mayWrite });
    },

    // REST has reactions for comments alone.
    react: async (number, reviewId) => {
      const purpose = `put a sign on a review of pull request #${number}`;
      const route = 'GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews/{review_id}';
      const { data } = await api.send({ route, params: { pull_number: number, review_id: reviewId }, purpose });
      const variables = { review: textIn(objectIn(data, 'review'), 'node_id') };
      await askGraphql(api, { query: reactMutation, variables, purpose, needs: mayComment });
    },

    markReady: async (number) => {
      const purpose = `mark pull request #${number} as ready for review`;
      const variables = { owner, name, number };
      const data = await askGraphql(api, { query: pullQuery, variables, purpose, needs: mayRead });
      const pull = objectIn(memberOf(data['repository'], 'pullRequest'), 'pull request');
      if (pull['isDraft'] !== true) return 'was-ready';
      const variablesOfPull = { pull: textIn(pull, 'id') };
      await askGraphql(api, { query: readyMutation, variables: variablesOfPull, purpose, needs: mayWrite });
      return 'ready';
    },
  };
}

/** The nodes of a connection to its end. */
async function everyPage(
  first: JsonObject,
  next: (after: string) => Promise<JsonObject>,
): Promise<readonly JsonObject[]> {
  const nodes: JsonObject[] = [];
  let connection = first;
  for (let page = 1; page <= maxPages; page += 1) {
    nodes.push(...listIn(connection, 'nodes').map((node) => objectIn(node, 'node')));
    const info = connection['pageInfo'];
    const after = memberOf(info, 'endCursor');
    if (memberOf(info, 'hasNextPage') !== true || typeof after !== 'string') break;
    connection = await next(after);
  }
  return nodes;
}
