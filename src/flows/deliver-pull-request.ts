import { EntropyError } from '../domain/error.ts';
import {
  maxPullRequestBody,
  type PullRequestFacts,
  pullRequestBody,
  pullRequestTitle,
  pullRequestUpdate,
  updateOp,
} from '../domain/pull-request-text.ts';
import type { PullRequestInfo } from '../ports/forge.ts';
import { type DeliveredBranch, isMarked } from './deliver-branch.ts';
import { mayWrite } from './fence-guard.ts';
import { findWeakenedTests } from './find-weakened-tests.ts';
import type { PublishRun, ReadyChange } from './publish-run.ts';

type Delivered = Extract<DeliveredBranch, { kind: 'delivered' }>;

/** `created`: by this very process, so it may also take it back. */
export interface DeliveredPull {
  readonly kind: 'created' | 'there';
  readonly pull: PullRequestInfo;
}

/** The one pull request of the branch: the open one that is there, or a new one. The first try need not look. */
export async function deliverPullRequest(
  run: PublishRun,
  change: ReadyChange,
  delivered: Delivered,
): Promise<DeliveredPull> {
  const { forge, task } = run;
  const facts = await factsOf(run, change, delivered);
  const updated = task.continues === undefined ? undefined : await openPull(run, delivered.branch);
  if (updated !== undefined) return { kind: 'there', pull: await tellOfUpdate(run, updated, facts) };
  const body = pullRequestBody(facts);
  const before = await mayWrite(run, 'pull-request');
  const there = before === 'never' ? undefined : await openPull(run, delivered.branch);
  if (there !== undefined) return { kind: 'there', pull: there };
  const created = await forge.createPullRequest({
    title: pullRequestTitle(task, change.result),
    body,
    head: delivered.branch,
    base: task.base.branch,
    draft: task.draft,
  });
  if (created.kind === 'created') return created;
  const other = await openPull(run, delivered.branch);
  if (other !== undefined) return { kind: 'there', pull: other };
  throw new EntropyError({
    code: 'E206',
    message: `GitHub says that a pull request from ${delivered.branch} exists, but lists none`,
    fix: 'publish again in a minute: re-run the failed job',
    retryable: true,
  });
}

async function openPull({ forge, task }: PublishRun, branch: string): Promise<PullRequestInfo | undefined> {
  const pulls = await forge.openPullRequests(branch);
  return pulls.filter((pull) => pull.baseBranch === task.base.branch).sort((a, b) => a.number - b.number)[0];
}

/** Once: the marker in the body tells whether this run has told already. */
async function tellOfUpdate(run: PublishRun, pull: PullRequestInfo, facts: PullRequestFacts): Promise<PullRequestInfo> {
  if (isMarked(pull.body, run.task, updateOp)) return pull;
  const body = `${pull.body.trimEnd()}${pullRequestUpdate(facts)}`;
  if (body.length > maxPullRequestBody) {
    run.log(`pull request #${pull.number} has no room for more text; its commits tell of the update`);
    return pull;
  }
  await mayWrite(run, 'update');
  return run.forge.updatePullRequest(pull.number, { body });
}

async function factsOf(run: PublishRun, change: ReadyChange, delivered: Delivered): Promise<PullRequestFacts> {
  return {
    task: run.task,
    result: change.result,
    manifest: delivered.manifest,
    weakened: await findWeakenedTests(run.forge, delivered.manifest, run.task.testCommand),
    ...(delivered.testsMerged === undefined ? {} : { testsMerged: delivered.testsMerged }),
    ...(run.trajectoryDigest === undefined ? {} : { trajectoryDigest: run.trajectoryDigest }),
  };
}
