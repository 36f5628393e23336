import { listAnswer } from '../http/pagination.ts';
import { GitHubProblem } from '../http/problem.ts';
import { ok, param, type RepositoryCall, type Route, repositoryRoute } from '../http/route.ts';
import { readers } from '../identity/access.ts';
import { encodePath, renderCommit } from '../render/commit.ts';
import { repositoryApiUrl, repositoryWebUrl } from '../render/repository.ts';

export const branchRoutes: readonly Route[] = [
  repositoryRoute('GET /repos/{owner}/{repo}/branches', readers('contents'), async (call) => {
    const refs = await call.repository.git.refsStartingWith('refs/heads/');
    const api = repositoryApiUrl(call.world, call.repository);
    return listAnswer(call, refs, (ref) => ({
      name: ref.name.slice('refs/heads/'.length),
      commit: { sha: ref.sha, url: `${api}/commits/${ref.sha}` },
      protected: false,
    }));
  }),
  repositoryRoute('GET /repos/{owner}/{repo}/branches/{branch}', readers('contents'), readBranch),
  repositoryRoute('GET /repos/{owner}/{repo}/tags', readers('contents'), async (call) => {
    const refs = await call.repository.git.refsStartingWith('refs/tags/');
    const commits = await Promise.all(refs.map((ref) => call.repository.git.resolveCommit(ref.name)));
    const api = repositoryApiUrl(call.world, call.repository);
    const tags = refs.map((ref, index) => ({
      name: ref.name.slice('refs/tags/'.length),
      sha: commits[index] ?? ref.sha,
    }));
    return listAnswer(call, tags, ({ name, sha }) => ({
      name,
      commit: { sha, url: `${api}/commits/${sha}` },
      zipball_url: `${api}/zipball/refs/tags/${encodePath(name)}`,
      tarball_url: `${api}/tarball/refs/tags/${encodePath(name)}`,
      node_id: Buffer.from(name).toString('base64url'),
    }));
  }),
];

async function readBranch(call: RepositoryCall) {
  const { world, repository } = call;
  const name = param(call, 'branch');
  const sha = await repository.git.branchHead(name);
  const commit = sha === undefined ? undefined : await repository.git.commit(sha);
  if (commit === undefined) throw new GitHubProblem(404, 'Branch not found');
  const self = `${repositoryApiUrl(world, repository)}/branches/${encodePath(name)}`;
  return ok({
    name,
    commit: renderCommit(world, repository, commit),
    _links: { self, html: `${repositoryWebUrl(world, repository)}/tree/${encodePath(name)}` },
    protected: false,
    protection: {
      enabled: false,
      required_status_checks: { enforcement_level: 'off', contexts: [], checks: [] },
    },
    protection_url: `${self}/protection`,
  });
}
