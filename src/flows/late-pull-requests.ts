import { issueBranchPrefix, parseBranchName } from '../domain/branch-name.ts';
import { EntropyError } from '../domain/error.ts';
import { parseMarkers } from '../domain/markers.ts';
import { pullRequestOp, supersededBody, updateOp } from '../domain/pull-request-text.ts';
import type { PullRequestInfo } from '../ports/forge.ts';
import { mayWrite } from './fence-guard.ts';
import type { PublishRun } from './publish-run.ts';

/** GitHub's clock tells in whole seconds, and not quite like ours. */
const clockDifferenceMs = 5_000;
/** Branches of runs long gone pile up; a run that was held up is one of the last few. */
const maxBranches = 5;

/** An open pull request of ours for the same issue and base, and the newest run that opened or updated it. */
interface Rival {
  readonly pull: PullRequestInfo;
  readonly fence: number;
}

/**
 * GitHub refuses a second open pull request of one branch, but has no "open it only while the claim is mine": a run that was
 * held up between its last look at the claim and the request may open one beside its successor's. The newer fence
 * counts, so what lower fences opened is closed and told what stays. People's pull requests are nobody's duplicates.
 */
export async function closeSuperseded(run: PublishRun, ours: PullRequestInfo): Promise<void> {
  for (const { pull, fence } of await rivalsOf(run, ours)) {
    if (fence >= run.task.lease.fence) continue;
    await mayWrite(run, 'settle');
    await closePull(run, pull, `superseded by #${ours.number}, the pull request of a newer run`);
    run.log(`pull request #${pull.number} is of an older run: closed, #${ours.number} stays`);
  }
}

/**
 * This very process opened a pull request, and then found its claim with a newer run. It takes its own back when the newer one
 * has a pull request already, or began so long before that it cannot know of this one. Else the newer run goes on with it,
 * or closes it when its own is there: each looks after it has written, so one of them sees both. After a mere stop (nobody
 * else has the claim) it stays, and the comment tells of it.
 */
export async function takeBackPull(run: PublishRun, ours: PullRequestInfo): Promise<void> {
  const { fence } = run.task.lease;
  const record = await run.claims.read(run.task.lease.key);
  if (record === undefined || record.fence <= fence) return;
  try {
    const newer = (await rivalsOf(run, ours)).find((rival) => rival.fence > fence);
    const late = Date.parse(ours.createdAt) > record.acquiredAt + clockDifferenceMs;
    if (newer === undefined && !late) {
      run.log(`pull request #${ours.number} is left to run ${record.holder.runId}, which has the claim now`);
      return;
    }
    const by = newer === undefined ? `run ${record.holder.runId}` : `#${newer.pull.number}`;
    await closePull(run, ours, `superseded by ${by}; the run that opened this had lost its claim`);
    run.log(`pull request #${ours.number} was opened after the claim was lost: closed again`);
  } catch (error) {
    if (!(error instanceof EntropyError)) throw error;
    run.log(
      `pull request #${ours.number} was opened after the claim was lost, and could not be closed: ${error.message}`,
    );
  }
}

async function rivalsOf(run: PublishRun, ours: PullRequestInfo): Promise<readonly Rival[]> {
  const { forge, task } = run;
  const rivals: Rival[] = [];
  for (const branch of await otherBranches(run, ours.headBranch)) {
    for (const pull of await forge.openPullRequests(branch)) {
      const marks = parseMarkers(pull.body).filter(({ issue }) => issue === task.issue.number);
      const opened = marks.some(({ op }) => op === pullRequestOp);
      if (!opened || pull.baseBranch !== ours.baseBranch || !(await forge.isOwnAuthor(pull.author))) continue;
      const fences = marks.filter(({ op }) => op === pullRequestOp || op === updateOp).map((mark) => mark.fence);
      rivals.push({ pull, fence: Math.max(...fences) });
    }
  }
  return rivals;
}

/** Of this issue; the newest first. */
async function otherBranches({ forge, task }: PublishRun, own: string): Promise<readonly string[]> {
  const branches = await forge.branchesWithPrefix(issueBranchPrefix(task.branchPrefix, task.issue.number));
  return branches
    .flatMap(({ name }) => {
      const parsed = name === own ? undefined : parseBranchName(task.branchPrefix, name);
      return parsed === undefined ? [] : [{ name, fence: parsed.fence }];
    })
    .sort((a, b) => b.fence - a.fence)
    .slice(0, maxBranches)
    .map(({ name }) => name);
}

async function closePull({ forge }: PublishRun, pull: PullRequestInfo, why: string): Promise<void> {
  const body = supersededBody(pull.body, why);
  await forge.updatePullRequest(pull.number, { state: 'closed', ...(body === undefined ? {} : { body }) });
}
