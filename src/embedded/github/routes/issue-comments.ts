import { emitCommentEvent } from '../events/payloads.ts';
import { listAnswer } from '../http/pagination.ts';
import { validationFailed } from '../http/problem.ts';
import {
  created,
  noContent,
  ok,
  queryChoice,
  type RepositoryCall,
  type Route,
  repositoryRoute,
} from '../http/route.ts';
import { accountOf, readers, writers } from '../identity/access.ts';
import { actingApp } from '../identity/actor.ts';
import { checkIssuePermission, checkMay, checkNotLocked, commentOf, issueOf, mayEdit } from '../issues/find-issue.ts';
import { checkBody } from '../issues/open-issue.ts';
import { commentsOf, renderComment } from '../render/issue.ts';
import type { Comment } from '../state/issue-state.ts';
import { timestamp } from '../state/timestamp.ts';

const comments = '/repos/{owner}/{repo}/issues/comments';
const read = readers('issues', 'pull_requests');
const write = writers('read', 'issues', 'pull_requests');

export const issueCommentRoutes: readonly Route[] = [
  repositoryRoute('GET /repos/{owner}/{repo}/issues/{issue_number}/comments', read, (call) => {
    const listed = commentsOf(call.repository, issueOf(call).number).filter(since(call));
    return listAnswer(call, listed, (comment) => renderComment(call.world, call.repository, comment));
  }),
  repositoryRoute('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', write, createComment),
  repositoryRoute(`GET ${comments}`, read, listAll),
  repositoryRoute(`GET ${comments}/{comment_id}`, read, (call) =>
    ok(renderComment(call.world, call.repository, commentOf(call))),
  ),
  repositoryRoute(`PATCH ${comments}/{comment_id}`, write, updateComment),
  repositoryRoute(`DELETE ${comments}/{comment_id}`, write, deleteComment),
];

function since(call: RepositoryCall): (comment: Comment) => boolean {
  const text = call.query.get('since');
  return (comment) => text === null || Date.parse(comment.updatedAt) >= Date.parse(text);
}

function listAll(call: RepositoryCall) {
  const sort = queryChoice(call, 'sort', ['created', 'updated'], 'created');
  const descending = queryChoice(call, 'direction', ['asc', 'desc'], 'asc') === 'desc';
  const key = (comment: Comment) => (sort === 'created' ? comment.createdAt : comment.updatedAt);
  const sorted = [...call.repository.comments.values()].filter(since(call)).sort((one, other) => {
    const order = key(one).localeCompare(key(other)) || one.id - other.id;
    return descending ? -order : order;
  });
  return listAnswer(call, sorted, (comment) => renderComment(call.world, call.repository, comment));
}

function createComment(call: RepositoryCall) {
  const { world, repository, actor } = call;
  const issue = issueOf(call);
  checkIssuePermission(repository, actor, issue);
  checkNotLocked(repository, actor, issue);
  const body = bodyOf(call);
  const now = timestamp(world.clock);
  const comment: Comment = {
    id: world.store.commentId(),
    issue: issue.number,
    body,
    author: accountOf(actor),
    viaApp: actingApp(actor),
    createdAt: now,
    updatedAt: now,
    reactions: [],
  };
  repository.comments.set(comment.id, comment);
  issue.updatedAt = now;
  emitCommentEvent(call, comment, 'created');
  const rendered = renderComment(world, repository, comment);
  return created(rendered, rendered.url);
}

function updateComment(call: RepositoryCall) {
  const comment = writable(call);
  const body = bodyOf(call);
  const from = comment.body;
  comment.body = body;
  comment.updatedAt = timestamp(call.world.clock);
  if (from !== body) emitCommentEvent(call, comment, 'edited', { changes: { body: { from } } });
  return ok(renderComment(call.world, call.repository, comment));
}

function deleteComment(call: RepositoryCall) {
  const comment = writable(call);
  emitCommentEvent(call, comment, 'deleted');
  call.repository.comments.delete(comment.id);
  return noContent;
}

function writable(call: RepositoryCall): Comment {
  const comment = commentOf(call);
  const issue = call.repository.issues.get(comment.issue);
  if (issue !== undefined) checkIssuePermission(call.repository, call.actor, issue);
  checkMay(mayEdit(call.repository, call.actor, comment.author));
  return comment;
}

function bodyOf(call: RepositoryCall): string {
  const body = call.body.string('body');
  if (body.trim() === '') {
    throw validationFailed({
      resource: 'IssueComment',
      field: 'data',
      code: 'unprocessable',
      message: 'Body cannot be blank',
    });
  }
  checkBody(body, 'IssueComment');
  return body;
}
