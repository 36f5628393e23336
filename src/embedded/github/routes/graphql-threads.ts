import { emitPullEvent } from '../events/payloads.ts';
import { emitThreadEvent } from '../events/review-events.ts';
import { type Answer, type Call, ok } from '../http/route.ts';
import { accountOf, readers, writers } from '../identity/access.ts';
import { note } from '../issues/change-issue.ts';
import { type Thread, threadsOf } from '../pulls/review-threads.ts';
import { nodeId } from '../render/user.ts';
import type { PullIssue } from '../state/issue-state.ts';
import type { Repository } from '../state/repository-state.ts';
import { timestamp } from '../state/timestamp.ts';
import {
  askedPull,
  findPull,
  forbiddenTo,
  maySee,
  noSuchNode,
  noSuchPull,
  notResolved,
  pullByNode,
  repositoryOf,
} from './graphql-answers.ts';

const threadsQuery =
  'query($owner:String!,$name:String!,$number:Int!,$after:String){repository(owner:$owner,name:$name){pullRequest(number:$number){reviewThreads(first:100,after:$after){pageInfo{hasNextPage endCursor}nodes{id isResolved isOutdated resolvedBy{login} comments(first:100){pageInfo{hasNextPage endCursor}nodes{fullDatabaseId}}}}}}}';
const threadCommentsQuery =
  'query($thread:ID!,$after:String){node(id:$thread){...on PullRequestReviewThread{comments(first:100,after:$after){pageInfo{hasNextPage endCursor}nodes{fullDatabaseId}}}}}';
const resolveMutation = 'mutation($thread:ID!){resolveReviewThread(input:{threadId:$thread}){thread{id isResolved}}}';
const reopenMutation = 'mutation($thread:ID!){unresolveReviewThread(input:{threadId:$thread}){thread{id isResolved}}}';
const reactMutation = 'mutation($review:ID!){addReaction(input:{subjectId:$review,content:EYES}){reaction{id}}}';
const draftQuery =
  'query($owner:String!,$name:String!,$number:Int!){repository(owner:$owner,name:$name){pullRequest(number:$number){id isDraft}}}';
const readyMutation =
  'mutation($pull:ID!){markPullRequestReadyForReview(input:{pullRequestId:$pull}){pullRequest{id isDraft}}}';

type Answering = (call: Call) => Answer | Promise<Answer>;

/** What GraphQL alone knows about conversations and drafts, by the very text of our client's queries. */
export const threadQueries: ReadonlyMap<string, Answering> = new Map<string, Answering>([
  [threadsQuery, answerThreads],
  [threadCommentsQuery, answerComments],
  [resolveMutation, (call) => answerChange(call, 'resolveReviewThread')],
  [reopenMutation, (call) => answerChange(call, 'unresolveReviewThread')],
  [reactMutation, answerReaction],
  [draftQuery, answerDraft],
  [readyMutation, answerReady],
]);

const perPage = 100;

/** Cursors name how many came before. */
function pageAfter<Node>(call: Call, all: readonly Node[], render: (node: Node) => unknown) {
  const cursor = call.body.object('variables').optionalString('after');
  return connection(all, cursor === undefined ? 0 : Number(Buffer.from(cursor, 'base64url').toString()), render);
}

function connection<Node>(all: readonly Node[], from: number, render: (node: Node) => unknown) {
  const nodes = all.slice(from, from + perPage);
  const end = from + nodes.length;
  const endCursor = nodes.length === 0 ? null : Buffer.from(String(end)).toString('base64url');
  return { pageInfo: { hasNextPage: end < all.length, endCursor }, nodes: nodes.map(render) };
}

/** A text, as GitHub writes what has more than 32 bits. */
const commentNode = ({ id }: { readonly id: number }) => ({ fullDatabaseId: String(id) });

function answerThreads(call: Call): Answer {
  const repository = repositoryOf(call, readers('pull_requests'));
  if (repository === undefined) return notResolved(call);
  const issue = askedPull(call, repository);
  if (issue === undefined) return noSuchPull();
  const reviewThreads = pageAfter(call, threadsOf(issue), (thread) => ({
    id: thread.nodeId,
    isResolved: thread.resolvedBy !== undefined,
    isOutdated: thread.outdated,
    resolvedBy: thread.resolvedBy === undefined ? null : { login: thread.resolvedBy.login },
    comments: connection(thread.comments, 0, commentNode),
  }));
  return ok({ data: { repository: { pullRequest: { reviewThreads } } } });
}

