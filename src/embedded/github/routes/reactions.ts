import { listAnswer } from '../http/pagination.ts';
import { notFound } from '../http/problem.ts';
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
import { checkMay, commentOf, issueOf } from '../issues/find-issue.ts';
import { renderReaction } from '../render/issue.ts';
import { type Reaction, reactionContents } from '../state/issue-state.ts';
import { hasRole } from '../state/repository-state.ts';
import { timestamp } from '../state/timestamp.ts';

const read = readers('issues', 'pull_requests');
const write = writers('read', 'issues', 'pull_requests');

export const reactionRoutes: readonly Route[] = [
  ...routesOf('/repos/{owner}/{repo}/issues/{issue_number}/reactions', (call) => issueOf(call).reactions),
  ...routesOf('/repos/{owner}/{repo}/issues/comments/{comment_id}/reactions', (call) => commentOf(call).reactions),
  ...routesOf('/repos/{owner}/{repo}/pulls/comments/{comment_id}/reactions', reviewCommentReactions),
];

function routesOf(path: string, reactionsOf: (call: RepositoryCall) => Reaction[]): Route[] {
  return [
    repositoryRoute(`GET ${path}`, read, (call) => {
      const content = call.query.get('content');
      const listed = reactionsOf(call).filter((reaction) => content === null || reaction.content === content);
      return listAnswer(call, listed, (reaction) => renderReaction(call.world, reaction));
    }),
    repositoryRoute(`POST ${path}`, write, (call) => react(call, reactionsOf(call))),
    repositoryRoute(`DELETE ${path}/{reaction_id}`, write, (call) => unreact(call, reactionsOf(call))),
  ];
}

/** 200 with the old one when the same person reacted so before. */
function react(call: RepositoryCall, reactions: Reaction[]) {
  const user = accountOf(call.actor);
  call.body.string('content');
  const content = call.body.oneOf('content', reactionContents) ?? '+1';
  const before = reactions.find((reaction) => reaction.user === user && reaction.content === content);
  if (before !== undefined) return ok(renderReaction(call.world, before));
  const reaction: Reaction = { id: call.world.store.id(), content, user, createdAt: timestamp(call.world.clock) };
  reactions.push(reaction);
  return created(renderReaction(call.world, reaction));
}

function unreact(call: RepositoryCall, reactions: Reaction[]) {
  const id = numberParam(call, 'reaction_id');
  const index = reactions.findIndex((reaction) => reaction.id === id);
  const reaction = reactions[index];
  if (reaction === undefined) throw notFound();
  const account = accountOf(call.actor);
  checkMay(reaction.user === account || hasRole(call.repository, account.login, 'write'));
  reactions.splice(index, 1);
  return noContent;
}

function reviewCommentReactions(call: RepositoryCall): Reaction[] {
  const id = numberParam(call, 'comment_id');
  for (const issue of call.repository.issues.values()) {
    const comment = issue.pull?.reviewComments.find((each) => each.id === id);
    if (comment !== undefined) return comment.reactions;
  }
  throw notFound();
}
