import { emitPullEvent } from '../events/payloads.ts';
import { validationFailed } from '../http/problem.ts';
import type { RepositoryCall } from '../http/route.ts';
import { closeIssue, editIssue, reopenIssue } from '../issues/change-issue.ts';
import { checkMay, mayEdit } from '../issues/find-issue.ts';
import { checkBody, checkTitle } from '../issues/open-issue.ts';
import { isPull, type PullIssue } from '../state/issue-state.ts';
import { timestamp } from '../state/timestamp.ts';

export async function changePull(call: RepositoryCall, issue: PullIssue): Promise<void> {
  const { repository, body, actor } = call;
  checkMay(mayEdit(repository, actor, issue.author));
  const title = body.optionalString('title');
  const text = body.nullableString('body');
  const state = body.oneOf('state', ['open', 'closed']);
  const base = body.optionalString('base');
  if (title !== undefined) checkTitle(title);
  checkBody(text, 'PullRequest');
  if (state === 'open') await checkMayReopen(call, issue);
  if (base !== undefined && base !== issue.pull.base.ref) await changeBase(call, issue, base);
  await editIssue(call, issue, { title, body: text });
  if (state === 'closed') await closeIssue(call, issue, null);
  if (state === 'open') await reopenIssue(call, issue);
}

async function changeBase(call: RepositoryCall, issue: PullIssue, base: string): Promise<void> {
  const sha = await call.repository.git.branchHead(base);
  if (sha === undefined || issue.pull.merge !== undefined) {
    throw validationFailed({ resource: 'PullRequest', field: 'base', code: 'invalid' });
  }
  const from = issue.pull.base;
  issue.pull.base = { ref: base, sha };
  issue.updatedAt = timestamp(call.world.clock);
  await emitPullEvent(call, issue, 'edited', {
    changes: { base: { ref: { from: from.ref }, sha: { from: from.sha } } },
  });
}

/** A merged one stays closed; so does one whose branch is gone, or that has a twin by now. */
async function checkMayReopen(call: RepositoryCall, issue: PullIssue): Promise<void> {
  if (issue.state === 'open') return;
  const head = await call.repository.git.branchHead(issue.pull.head.ref);
  const base = await call.repository.git.branchHead(issue.pull.base.ref);
  const twin = [...call.repository.issues.values()]
    .filter(isPull)
    .some((other) => other.state === 'open' && other.pull.head.ref === issue.pull.head.ref);
  if (head === undefined || base === undefined || twin || issue.pull.merge !== undefined) {
    const message = 'state cannot be changed. The pull request cannot be reopened.';
    throw validationFailed({ resource: 'PullRequest', field: 'state', code: 'invalid', message });
  }
  issue.pull.head.sha = head;
  issue.pull.base.sha = base;
}
