import { diffText } from '../git/diff.ts';
import { log } from '../git/history.ts';
import { listAnswer } from '../http/pagination.ts';
import { created, ok, queryChoice, type RepositoryCall, type Route, repositoryRoute } from '../http/route.ts';
import { readers, writers } from '../identity/access.ts';
import { pullOf } from '../issues/find-issue.ts';
import { changePull } from '../pulls/change-pull.ts';
import { createPull } from '../pulls/create-pull.ts';
import { diffRange, pullFiles, toldFigures } from '../pulls/pull-figures.ts';
import { renderCommit, renderFileChange } from '../render/commit.ts';
import { renderPull, renderSimplePull } from '../render/pull.ts';
import { isPull, type PullIssue } from '../state/issue-state.ts';
import { diffMedia } from './diff-media.ts';
import { textAnswer } from './history.ts';

const pulls = '/repos/{owner}/{repo}/pulls';
const read = readers('pull_requests');
const maxFiles = 3000;

export const pullRoutes: readonly Route[] = [
  repositoryRoute(`GET ${pulls}`, read, listPulls),
  repositoryRoute(`POST ${pulls}`, writers('read', 'pull_requests'), async (call) => {
    const rendered = await fullPull(call, await createPull(call));
    return created(rendered, rendered.url);
  }),
  repositoryRoute(`GET ${pulls}/{pull_number}`, read, readPull),
  repositoryRoute(`PATCH ${pulls}/{pull_number}`, writers('read', 'pull_requests'), async (call) => {
    const issue = pullOf(call);
    await changePull(call, issue);
    return ok(await fullPull(call, issue));
  }),
  repositoryRoute(`GET ${pulls}/{pull_number}/files`, read, async (call) => {
    const issue = pullOf(call);
    const place = { repository: call.repository, ref: issue.pull.head.sha };
    const files = (await pullFiles(call.repository, issue)).slice(0, maxFiles);
    return listAnswer(call, files, (file) => renderFileChange(call.world, place, file));
  }),
  repositoryRoute(`GET ${pulls}/{pull_number}/commits`, read, async (call) => {
    const { from, to } = await diffRange(call.repository, pullOf(call));
    const commits = await log(call.repository.git, { from: to, not: from, oldestFirst: true });
    return listAnswer(call, commits.slice(0, 250), (commit) => renderCommit(call.world, call.repository, commit));
  }),
  repositoryRoute('GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls', read, async (call) => {
    const sha = call.params['commit_sha'] ?? '';
    const fits = (issue: PullIssue) => issue.pull.head.sha === sha || issue.pull.merge?.sha === sha;
    const found = [...call.repository.issues.values()].filter(isPull).filter(fits);
    return listAnswer(call, found, (issue) => renderSimplePull(call.world, call.repository, issue));
  }),
];

async function fullPull({ world, repository }: RepositoryCall, issue: PullIssue) {
  return renderPull(world, { repository, issue, figures: await toldFigures(repository, issue) });
}

async function readPull(call: RepositoryCall) {
  const issue = pullOf(call);
  const media = diffMedia(call.accept);
  if (media === undefined) return ok(await fullPull(call, issue));
  const { from, to } = await diffRange(call.repository, issue);
  const { git } = call.repository;
  if (media === 'diff') return textAnswer(media, await diffText(git, from, to));
  const mails = await git.run(['format-patch', '--stdout', '--no-ext-diff', '--no-textconv', `${from}..${to}`]);
  return textAnswer(media, mails.stdout.toString('utf8'));
}

function listPulls(call: RepositoryCall) {
  const { repository, query } = call;
  const state = queryChoice(call, 'state', ['open', 'closed', 'all'], 'open');
  const sort = queryChoice(call, 'sort', ['created', 'updated', 'popularity', 'long-running'], 'created');
  const direction = queryChoice(call, 'direction', ['asc', 'desc'], query.has('sort') ? 'asc' : 'desc');
  const [head, base] = [query.get('head'), query.get('base')];
  const own = `${repository.owner.login}:`.toLowerCase();
  const fitsHead = (issue: PullIssue) => {
    if (head === null || head === '') return true;
    const colon = head.indexOf(':');
    // Without an owner GitHub ignores the filter.
    if (colon < 0) return true;
    return head.slice(0, colon + 1).toLowerCase() === own && head.slice(colon + 1) === issue.pull.head.ref;
  };
  const found = [...repository.issues.values()]
    .filter(isPull)
    .filter((issue) => state === 'all' || issue.state === state)
    .filter((issue) => fitsHead(issue) && (base === null || base === '' || issue.pull.base.ref === base));
  const key = (issue: PullIssue) => (sort === 'updated' ? issue.updatedAt : issue.createdAt);
  found.sort((one, other) => {
    const order = key(one).localeCompare(key(other)) || one.number - other.number;
    return direction === 'desc' ? -order : order;
  });
  return listAnswer(call, found, (issue) => renderSimplePull(call.world, repository, issue));
}
