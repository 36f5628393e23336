import type { CommitObject } from '../git/commit-object.ts';
import { diffFiles, diffText, emptyTreeSha } from '../git/diff.ts';
import { aheadBehind, log, mergeBase } from '../git/history.ts';
import { linkHeader, pageOf } from '../http/pagination.ts';
import { conflict, GitHubProblem, notFound, unprocessable } from '../http/problem.ts';
import { type Answer, param, type RepositoryCall, type Route, repositoryRoute } from '../http/route.ts';
import { readers } from '../identity/access.ts';
import { encodePath, renderCommit, renderFileChange } from '../render/commit.ts';
import { repositoryApiUrl, repositoryWebUrl } from '../render/repository.ts';
import { diffMedia } from './diff-media.ts';

/** GitHub lists no more files than this in one answer about a commit or a comparison. */
const maxFiles = 300;
/** Of a commit, all pages together. */
const mostFiles = 3_000;

export const historyRoutes: readonly Route[] = [
  repositoryRoute('GET /repos/{owner}/{repo}/commits', readers('contents'), listCommits),
  repositoryRoute('GET /repos/{owner}/{repo}/commits/{ref}', readers('contents'), readCommit),
  repositoryRoute('GET /repos/{owner}/{repo}/compare/{basehead}', readers('contents'), compare),
];

async function listCommits(call: RepositoryCall): Promise<Answer> {
  const { world, repository, query } = call;
  if (await repository.git.isEmpty()) throw conflict('Git Repository is empty.');
  const start = await repository.git.resolveCommit(query.get('sha') ?? repository.defaultBranch);
  if (start === undefined) throw notFound();
  const page = pageOf(call);
  const [path, since, until] = [query.get('path'), query.get('since'), query.get('until')];
  const commits = await log(repository.git, {
    from: start,
    skip: page.skip,
    // One more than asked for says whether there is a next page.
    limit: page.size + 1,
    ...(path === null ? {} : { path }),
    ...(since === null ? {} : { since }),
    ...(until === null ? {} : { until }),
  });
  const headers = linkHeader(call, page, page.skip + commits.length);
  const shown = commits.slice(0, page.size).map((commit) => renderCommit(world, repository, commit));
  return { status: 200, json: shown, headers };
}

async function readCommit(call: RepositoryCall): Promise<Answer> {
  const { world, repository } = call;
  const ref = param(call, 'ref');
  const sha = await repository.git.resolveCommit(ref);
  const commit = sha === undefined ? undefined : await repository.git.commit(sha);
  if (commit === undefined) throw unprocessable(`No commit found for SHA: ${ref}`);
  if (/[.+]sha\b/.test(call.accept)) {
    return { status: 200, bytes: commit.sha, headers: { 'content-type': 'application/vnd.github.sha; charset=utf-8' } };
  }
  const parent = commit.parents[0] ?? emptyTreeSha;
  const media = diffMedia(call.accept);
  if (media !== undefined) return textAnswer(media, await diffText(repository.git, parent, commit.sha));
  const files = await diffFiles(repository.git, parent, commit.sha);
  // Its files come in pages of their own size, whatever else is asked for.
  const number = pageOf(call).number;
  const page = { number, size: maxFiles, skip: (number - 1) * maxFiles };
  const additions = files.reduce((sum, file) => sum + file.additions, 0);
  const deletions = files.reduce((sum, file) => sum + file.deletions, 0);
  const shown = files.slice(page.skip, page.skip + page.size);
  const json = {
    ...renderCommit(world, repository, commit),
    stats: { total: additions + deletions, additions, deletions },
    files: shown.map((file) => renderFileChange(world, { repository, ref: commit.sha }, file)),
  };
  return { status: 200, json, headers: linkHeader(call, page, Math.min(files.length, mostFiles)) };
}

export function textAnswer(media: 'diff' | 'patch', text: string): Answer {
  return { status: 200, bytes: text, headers: { 'content-type': `application/vnd.github.${media}; charset=utf-8` } };
}

async function compare(call: RepositoryCall): Promise<Answer> {
  const { world, repository } = call;
  const { git } = repository;
  const [baseName = '', headName = ''] = splitBaseHead(param(call, 'basehead'));
  const [base, head] = await Promise.all([resolveSide(call, baseName), resolveSide(call, headName)]);
  const fork = await mergeBase(git, base.sha, head.sha);
  if (fork === undefined) throw new GitHubProblem(404, `No common ancestor between ${baseName} and ${headName}.`);
  const media = diffMedia(call.accept);
  if (media !== undefined) return textAnswer(media, await diffText(git, fork, head.sha));
  const { ahead, behind } = await aheadBehind(git, base.sha, head.sha);
  const page = pageOf(call, 100);
  const range = { from: head.sha, not: base.sha, oldestFirst: true };
  const commits = (await log(git, range)).slice(page.skip, page.skip + page.size);
  const files = page.number === 1 ? await diffFiles(git, fork, head.sha) : [];
  const forkCommit = fork === base.sha ? base : await git.commit(fork);
  if (forkCommit === undefined) throw notFound();
  const name = encodePath(`${baseName}...${headName}`);
  const html = `${repositoryWebUrl(world, repository)}/compare/${name}`;
  const json = {
    url: `${repositoryApiUrl(world, repository)}/compare/${name}`,
    html_url: html,
    permalink_url: `${repositoryWebUrl(world, repository)}/compare/${base.sha.slice(0, 7)}...${head.sha.slice(0, 7)}`,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    base_commit: renderCommit(world, repository, base),
    merge_base_commit: renderCommit(world, repository, forkCommit),
    status: ahead > 0 && behind > 0 ? 'diverged' : ahead > 0 ? 'ahead' : behind > 0 ? 'behind' : 'identical',
    ahead_by: ahead,
    behind_by: behind,
    total_commits: ahead,
    commits: commits.map((commit) => renderCommit(world, repository, commit)),
    files: files.slice(0, maxFiles).map((file) => renderFileChange(world, { repository, ref: head.sha }, file)),
  };
  return { status: 200, json, headers: linkHeader(call, page, ahead) };
}

function splitBaseHead(text: string): string[] {
  return text.includes('...') ? text.split('...', 2) : text.split('..', 2);
}

/** `branch` or `owner:branch`; there are no forks here, so any other owner has nothing. */
async function resolveSide(call: RepositoryCall, name: string): Promise<CommitObject> {
  const colon = name.indexOf(':');
  const owner = colon < 0 ? call.repository.owner.login : name.slice(0, colon);
  const own = owner.toLowerCase() === call.repository.owner.login.toLowerCase();
  const sha = own ? await call.repository.git.resolveCommit(name.slice(colon + 1)) : undefined;
  const commit = sha === undefined ? undefined : await call.repository.git.commit(sha);
  if (commit === undefined) throw notFound();
  return commit;
}
