import type { BareRepository } from '../git/bare-repository.ts';
import { GitHubProblem } from '../http/problem.ts';
import { type Call, globalRoute, ok, type Route } from '../http/route.ts';
import { type Access, accountOf, checkRepositoryAccess, readers, signedIn, writers } from '../identity/access.ts';
import { enableAutoMerge } from '../pulls/auto-merge.ts';
import { nodeId } from '../render/user.ts';
import { isPull, type PullIssue } from '../state/issue-state.ts';
import type { Repository } from '../state/repository-state.ts';

/** The queries that our client sends, and no others: whose token this is, what many commits say, and GitHub's auto-merge. */
const viewerQuery = 'query{viewer{login}}';
const commitsQuery =
  /^query\(\$owner:String!,\$name:String!\)\{repository\(owner:\$owner,name:\$name\)\{((?:c\d{1,3}:object\(oid:"[0-9a-f]{40}"\)\{\.\.\.on Commit\{oid message tree\{oid\}\}\} ?)+)\}\}$/;
const oneCommit = /(c\d{1,3}):object\(oid:"([0-9a-f]{40})"\)/g;
const pullQuery =
  'query($owner:String!,$name:String!,$number:Int!){repository(owner:$owner,name:$name){viewerDefaultMergeMethod pullRequest(number:$number){id}}}';
const autoMergeMutation =
  'mutation($pull:ID!,$head:GitObjectID!,$method:PullRequestMergeMethod!){enablePullRequestAutoMerge(input:{pullRequestId:$pull,expectedHeadOid:$head,mergeMethod:$method}){pullRequest{id}}}';

export const graphqlRoutes: readonly Route[] = [globalRoute('POST /graphql', signedIn, answerQuery)];

async function answerQuery(call: Call) {
  const query = call.body.string('query');
  if (query === viewerQuery) return ok({ data: { viewer: { login: accountOf(call.actor).login } } });
  const commits = commitsQuery.exec(query)?.[1];
  if (commits !== undefined) return answerCommits(call, commits);
  if (query === pullQuery) return answerPull(call);
  if (query === autoMergeMutation) return answerAutoMerge(call);
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
  const issue = repository.issues.get(call.body.object('variables').optionalInteger('number') ?? 0);
  if (issue === undefined || !isPull(issue)) {
    return problem('NOT_FOUND', 'Could not resolve to a PullRequest with that number.');
  }
  const pullRequest = { id: nodeId('PullRequest', issue.pull.id) };
  return ok({ data: { repository: { viewerDefaultMergeMethod: 'MERGE', pullRequest } } });
}

function answerAutoMerge(call: Call) {
  const variables = call.body.object('variables');
  const found = pullByNode(call, variables.string('pull'));
  if (found === undefined) return refusal('NOT_FOUND', 'Could not resolve to a node with that global id.');
  const { repository, issue } = found;
  const may =
    maySee(call, repository, writers('write', 'contents')) &&
    maySee(call, repository, writers('write', 'pull_requests'));
  if (!may) return refusal('FORBIDDEN', 'Resource not accessible by integration');
  const method = variables.oneOf('method', ['MERGE', 'SQUASH', 'REBASE']) ?? 'MERGE';
  const scene = { world: call.world, repository, actor: call.actor };
  const asked = { head: variables.string('head'), method: mergeMethods[method] };
  const refused = enableAutoMerge(scene, issue, asked);
  if (refused !== undefined) return refusal('UNPROCESSABLE', refused);
  return ok({ data: { enablePullRequestAutoMerge: { pullRequest: { id: nodeId('PullRequest', issue.pull.id) } } } });
}

const mergeMethods = { MERGE: 'merge', SQUASH: 'squash', REBASE: 'rebase' } as const;

function pullByNode(
  call: Call,
  id: string,
): { readonly repository: Repository; readonly issue: PullIssue } | undefined {
  for (const repository of call.world.store.repositories()) {
    const issue = [...repository.issues.values()]
      .filter(isPull)
      .find(({ pull }) => nodeId('PullRequest', pull.id) === id);
    if (issue !== undefined) return { repository, issue };
  }
  return undefined;
}

async function renderCommit(git: BareRepository, sha: string): Promise<unknown> {
  const commit = await git.commit(sha);
  return commit === undefined ? null : { oid: commit.sha, message: commit.message, tree: { oid: commit.tree } };
}

function repositoryOf(call: Call, access: Access): Repository | undefined {
  const variables = call.body.object('variables');
  const repository = call.world.store.repository(variables.string('owner'), variables.string('name'));
  return repository !== undefined && maySee(call, repository, access) ? repository : undefined;
}

function maySee(call: Call, repository: Repository, access: Access): boolean {
  if (access.kind !== 'repository') return false;
  try {
    checkRepositoryAccess(access, repository, call.actor);
    return true;
  } catch (error) {
    if (error instanceof GitHubProblem) return false;
    throw error;
  }
}

function notResolved(call: Call) {
  const variables = call.body.object('variables');
  const name = `${variables.string('owner')}/${variables.string('name')}`;
  return problem('NOT_FOUND', `Could not resolve to a Repository with the name '${name}'.`);
}

/** GraphQL says no with status 200. */
function problem(type: string, message: string) {
  return ok({ data: { repository: null }, errors: [{ type, path: ['repository'], message }] });
}

function refusal(type: string, message: string) {
  const path = ['enablePullRequestAutoMerge'];
  return ok({ data: { enablePullRequestAutoMerge: null }, errors: [{ type, path, message }] });
}
