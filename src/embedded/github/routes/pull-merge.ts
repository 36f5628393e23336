import { isAncestor, writeCommit } from '../git/history.ts';
import { mergeTrees } from '../git/merge.ts';
import { branchRef } from '../git/ref-name.ts';
import { conflict, GitHubProblem } from '../http/problem.ts';
import { noContent, ok, type RepositoryCall, type Route, repositoryRoute } from '../http/route.ts';
import { accountOf, readers, writers } from '../identity/access.ts';
import { gitHubSignature, signatureOf } from '../identity/commit-author.ts';
import { pullOf } from '../issues/find-issue.ts';
import { isReady } from '../pulls/auto-merge.ts';
import { followRef } from '../pulls/follow-ref.ts';
import { landPull } from '../pulls/land-pull.ts';

const merge = '/repos/{owner}/{repo}/pulls/{pull_number}/merge';

export const mergeRoutes: readonly Route[] = [
  repositoryRoute(`GET ${merge}`, readers('pull_requests'), (call) => {
    if (pullOf(call).pull.merge === undefined) throw new GitHubProblem(404, 'Not Found');
    return noContent;
  }),
  repositoryRoute(`PUT ${merge}`, writers('write', 'contents'), mergePull),
  repositoryRoute(
    'PUT /repos/{owner}/{repo}/pulls/{pull_number}/update-branch',
    writers('write', 'pull_requests'),
    updateBranch,
  ),
];

const notMergeable = () => new GitHubProblem(405, 'Pull Request is not mergeable');

async function mergePull(call: RepositoryCall) {
  const { body } = call;
  const issue = pullOf(call);
  const { pull } = issue;
  const expected = body.optionalString('sha');
  const method = body.oneOf('merge_method', ['merge', 'squash', 'rebase']) ?? 'merge';
  if (issue.state !== 'open' || pull.draft) throw notMergeable();
  if (expected !== undefined && expected !== pull.head.sha) {
    throw conflict('Head branch was modified. Review and try the merge again.');
  }
  if (!isReady(call, issue)) throw new GitHubProblem(405, 'Required status checks are expected.');
  const [title, text] = [body.optionalString('commit_title'), body.optionalString('commit_message')];
  const words = { ...(title === undefined ? {} : { title }), ...(text === undefined ? {} : { text }) };
  const landed = await landPull(call, issue, { method, by: accountOf(call.actor), ...words });
  switch (landed.kind) {
    case 'conflict':
      throw notMergeable();
    case 'base-moved':
      throw new GitHubProblem(405, 'Base branch was modified. Review and try the merge again.');
    case 'landed':
      return ok({ sha: landed.sha, merged: true, message: 'Pull Request successfully merged' });
    default:
      return landed satisfies never;
  }
}

async function updateBranch(call: RepositoryCall) {
  const { repository, body, world } = call;
  const { git } = repository;
  const issue = pullOf(call);
  const { base, head } = issue.pull;
  const expected = body.optionalString('expected_head_sha');
  if (expected !== undefined && expected !== head.sha) {
    throw new GitHubProblem(422, 'expected head sha didn’t match current head ref.');
  }
  if (await isAncestor(git, base.sha, head.sha)) {
    throw new GitHubProblem(422, 'There are no new commits on the base branch.');
  }
  const merged = await mergeTrees(git, head.sha, base.sha);
  if (merged.kind === 'conflict') throw new GitHubProblem(422, 'merge conflict between base and head');
  const signature = signatureOf(accountOf(call.actor), world);
  const message = `Merge branch '${base.ref}' into ${head.ref}`;
  const parents = [head.sha, base.sha];
  const committer = gitHubSignature(world);
  const sha = await writeCommit(git, { tree: merged.tree, parents, message, author: signature, committer });
  const before = head.sha;
  const outcome = await git.updateRef(branchRef(head.ref), sha, before);
  if (outcome === 'conflict') throw new GitHubProblem(422, 'expected head sha didn’t match current head ref.');
  await followRef(call, { ref: branchRef(head.ref), before, after: sha });
  return {
    status: 202,
    json: {
      message: 'Updating pull request branch.',
      url: `${world.webUrl}/${repository.owner.login}/${repository.name}/pull/${issue.number}`,
    },
  };
}
