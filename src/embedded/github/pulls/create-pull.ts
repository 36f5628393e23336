import { emitPullEvent } from '../events/payloads.ts';
import { aheadBehind, mergeBase } from '../git/history.ts';
import { GitHubProblem, validationFailed } from '../http/problem.ts';
import type { RepositoryCall } from '../http/route.ts';
import { accountOf } from '../identity/access.ts';
import { openIssue } from '../issues/open-issue.ts';
import { isPull, type PullIssue } from '../state/issue-state.ts';
import { hasRole } from '../state/repository-state.ts';
import { keepPullHead } from './follow-ref.ts';

/** All that GitHub refuses, in its order: names, commits between, a twin. */
export async function createPull(call: RepositoryCall): Promise<PullIssue> {
  const { repository, body, world } = call;
  const { git } = repository;
  const headLabel = body.string('head');
  const baseName = body.string('base');
  const account = accountOf(call.actor);
  // Anybody may propose a change from a fork, but there are no forks here: the branch is the repository's own.
  if (call.actor.kind === 'user' && !hasRole(repository, account.login, 'write')) {
    throw validationFailed({ resource: 'PullRequest', field: 'head', code: 'invalid' });
  }
  const head = ownBranch(call, headLabel);
  const [headSha, baseSha] = await Promise.all([git.branchHead(head), git.branchHead(baseName)]);
  if (headSha === undefined) throw validationFailed({ resource: 'PullRequest', field: 'head', code: 'invalid' });
  if (baseSha === undefined) throw validationFailed({ resource: 'PullRequest', field: 'base', code: 'invalid' });
  checkNoTwin(call, head, baseName);
  const fork = await mergeBase(git, baseSha, headSha);
  if (fork === undefined) throw custom(`The ${head} branch has no history in common with ${baseName}`);
  const { ahead } = await aheadBehind(git, baseSha, headSha);
  if (ahead === 0) throw custom(`No commits between ${baseName} and ${head}`);

  const issue = openIssue(call, {
    title: body.optionalString('title') ?? '',
    body: body.optionalString('body') ?? null,
    labels: [],
    assignees: [],
    pull: {
      id: world.store.id(),
      draft: body.optionalBoolean('draft') ?? false,
      head: { ref: head, sha: headSha },
      base: { ref: baseName, sha: baseSha },
      merge: undefined,
      maintainerCanModify: body.optionalBoolean('maintainer_can_modify') ?? false,
      reviews: [],
      reviewComments: [],
      resolvedThreads: new Map(),
      requestedReviewers: [],
    },
  });
  if (!isPull(issue)) throw new GitHubProblem(500, 'a pull request without its git half');
  await keepPullHead(repository, issue);
  await emitPullEvent(call, issue, 'opened');
  return issue;
}

function ownBranch(call: RepositoryCall, label: string): string {
  const colon = label.indexOf(':');
  if (colon < 0) return label;
  const own = label.slice(0, colon).toLowerCase() === call.repository.owner.login.toLowerCase();
  if (!own) throw validationFailed({ resource: 'PullRequest', field: 'head', code: 'invalid' });
  return label.slice(colon + 1);
}

function checkNoTwin(call: RepositoryCall, head: string, base: string): void {
  const open = [...call.repository.issues.values()].filter(isPull).filter((issue) => issue.state === 'open');
  const twin = open.some((issue) => issue.pull.head.ref === head && issue.pull.base.ref === base);
  if (twin) throw custom(`A pull request already exists for ${call.repository.owner.login}:${head}.`);
}

function custom(message: string): GitHubProblem {
  return validationFailed({ resource: 'PullRequest', code: 'custom', message });
}
