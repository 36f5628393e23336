import type { BareRepository } from '../git/bare-repository.ts';
import { type Call, globalRoute, ok, type Route } from '../http/route.ts';
import { accountOf, readers, signedIn, writers } from '../identity/access.ts';
import { enableAutoMerge } from '../pulls/auto-merge.ts';
import { nodeId } from '../render/user.ts';
import {
  askedPull,
  forbiddenTo,
  maySee,
  noSuchNode,
  noSuchPull,
  notResolved,
  problem,
  pullByNode,
  refusal,
  repositoryOf,
} from './graphql-answers.ts';
import { threadQueries } from './graphql-threads.ts';

/** The queries that our client sends, and no others: whose token this is, what many commits say, GitHub's auto-merge, conversations. */
const viewerQuery = 'query{viewer{login}}';
const commitsQuery =
  /^query\(\$owner:String!,\$name:String!\)\{repository\(owner:\$owner,name:\$name\)\{((?:c\d{1,3}:object\(oid:"[0-9a-f]{40}"\)\{\.\.\.on Commit\{oid message tree\{oid\}\}\} ?)+)\}\}$/;
const oneCommit = /(c\d{1,3}):object\(oid:"([0-9a-f]{40})"\)/g;
const pullQuery =
  'query($owner:String!,$name:String!,$number:Int!){repository(owner:$owner,name:$name){viewerDefaultMergeMethod pullRequest(number:$number){id}}}';
const autoMergeMutation =
  'mutation($pull:ID!,$head:GitObjectID!,$method:PullRequestMergeMethod!){enablePullRequestAutoMerge(input:{pullRequestId:$pull,expectedHeadOid:$head,mergeMethod:$method}){pullRequest{id}}}';

const waitingQuery =
  'query($owner:String!,$name:String!,$number:Int!){repository(owner:$owner,name:$name){pullRequest(number:$number){id autoMergeRequest{enabledAt}}}}';
const takeBackMutation =
  'mutation($pull:ID!){disablePullRequestAutoMerge(input:{pullRequestId:$pull}){pullRequest{id}}}';

export const graphqlRoutes: readonly Route[] = [globalRoute('POST /graphql', signedIn, answerQuery)];

async function answerQuery(call: Call) {
  const query = call.body.string('query');
  if (query === viewerQuery) return ok({ data: { viewer: { login: accountOf(call.actor).login } } });
  const commits = commitsQuery.exec(query)?.[1];
  if (commits !== undefined) return answerCommits(call, commits);
  if (query === pullQuery) return answerPull(call);
  if (query === autoMergeMutation) return answerAutoMerge(call);
  if (query === waitingQuery) return answerWaiting(call);
  if (query === takeBackMutation) return answerTakeBack(call);
  const aboutThreads = threadQueries.get(query);
  if (aboutThreads !== undefined) return aboutThreads(call);
  return problem('NOT_SERVED', 'The embedded GitHub knows only the queries of its own client.');
}

async function answerCommits(call: Call, inner: string) {
  const repository = repositoryOf(call, readers('contents'));
  if (repository === undefined) return notResolved(call);
  const found = [...inner.matchAll(oneCommit)].map(async ([, alias = '', sha = '']) => [
    alias,
    await renderCommit(repository.git, sha),
  ]);
  return ok({ data: { repository: Object.fromEntries(await Promise.all(found)) } });
}

function answerPull(call: Call) {
  const repository = repositoryOf(call, readers('pull_requests'));
  if (repository === undefined) return notResolved(call);
  const issue = askedPull(call, repository);
  if (issue === undefined) return noSuchPull();
  const pullRequest = { id: nodeId('PullRequest', issue.pull.id) };
  return ok({ data: { repository: { viewerDefaultMergeMethod: 'MERGE', pullRequest } } });
}

function answerAutoMerge(call: Call) {
  const variables = call.body.object('variables');
  const found = pullByNode(call, variables.string('pull'));
  if (found === undefined) return noSuchNode('enablePullRequestAutoMerge');
  const { repository, issue } = found;
  const may =
    maySee(call, repository, writers('write', 'contents')) &&
    maySee(call, repository, writers('write', 'pull_requests'));
  if (!may) return forbiddenTo('enablePullRequestAutoMerge');
  const method = variables.oneOf('method', ['MERGE', 'SQUASH', 'REBASE']) ?? 'MERGE';
  const scene = { world: call.world, repository, actor: call.actor };
  const asked = { head: variables.string('head'), method: mergeMethods[method] };
  const refused = enableAutoMerge(scene, issue, asked);
  if (refused !== undefined) return refusal('enablePullRequestAutoMerge', 'UNPROCESSABLE', refused);
  return ok({ data: { enablePullRequestAutoMerge: { pullRequest: { id: nodeId('PullRequest', issue.pull.id) } } } });
}

function answerWaiting(call: Call) {
  const repository = repositoryOf(call, readers('pull_requests'));
  if (repository === undefined) return notResolved(call);
  const issue = askedPull(call, repository);
  if (issue === undefined) return noSuchPull();
  const { id, autoMerge } = issue.pull;
  const autoMergeRequest = autoMerge === undefined ? null : { enabledAt: autoMerge.at };
  return ok({ data: { repository: { pullRequest: { id: nodeId('PullRequest', id), autoMergeRequest } } } });
}

function answerTakeBack(call: Call) {
  const found = pullByNode(call, call.body.object('variables').string('pull'));
  if (found === undefined) return noSuchNode('disablePullRequestAutoMerge');
  const { repository, issue } = found;
  const may =
    maySee(call, repository, writers('write', 'contents')) &&
    maySee(call, repository, writers('write', 'pull_requests'));
  if (!may) return forbiddenTo('disablePullRequestAutoMerge');
  delete issue.pull.autoMerge;
  return ok({ data: { disablePullRequestAutoMerge: { pullRequest: { id: nodeId('PullRequest', issue.pull.id) } } } });
}

const mergeMethods = { MERGE: 'merge', SQUASH: 'squash', REBASE: 'rebase' } as const;

async function renderCommit(git: BareRepository, sha: string): Promise<unknown> {
  const commit = await git.commit(sha);
  return commit === undefined ? null : { oid: commit.sha, message: commit.message, tree: { oid: commit.tree } };
}
