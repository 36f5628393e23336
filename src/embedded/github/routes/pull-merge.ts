import type { Signature } from '../git/commit-object.ts';
import { isAncestor, log, writeCommit } from '../git/history.ts';
import { mergeTrees, replayCommits } from '../git/merge.ts';
import { branchRef } from '../git/ref-name.ts';
import { conflict, GitHubProblem } from '../http/problem.ts';
import { noContent, ok, type RepositoryCall, type Route, repositoryRoute } from '../http/route.ts';
import { accountOf, readers, writers } from '../identity/access.ts';
import { gitHubSignature, signatureOf } from '../identity/commit-author.ts';
import { closeIssue } from '../issues/change-issue.ts';
import { pullOf } from '../issues/find-issue.ts';
import { closedNumbers } from '../pulls/closing-keywords.ts';
import { closeIssues, followRef } from '../pulls/follow-ref.ts';
import type { PullIssue } from '../state/issue-state.ts';
import { timestamp } from '../state/timestamp.ts';

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
  const { repository, body, world } = call;
  const issue = pullOf(call);
  const { pull } = issue;
  const expected = body.optionalString('sha');
  const method = body.oneOf('merge_method', ['merge', 'squash', 'rebase']) ?? 'merge';
  if (issue.state !== 'open' || pull.draft) throw notMergeable();
  if (expected !== undefined && expected !== pull.head.sha) {
    throw conflict('Head branch was modified. Review and try the merge again.');
  }
  const sha = await mergedCommit(call, issue, method);
  if (sha === undefined) throw notMergeable();
  const base = branchRef(pull.base.ref);
  const outcome = await repository.git.updateRef(base, sha, pull.base.sha);
  if (outcome === 'conflict') throw new GitHubProblem(405, 'Base branch was modified. Review and try the merge again.');
  const account = accountOf(call.actor);
  pull.merge = { sha, by: account, at: timestamp(world.clock) };
  await followRef(call, { ref: base, before: pull.base.sha, after: sha, mergedPull: issue.number });
  await closeIssue(call, issue, null);
  if (pull.base.ref === repository.defaultBranch)
    await closeIssues(call, closedNumbers(`${issue.title}\n${issue.body ?? ''}`));
  return ok({ sha, merged: true, message: 'Pull Request successfully merged' });
}

/** The commit that the base shall point at; undefined when the two sides conflict. */
async function mergedCommit(
  call: RepositoryCall,
  issue: PullIssue,
  method: 'merge' | 'squash' | 'rebase',
): Promise<string | undefined> {
  const { repository, body, world } = call;
  const { git } = repository;
  const { base, head } = issue.pull;
  const committer = gitHubSignature(world);
  const author = signatureOf(accountOf(call.actor), world);
  if (method === 'rebase') {
    const replayed = await replayCommits(git, { onto: base.sha, head: head.sha, committer });
    return replayed.kind === 'clean' ? replayed.head : undefined;
  }
  const merged = await mergeTrees(git, base.sha, head.sha);
  if (merged.kind === 'conflict') return undefined;
  const title = body.optionalString('commit_title');
  const text = body.optionalString('commit_message');
  const { tree } = merged;
  if (method === 'squash') {
    const message = messageOf(title ?? `${issue.title} (#${issue.number})`, text ?? (await squashText(call, issue)));
    const by = await squashAuthor(call, issue, author);
    return writeCommit(git, { tree, parents: [base.sha], message, author: by, committer });
  }
  const from = `${repository.owner.login}/${head.ref}`;
  const message = messageOf(title ?? `Merge pull request #${issue.number} from ${from}`, text ?? issue.title);
  return writeCommit(git, { tree, parents: [base.sha, head.sha], message, author, committer });
}

function messageOf(title: string, text: string): string {
  return text === '' ? title : `${title}\n\n${text}`;
}

async function squashText(call: RepositoryCall, issue: PullIssue): Promise<string> {
  const { base, head } = issue.pull;
  const commits = await log(call.repository.git, { from: head.sha, not: base.sha, oldestFirst: true });
  return commits.length < 2 ? '' : commits.map((commit) => `* ${commit.message}`).join('\n\n');
}

/** The one author of all commits keeps the authorship; else it is whoever merges. */
async function squashAuthor(call: RepositoryCall, issue: PullIssue, merger: Signature): Promise<Signature> {
  const { base, head } = issue.pull;
  const commits = await log(call.repository.git, { from: head.sha, not: base.sha });
  const [first] = commits;
  const same = first !== undefined && commits.every((commit) => commit.author.email === first.author.email);
  return same ? { ...first.author, date: merger.date } : merger;
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
