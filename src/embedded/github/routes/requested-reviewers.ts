import { unprocessable } from '../http/problem.ts';
import { created, ok, type RepositoryCall, type Route, repositoryRoute } from '../http/route.ts';
import { readers, writers } from '../identity/access.ts';
import { pullOf } from '../issues/find-issue.ts';
import { renderSimplePull } from '../render/pull.ts';
import { renderUser } from '../render/user.ts';
import type { Account } from '../state/accounts.ts';
import { hasRole } from '../state/repository-state.ts';

const path = '/repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers';

export const requestedReviewerRoutes: readonly Route[] = [
  repositoryRoute(`GET ${path}`, readers('pull_requests'), (call) => {
    const users = pullOf(call).pull.requestedReviewers.map((account) => renderUser(call.world, account));
    return ok({ users, teams: [] });
  }),
  repositoryRoute(`POST ${path}`, writers('triage', 'pull_requests'), (call) => {
    const issue = pullOf(call);
    for (const account of named(call)) {
      const fit = hasRole(call.repository, account.login, 'read') && account !== issue.author;
      if (!fit)
        throw unprocessable(
          'Reviews may only be requested from collaborators. Review cannot be requested from pull request author.',
        );
      if (!issue.pull.requestedReviewers.includes(account)) issue.pull.requestedReviewers.push(account);
    }
    return created(renderSimplePull(call.world, call.repository, issue));
  }),
  repositoryRoute(`DELETE ${path}`, writers('triage', 'pull_requests'), (call) => {
    const issue = pullOf(call);
    const { requestedReviewers } = issue.pull;
    const gone = named(call);
    requestedReviewers.splice(
      0,
      requestedReviewers.length,
      ...requestedReviewers.filter((each) => !gone.includes(each)),
    );
    return ok(renderSimplePull(call.world, call.repository, issue));
  }),
];

function named(call: RepositoryCall): Account[] {
  return (call.body.optionalStrings('reviewers') ?? []).map((login) => {
    const account = call.world.store.accounts.find(login);
    if (account === undefined) throw unprocessable(`Could not resolve to a node with the login ${login}.`);
    return account;
  });
}
