import type { BareRepository } from '../git/bare-repository.ts';
import { GitHubProblem } from '../http/problem.ts';
import { type Call, globalRoute, ok, type Route } from '../http/route.ts';
import { checkRepositoryAccess, readers, signedIn } from '../identity/access.ts';

/** The one query that our client sends: what many commits say. Anything else is told not to be known. */
const commitsQuery =
  /^query\(\$owner:String!,\$name:String!\)\{repository\(owner:\$owner,name:\$name\)\{((?:c\d{1,3}:object\(oid:"[0-9a-f]{40}"\)\{\.\.\.on Commit\{oid message tree\{oid\}\}\} ?)+)\}\}$/;
const oneCommit = /(c\d{1,3}):object\(oid:"([0-9a-f]{40})"\)/g;
const contents = readers('contents');

export const graphqlRoutes: readonly Route[] = [globalRoute('POST /graphql', signedIn, answerQuery)];

async function answerQuery(call: Call) {
  const inner = commitsQuery.exec(call.body.string('query'))?.[1];
  if (inner === undefined)
    return problem('NOT_SERVED', 'The embedded GitHub knows only the queries of its own client.');
  const variables = call.body.object('variables');
  const [owner, name] = [variables.string('owner'), variables.string('name')];
  const repository = call.world.store.repository(owner, name);
  const hidden = repository === undefined || !mayRead(call, repository);
  if (hidden) return problem('NOT_FOUND', `Could not resolve to a Repository with the name '${owner}/${name}'.`);
  const found = [...inner.matchAll(oneCommit)].map(async ([, alias = '', sha = '']) => [
    alias,
    await renderCommit(repository.git, sha),
  ]);
  return ok({ data: { repository: Object.fromEntries(await Promise.all(found)) } });
}

async function renderCommit(git: BareRepository, sha: string): Promise<unknown> {
  const commit = await git.commit(sha);
  return commit === undefined ? null : { oid: commit.sha, message: commit.message, tree: { oid: commit.tree } };
}

function mayRead(call: Call, repository: Parameters<typeof checkRepositoryAccess>[1]): boolean {
  if (contents.kind !== 'repository') return false;
  try {
    checkRepositoryAccess(contents, repository, call.actor);
    return true;
  } catch (error) {
    if (error instanceof GitHubProblem) return false;
    throw error;
  }
}

/** GraphQL says no with status 200. */
function problem(type: string, message: string) {
  return ok({ data: { repository: null }, errors: [{ type, path: ['repository'], message }] });
}
