import { isObject } from '../../domain/json-shape.ts';
import type { AutoMerge } from '../../ports/forge.ts';
import type { GitHubApi } from './api.ts';
import type { ApiAnswer } from './api-call.ts';
import { askGraphql } from './ask-graphql.ts';
import { memberOf, objectIn, textIn } from './json-reader.ts';
import type { PermissionNeed } from './route-permissions.ts';

const askQuery =
  'query($owner:String!,$name:String!,$number:Int!){repository(owner:$owner,name:$name){viewerDefaultMergeMethod pullRequest(number:$number){id}}}';
const enableMutation =
  'mutation($pull:ID!,$head:GitObjectID!,$method:PullRequestMergeMethod!){enablePullRequestAutoMerge(input:{pullRequestId:$pull,expectedHeadOid:$head,mergeMethod:$method}){pullRequest{id}}}';

const mergeNeeds: readonly PermissionNeed[] = [
  { name: 'contents', level: 'write' },
  { name: 'pull-requests', level: 'write' },
];

/**
 * GitHub's auto-merge, which REST does not know: GitHub merges once all that the repository requires is there. It refuses where
 * auto-merge is switched off, and where nothing is required, for then it would merge at once.
 */
export async function askToMerge(api: GitHubApi, number: number, sha: string): Promise<AutoMerge> {
  const { owner, name } = api.repository;
  const purpose = `have pull request #${number} merged by GitHub`;
  const asked = await send(api, { query: askQuery, variables: { owner, name, number }, purpose });
  const repository = memberOf(memberOf(asked.data, 'data'), 'repository');
  const pull = memberOf(memberOf(repository, 'pullRequest'), 'id');
  const method = memberOf(repository, 'viewerDefaultMergeMethod');
  if (typeof pull !== 'string' || typeof method !== 'string') return { kind: 'refused', reason: said(asked) };
  const enabled = await send(api, { query: enableMutation, variables: { pull, head: sha, method }, purpose });
  const done = memberOf(memberOf(enabled.data, 'data'), 'enablePullRequestAutoMerge');
  return isObject(done) ? { kind: 'asked' } : { kind: 'refused', reason: said(enabled) };
}

const waitingQuery =
  'query($owner:String!,$name:String!,$number:Int!){repository(owner:$owner,name:$name){pullRequest(number:$number){id autoMergeRequest{enabledAt}}}}';
const disableMutation =
  'mutation($pull:ID!){disablePullRequestAutoMerge(input:{pullRequestId:$pull}){pullRequest{id}}}';

/**
 * GitHub merges this pull request no more by itself, whoever had asked for it. GitHub takes it back only for pushes by people
 * without write access; every other new head would be merged as the old one was asked for.
 */
export async function takeBackMerge(api: GitHubApi, number: number): Promise<'taken-back' | 'not-asked'> {
  const { owner, name } = api.repository;
  const purpose = `keep pull request #${number} from being merged by GitHub`;
  const variables = { owner, name, number };
  const needs = mergeNeeds;
  const data = await askGraphql(api, { query: waitingQuery, variables, purpose, needs });
  const pull = objectIn(memberOf(data['repository'], 'pullRequest'), 'pull request');
  if (!isObject(pull['autoMergeRequest'])) return 'not-asked';
  const variablesOfPull = { pull: textIn(pull, 'id') };
  await askGraphql(api, { query: disableMutation, variables: variablesOfPull, purpose, needs });
  return 'taken-back';
}

function send(
  api: GitHubApi,
  { purpose, ...params }: { readonly query: string; readonly variables: object; readonly purpose: string },
): Promise<ApiAnswer> {
  return api.send({ route: 'POST /graphql', params, purpose, expected: [400, 403, 404, 405, 422] });
}

/** GraphQL says no with status 200 and a list of errors; a server without it says no with the status. */
function said({ status, data }: ApiAnswer): string {
  const errors = memberOf(data, 'errors');
  const first: unknown = Array.isArray(errors) ? errors[0] : data;
  const message = memberOf(first, 'message');
  return typeof message === 'string' ? message.replace(/\s+/g, ' ').slice(0, 300) : `GitHub answered ${status}`;
}
