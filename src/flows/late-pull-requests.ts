import { issueBranchPrefix, parseBranchName } from '../domain/branch-name.ts';
import { EntropyError } from '../domain/error.ts';
import { parseMarkers } from '../domain/markers.ts';
import { pullRequestOp } from '../domain/pull-request-text.ts';
import type { PullRequestInfo } from '../ports/forge.ts';
import { mayWrite } from './fence-guard.ts';
import type { PublishRun } from './publish-run.ts';

/** GitHub's clock tells in whole seconds, and not quite like ours. */
const clockDifferenceMs = 5_000;
/** Branches of runs long gone pile up; a run that was held up is one of the last few. */
const maxBranches = 5;

/**
 * GitHub refuses a second open pull request of one branch, but has no "open it only while the claim is mine": a run that was
 * held up between its last look at the claim and the request may open one beside its successor's. The newer fence
 * counts, so what a lower fence opened after this run was admitted is closed. People's pull requests, and those that were
 * there before, are nobody's duplicates.
 */
export async function closeLatecomers(run: PublishRun, ours: PullRequestInfo): Promise<void> {
  const { forge, task } = run;
  for (const branch of await lowerBranches(run)) {
    for (const pull of await forge.openPullRequests(branch)) {
      const mark = parseMarkers(pull.body).find(({ op, issue }) => op === pullRequestOp && issue === task.issue.number);
      const late = Date.parse(pull.createdAt) >= task.admittedAt - clockDifferenceMs;
      const outlived = mark !== undefined && mark.fence < task.lease.fence;
      if (!late || !outlived || pull.baseBranch !== ours.baseBranch) continue;
      if (!(await forge.isOwnAuthor(pull.author))) continue;
      await mayWrite(run, 'settle');
      await forge.updatePullRequest(pull.number, { state: 'closed' });
      run.log(
        `pull request #${pull.number} was opened by a run that had lost its claim: closed, #${ours.number} stays`,
      );
    }
  }
}

async function lowerBranches({ forge, task }: PublishRun): Promise<readonly string[]> {
  const branches = await forge.branchesWithPrefix(issueBranchPrefix(task.branchPrefix, task.issue.number));
  return branches
    .map(({ name }) => ({ name, fence: parseBranchName(task.branchPrefix, name)?.fence ?? task.lease.fence }))
    .filter(({ fence }) => fence < task.lease.fence)
    .sort((a, b) => b.fence - a.fence)
    .slice(0, maxBranches)
    .map(({ name }) => name);
}

/**
 * This very process opened a pull request, and then found its claim with a newer run: nobody was to open one any more, so it
 * takes back its own. After a mere stop (nobody else has the claim) it stays, and the comment tells of it.
 */
export async function takeBackPull(run: PublishRun, pull: PullRequestInfo): Promise<void> {
  const record = await run.claims.read(run.task.lease.key);
  if (record === undefined || record.fence <= run.task.lease.fence) return;
  try {
    await run.forge.updatePullRequest(pull.number, { state: 'closed' });
    run.log(`pull request #${pull.number} was opened after the claim was lost: closed again`);
  } catch (error) {
    if (!(error instanceof EntropyError)) throw error;
    run.log(
      `pull request #${pull.number} was opened after the claim was lost, and could not be closed: ${error.message}`,
    );
  }
}