function answerComments(call: Call): Answer {
  const found = threadByNode(call);
  if (found === undefined || !maySee(call, found.repository, readers('pull_requests'))) return noSuchNode('node');
  return ok({ data: { node: { comments: pageAfter(call, found.thread.comments, commentNode) } } });
}

/** GitHub wants the right to push as well, of whoever did not open the pull request. */
function mayChange(call: Call, repository: Repository, issue: PullIssue): boolean {
  const opened = call.actor.kind === 'user' && call.actor.account === issue.author;
  return (
    maySee(call, repository, writers(opened ? 'read' : 'write', 'contents')) &&
    maySee(call, repository, writers('read', 'pull_requests'))
  );
}

function answerChange(call: Call, field: 'resolveReviewThread' | 'unresolveReviewThread'): Answer {
  const found = threadByNode(call);
  if (found === undefined) return noSuchNode(field);
  const { repository, issue, thread } = found;
  if (!mayChange(call, repository, issue)) return forbiddenTo(field);
  const { resolvedThreads } = issue.pull;
  const resolve = field === 'resolveReviewThread';
  const changed = resolve !== (thread.resolvedBy !== undefined);
  if (changed) {
    if (resolve) resolvedThreads.set(thread.id, accountOf(call.actor));
    else resolvedThreads.delete(thread.id);
    const scene = { world: call.world, repository, actor: call.actor };
    emitThreadEvent(scene, issue, { thread, action: resolve ? 'resolved' : 'unresolved' });
  }
  return ok({ data: { [field]: { thread: { id: thread.nodeId, isResolved: resolve } } } });
}

function threadByNode(
  call: Call,
): { readonly repository: Repository; readonly issue: PullIssue; readonly thread: Thread } | undefined {
  const id = call.body.object('variables').string('thread');
  const has = (issue: PullIssue) => threadsOf(issue).find((thread) => thread.nodeId === id);
  const found = findPull(call, (issue) => has(issue) !== undefined);
  const thread = found && has(found.issue);
  return found === undefined || thread === undefined ? undefined : { ...found, thread };
}

/** Whoever reacted so before has done it once. */
function answerReaction(call: Call): Answer {
  const id = call.body.object('variables').string('review');
  const has = ({ pull }: PullIssue) => pull.reviews.find((review) => nodeId('PullRequestReview', review.id) === id);
  const found = findPull(call, (issue) => has(issue) !== undefined);
  const review = found && has(found.issue);
  if (found === undefined || review === undefined) return noSuchNode('addReaction');
  if (!maySee(call, found.repository, writers('read', 'pull_requests'))) return forbiddenTo('addReaction');
  const user = accountOf(call.actor);
  const before = review.reactions.find((each) => each.user === user && each.content === 'eyes');
  const fresh = { id: call.world.store.id(), content: 'eyes', user, createdAt: timestamp(call.world.clock) } as const;
  if (before === undefined) review.reactions.push(fresh);
  return ok({ data: { addReaction: { reaction: { id: nodeId('Reaction', (before ?? fresh).id) } } } });
}

function answerDraft(call: Call): Answer {
  const repository = repositoryOf(call, readers('pull_requests'));
  if (repository === undefined) return notResolved(call);
  const issue = askedPull(call, repository);
  if (issue === undefined) return noSuchPull();
  return ok({ data: { repository: { pullRequest: draftNode(issue) } } });
}

function draftNode({ pull }: PullIssue) {
  return { id: nodeId('PullRequest', pull.id), isDraft: pull.draft };
}

async function answerReady(call: Call): Promise<Answer> {
  const field = 'markPullRequestReadyForReview';
  const found = pullByNode(call, call.body.object('variables').string('pull'));
  if (found === undefined) return noSuchNode(field);
  const { repository, issue } = found;
  if (!mayChange(call, repository, issue)) return forbiddenTo(field);
  if (issue.pull.draft) {
    const scene = { world: call.world, repository, actor: call.actor };
    issue.pull.draft = false;
    issue.updatedAt = timestamp(call.world.clock);
    note(scene, issue, 'ready_for_review', '');
    await emitPullEvent(scene, issue, 'ready_for_review');
  }
  return ok({ data: { [field]: { pullRequest: draftNode(issue) } } });
}
