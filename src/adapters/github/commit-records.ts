import { isObject } from '../../domain/json-shape.ts';
import type { GitHubApi } from './api.ts';
import { objectIn, textIn } from './json-reader.ts';

export interface CommitText {
  readonly treeSha: string;
  readonly message: string;
}

/** Of a GraphQL query; GitHub takes some more. */
const perQuery = 100;
/** How many commits are asked for at the same time where GraphQL is not to be had. */
const parallelReads = 8;

/** What many commits say, a hundred with one request. In the order that they were asked for. */
export async function readCommitTexts(
  api: GitHubApi,
  shas: readonly string[],
  purpose: string,
): Promise<readonly CommitText[]> {
  const texts: CommitText[] = [];
  for (let from = 0; from < shas.length; from += perQuery) {
    const some = shas.slice(from, from + perQuery);
    texts.push(...((await queryCommits(api, some, purpose)) ?? (await readOneByOne(api, some, purpose))));
  }
  return texts;
}

export async function readCommitText(api: GitHubApi, sha: string, purpose: string): Promise<CommitText> {
  const answer = await api.send({
    route: 'GET /repos/{owner}/{repo}/git/commits/{commit_sha}',
    params: { commit_sha: sha },
    purpose,
  });
  return commitTextIn(answer.data);
}

/** Of a commit as the REST API tells it. */
export function commitTextIn(data: unknown): CommitText {
  const commit = objectIn(data, 'commit');
  return { treeSha: textIn(objectIn(commit['tree'], 'tree'), 'sha'), message: textIn(commit, 'message') };
}

async function readOneByOne(api: GitHubApi, shas: readonly string[], purpose: string): Promise<readonly CommitText[]> {
  const texts: CommitText[] = [];
  for (let from = 0; from < shas.length; from += parallelReads) {
    const some = shas.slice(from, from + parallelReads);
    texts.push(...(await Promise.all(some.map((sha) => readCommitText(api, sha, purpose)))));
  }
  return texts;
}

/** Undefined when GraphQL did not answer for all of them: the server has none, or the token may not use it. */
async function queryCommits(
  api: GitHubApi,
  shas: readonly string[],
  purpose: string,
): Promise<readonly CommitText[] | undefined> {
  const { owner, name } = api.repository;
  const answer = await api.send({
    route: 'POST /graphql',
    params: { query: commitQuery(shas), variables: { owner, name } },
    purpose,
    expected: [400, 403, 404, 405],
  });
  const data = isObject(answer.data) ? answer.data['data'] : undefined;
  const repository = isObject(data) ? data['repository'] : undefined;
  if (!isObject(repository)) return undefined;
  const texts: CommitText[] = [];
  for (const [index, sha] of shas.entries()) {
    const commit = repository[`c${index}`];
    if (!isObject(commit) || commit['oid'] !== sha) return undefined;
    texts.push({ treeSha: textIn(objectIn(commit['tree'], 'tree'), 'oid'), message: textIn(commit, 'message') });
  }
  return texts;
}

/** Ids that GitHub itself gave; anything else in their place would be part of the query. */
function commitQuery(shas: readonly string[]): string {
  const commits = shas.map((sha, index) => {
    if (!/^[0-9a-f]{40,64}$/.test(sha)) throw new RangeError(`not an object id: ${JSON.stringify(sha)}`);
    return `c${index}:object(oid:"${sha}"){...on Commit{oid message tree{oid}}}`;
  });
  return `query($owner:String!,$name:String!){repository(owner:$owner,name:$name){${commits.join(' ')}}}`;
}
