import { branchName } from '../domain/branch-name.ts';
import { parseMarkers } from '../domain/markers.ts';
import type { PatchManifest } from '../domain/patch.ts';
import { pullRequestOp, type updateOp } from '../domain/pull-request-text.ts';
import type { Task } from '../domain/task.ts';
import type { TestRun } from '../domain/test-run.ts';
import { mayWrite } from './fence-guard.ts';
import type { Blocked, PublishRun, ReadyChange } from './publish-run.ts';
import { isCommitOf, writeCommit } from './write-commit.ts';

export type DeliveredBranch =
  | {
      readonly kind: 'delivered';
      readonly branch: string;
      readonly headSha: string;
      /** As it went out; another one than handed over when it was merged. */
      readonly manifest: PatchManifest;
      readonly testsMerged?: TestRun;
    }
  | Blocked;

/** The branch of this run: its fence makes the name new for every claim. */
export function branchOf(task: Task, title: string): string {
  return branchName({ prefix: task.branchPrefix, issue: task.issue.number, fence: task.lease.fence, title });
}

/**
 * A branch of its own for a new run. Safe to run again after a crash at any point: a branch that holds this change is
 * taken as ours, one that holds anything else is left alone. The first try need not look: creating tells.
 */
export async function deliverNewBranch(run: PublishRun, change: ReadyChange): Promise<DeliveredBranch> {
  const { forge, task } = run;
  const branch = branchOf(task, change.submission.title);
  const before = await mayWrite(run, 'commit');
  const there = before === 'never' ? undefined : await forge.branchHead(branch);
  if (there !== undefined) return adopt(run, change, { branch, head: there });
  const sha = await writeCommit(run, change);
  await mayWrite(run, 'branch');
  const created = await forge.createBranch(branch, sha);
  if (created === 'created') return { kind: 'delivered', branch, headSha: sha, manifest: change.manifest };
  const head = await forge.branchHead(branch);
  return head === undefined ? taken(branch) : adopt(run, change, { branch, head });
}

interface FoundBranch {
  readonly branch: string;
  readonly head: string;
}

async function adopt(run: PublishRun, { manifest }: ReadyChange, found: FoundBranch): Promise<DeliveredBranch> {
  const { branch, head } = found;
  const ours = (await isCommitOf(run, manifest, head)) || (await hasOurPullRequest(run, branch));
  if (!ours) return taken(branch);
  run.log(`branch ${branch} is there already: going on from it`);
  return { kind: 'delivered', branch, headSha: head, manifest };
}

/** Somebody may have pushed on our branch after its pull request was opened and before we were killed. */
async function hasOurPullRequest({ forge, task }: PublishRun, branch: string): Promise<boolean> {
  for (const pull of await forge.openPullRequests(branch)) {
    if (isMarked(pull.body, task, pullRequestOp) && (await forge.isOwnAuthor(pull.author))) return true;
  }
  return false;
}

export function isMarked(body: string, task: Task, op: typeof pullRequestOp | typeof updateOp): boolean {
  return parseMarkers(body).some(
    (mark) => mark.op === op && mark.run === task.runId && mark.fence === task.lease.fence,
  );
}

function taken(branch: string): Blocked {
  return {
    kind: 'blocked',
    code: 'E604',
    reason: `The branch ${branch} exists and holds something else than this run made, so nothing was written to it.`,
    next: 'Delete or rename that branch if nobody needs it, then comment `/agent retry`.',
  };
}
