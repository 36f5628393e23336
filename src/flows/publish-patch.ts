import { EntropyError } from '../domain/error.ts';
import type { ReviewReason } from '../domain/held/review-reason.ts';
import { endOf } from '../domain/outcome-text.ts';
import { asCodeSpan } from '../domain/outgoing-text.ts';
import { type PatchManifest, patchLines } from '../domain/patch.ts';
import type { RunResult } from '../domain/run-result.ts';
import { provenText } from '../domain/step-summary.ts';
import type { AutoMergeTold, TrackingEnd } from '../domain/tracking-comment.ts';
import { inspectMerge } from './address/inspect-merge.ts';
import { answerFindings } from './answer-findings.ts';
import { type ApprovedChange, readApproved } from './approved-change.ts';
import { closeTracking } from './close-tracking.ts';
import { branchOf, deliverNewBranch } from './deliver-branch.ts';
import { deliverContinuation } from './deliver-continuation.ts';
import { type DeliveredPull, deliverPullRequest } from './deliver-pull-request.ts';
import { endUnheard } from './end-unheard.ts';
import { mayWrite, secureLease } from './fence-guard.ts';
import { endHeld, type HeldChange, readHeld } from './held-change.ts';
import { holdChange } from './hold-change.ts';
import { inspectChange } from './inspect-change.ts';
import { closeSuperseded, takeBackPull } from './late-pull-requests.ts';
import { mergeByPolicy } from './merge-by-policy.ts';
import { endBlocked, endDryRun, endFailed, endWithout } from './publish-end.ts';
import type { Blocked, Publisher, PublishReport, PublishRequest, PublishRun, ReadyChange } from './publish-run.ts';
import { readBackComment, readBackPull } from './read-back.ts';
import { readHandOver, readyChange } from './ready-change.ts';
import { saveWork } from './save-work.ts';
import { softRules } from './soft-rules.ts';

/**
 * From the agent's hand-over to a pull request that was read back, or to a comment that says honestly why there is
 * none. Trusts nothing of the hand-over, runs no code of the repository, checks the fence before every write, and may
 * be run again after a crash at any point: it goes on from what is there.
 *
 * Refusals and faults that have a code come back as a report; a cancel and a fault of our own are thrown, and the
 * action's `post` closes the comment then.
 */
export async function publishPatch(
  publisher: Publisher,
  { task, result: handedOver, unheard = {}, trajectoryDigest }: PublishRequest,
  signal: AbortSignal,
): Promise<PublishReport> {
  let run: PublishRun = {
    ...publisher,
    task,
    signal,
    ...(trajectoryDigest === undefined ? {} : { trajectoryDigest }),
  };
  let result: RunResult | undefined;
  try {
    const approved = task.approved && (await readApproved(run, task.approved));
    if (approved === undefined && handedOver === undefined) return await endUnheard(run, unheard);
    result = approved?.result ?? (await readHandOver(task, handedOver));
    // Before anything that needs the claim: whoever was stopped has none any more.
    const saved = await saveWork(run, result);
    if (saved !== undefined) run = { ...run, saved };
    await secureLease(run);
    if (result.outcome !== 'succeeded') return await endWithout(run, result, endOf(result, result.outcome));
    const change = await readyChange(run, result);
    const refused = (await inspectChange(run, change)) ?? (await inspectMerge(run, change));
    if (refused !== undefined) return await block(run, change, refused);
    const reasons = approved === undefined ? await softRules(run, change) : [];
    if (run.dryRun) return await describeOnly(run, change, reasons);
    if (reasons.length > 0) return await holdChange(run, change, reasons);
    const report = await deliver(run, change);
    await closeHeld(run, approved, report);
    const mayBeLeft = task.unfinished !== undefined || task.continues !== undefined;
    if (mayBeLeft && report.pullRequest !== undefined && !signal.aborted)
      await run.forge.unfinished.remove(task.issue.number);
    return report;
  } catch (error) {
    if (signal.aborted || !(error instanceof EntropyError)) throw error;
    return endFailed(run, result, error);
  }
}

/** Last of all: until then whoever publishes again, after a crash, finds what was approved. */
async function closeHeld(run: PublishRun, approved: ApprovedChange | undefined, report: PublishReport): Promise<void> {
  const { forge, task } = run;
  const { pullRequest } = report;
  const held = approved?.held ?? (await heldPlan(run));
  if (pullRequest === undefined || held === undefined) return;
  const by = asCodeSpan(`@${task.approved?.by ?? task.follows?.approvedBy ?? ''}`, 60);
  const how = task.approved === undefined ? 'carried out' : 'published';
  await endHeld(forge, task.issue.number, { held, what: `approved by ${by}, ${how} as #${pullRequest.number}.` });
}

/** The plan that this run has followed, if it is still the one that is held. */
async function heldPlan({ forge, task }: PublishRun): Promise<HeldChange | undefined> {
  const held = task.follows && (await readHeld(forge, task.issue.number));
  return held !== undefined && held.hash === task.follows?.hash ? held : undefined;
}

async function deliver(run: PublishRun, change: ReadyChange): Promise<PublishReport> {
  const { task } = run;
  const { continues } = task;
  const delivered =
    continues === undefined ? await deliverNewBranch(run, change) : await deliverContinuation(run, change, continues);
  if (delivered.kind === 'blocked') return block(run, change, delivered);
  const { branch, headSha, manifest, testsMerged } = delivered;
  run.log(`branch ${branch} at ${headSha}`);

  const pulled = await deliverPullRequest(run, change, delivered);
  const pull = await readBackPull(run, { branch, headSha, number: pulled.pull.number });
  run.log(`pull request #${pull.number} read back`);
  await settlePull(run, pulled);
  const answers = change.submission.answers ?? [];
  await answerFindings(run, pull, answers);
  const isMerged = manifest.treeSha !== change.manifest.treeSha;
  const merge = await mergeByPolicy(run, {
    pull,
    result: change.result,
    ...(isMerged && { merged: { tests: testsMerged } }),
  });

  const kind = continues === undefined ? 'opened' : 'updated';
  const end = deliveredEnd({ change, manifest, pull, kind, ...(merge && { merge }) });
  const { comment, body } = await closeTracking({ ...run, result: change.result, end });
  await readBackComment(run, comment, body);
  return {
    outcome: 'succeeded',
    reason: `${continues === undefined ? 'Opened' : 'Updated'} pull request #${pull.number}. ${change.result.reason}`,
    result: change.result,
    branch,
    headSha,
    pullRequest: { number: pull.number, url: pull.url, draft: pull.draft },
    stage: { kind: 'changed', pullRequest: pull.number, headSha, answers },
    manifest,
  };
}

/** The claim once more before the end is told; who delivers a pull request answers for there being one only. */
async function settlePull(run: PublishRun, { kind, pull }: DeliveredPull): Promise<void> {
  try {
    await closeSuperseded(run, pull);
    await mayWrite(run, 'close');
  } catch (error) {
    const lost = error instanceof EntropyError && error.code === 'E701';
    if (lost && kind === 'created') await takeBackPull(run, pull);
    throw error;
  }
}

interface DeliveredFacts {
  readonly change: ReadyChange;
  readonly manifest: PatchManifest;
  readonly pull: { readonly number: number; readonly draft: boolean };
  readonly kind: 'opened' | 'updated';
  readonly merge?: AutoMergeTold;
}

function deliveredEnd({ change, manifest, pull, kind, merge }: DeliveredFacts): TrackingEnd {
  const { testsAfter, proof } = change.result;
  return {
    kind,
    pullRequest: pull.number,
    draft: pull.draft,
    files: manifest.files.length,
    lines: patchLines(manifest),
    ...(testsAfter === undefined ? {} : { tests: `tests ${provenText(testsAfter, proof)}` }),
    ...(merge && { merge }),
  };
}

/** Every check was made; only branch and pull request are left out. */
async function describeOnly(
  run: PublishRun,
  change: ReadyChange,
  reasons: readonly ReviewReason[],
): Promise<PublishReport> {
  const { task } = run;
  const { files } = change.manifest;
  const { added, removed } = patchLines(change.manifest);
  const branch = task.continues?.branch ?? branchOf(task, change.submission.title);
  const deed =
    task.continues === undefined ? 'open a pull request' : `update pull request #${task.continues.pullRequest}`;
  const first = reasons.length === 0 ? deed : `be held for approval, and then ${deed}`;
  const would = `${first} from ${branch} (${files.length} files, +${added} −${removed})`;
  const report = await endDryRun(run, change.result, would);
  return report.error === undefined ? { ...report, branch, manifest: change.manifest } : report;
}

async function block(run: PublishRun, { result, manifest }: ReadyChange, blocked: Blocked): Promise<PublishReport> {
  const report = await endBlocked(run, result, blocked);
  if (report.outcome !== 'blocked') return report;
  return { ...report, manifest, ...(blocked.branch === undefined ? {} : { branch: blocked.branch }) };
}
