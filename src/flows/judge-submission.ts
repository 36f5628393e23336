import type { Meter } from '../agent/meter.ts';
import type { SubmissionVerdict } from '../agent/tool.ts';
import { EntropyError } from '../domain/error.ts';
import type { PatchManifest } from '../domain/patch.ts';
import { checkPatch, describeProblems } from '../domain/patch-check.ts';
import { answerProblems, briefedFindings } from '../domain/reports/answer-problems.ts';
import type { VerificationEvidence } from '../domain/reports/verification-report.ts';
import type { Submission, TestProof } from '../domain/run-result.ts';
import { runsCommands } from '../domain/sandbox-rung.ts';
import { mergeIn, type Task } from '../domain/task.ts';
import type { TestRun } from '../domain/test-run.ts';
import { describeFailure } from '../domain/test-verdict.ts';
import type { ProofRooms } from '../ports/proof-rooms.ts';
import type { Sandbox } from '../ports/sandbox.ts';
import type { TrajectoryRecorder } from '../ports/trajectory-recorder.ts';
import type { Workspace } from '../ports/workspace.ts';
import { judgeWorkspaceMerge } from './address/judge-workspace-merge.ts';
import { blobId } from './blob-id.ts';
import { proveChange } from './prove-change.ts';
import { refuseHandOver } from './refuse-hand-over.ts';

export interface Judging {
  readonly task: Task;
  readonly testsBefore: TestRun | undefined;
  /** The agent's own, in which the tests run when there is no other room. */
  readonly sandbox: Sandbox;
  readonly rooms?: ProofRooms;
  readonly workspace: Workspace;
  readonly recorder: TrajectoryRecorder;
  readonly meter: Meter;
}

/** What is known about the last submission. */
export interface Evidence {
  /** The change as it was before its tests ran: what they leave behind is not part of it. */
  readonly patch?: PatchManifest;
  readonly testsAfter?: TestRun;
  /** Where they ran. */
  readonly proof?: TestProof;
  /** Of a verification: what was measured about it. */
  readonly verification?: VerificationEvidence;
  readonly refusals: number;
}

export const noEvidence: Evidence = { refusals: 0 };

export interface Judgement {
  readonly verdict: SubmissionVerdict;
  readonly evidence: Evidence;
}

/**
 * Lets a submission through when it keeps the rules for patches and the repository's own tests speak for it; the model's
 * word is not asked. The publisher checks the rules again: here they only save a run that could still be put right.
 */
export async function judgeSubmission(
  judging: Judging & { readonly submission: Submission },
  earlier: Evidence,
  signal: AbortSignal,
): Promise<Judgement> {
  const { task, meter, submission } = judging;
  const { refusals } = earlier;
  const unanswered = answerProblems(submission.answers, briefedFindings(task.brief));
  if (unanswered.length > 0) {
    const why = `the answers do not fit the findings: ${unanswered.join('; ')}`;
    return refuse({ why, advice: 'Answer each open finding once.', summary: '✗ answers', refusals: refusals + 1 });
  }
  const collected = await collectAllowed(judging, signal);
  if (collected.kind === 'nothing') {
    return { verdict: { kind: 'accepted', output: 'Submitted: nothing was changed.' }, evidence: { refusals } };
  }
  if (collected.kind === 'not-allowed') {
    const why = `the change breaks rules: ${collected.problems.join('; ')}`;
    // Undone would be what a side had done: that a merge breaks a rule is for people to look at.
    const advice = mergeIn(task) === undefined ? 'Undo that part.' : 'If a side had done that before the merge, ask.';
    return refuse({ why, advice, summary: '✗ rules', refusals: refusals + 1 });
  }
  const { patch } = collected;
  const unmerged = await judgeWorkspaceMerge(judging, patch, signal);
  if (unmerged !== undefined) return refuse({ ...unmerged, summary: '✗ merge', refusals: refusals + 1 });
  if (task.testCommand === undefined || !runsCommands(judging.sandbox.rung)) {
    const why = task.testCommand === undefined ? 'No test command is configured' : 'This sandbox runs no commands';
    return {
      verdict: { kind: 'accepted', output: `Submitted. ${why}, so nothing was tested.` },
      evidence: { patch, refusals },
    };
  }

  const { testsAfter, proof, verdict } = await proveChange({ ...judging, command: task.testCommand }, signal);
  if (verdict.kind === 'broken') {
    const outOfTime = testsAfter.timedOut && meter.remainingMs() === 0;
    return refuse({
      why: `\`${task.testCommand}\` fails with the change (${verdict.why})`,
      advice: `Its output:\n${testsAfter.output}`,
      summary: `✗ tests: ${describeFailure(testsAfter)}`,
      refusals: outOfTime ? refusals : refusals + 1,
      testsAfter,
    });
  }
  const result = verdict.kind === 'passes' ? 'passes' : `fails as before (${describeFailure(testsAfter)})`;
  const where =
    proof.room === 'own' && proof.fresh !== undefined
      ? ', but only beside files that are no part of the change, and people are told so'
      : '';
  const output = `Submitted: \`${task.testCommand}\` ${result}${where}.`;
  return { verdict: { kind: 'accepted', output }, evidence: { patch, testsAfter, proof, refusals } };
}

type Collected =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'patch'; readonly patch: PatchManifest }
  | { readonly kind: 'not-allowed'; readonly problems: readonly string[] };

export async function collectAllowed(
  { task, workspace }: Pick<Judging, 'task' | 'workspace'>,
  signal: AbortSignal,
): Promise<Collected> {
  try {
    const patch = await workspace.collectPatch(task.runId, signal);
    if (patch === undefined) return { kind: 'nothing' };
    const problems = checkPatch(patch, task.patchPolicy, blobId);
    return problems.length === 0
      ? { kind: 'patch', patch }
      : { kind: 'not-allowed', problems: describeProblems(problems) };
  } catch (error) {
    // What cannot even be collected (a nested repository, a thousand files) can be put right like any other mistake.
    const canBePutRight = error instanceof EntropyError && (error.code === 'E600' || error.code === 'E601');
    if (!canBePutRight) throw error;
    return { kind: 'not-allowed', problems: [error.message] };
  }
}

function refuse(refused: {
  readonly why: string;
  readonly advice: string;
  readonly summary: string;
  readonly refusals: number;
  readonly testsAfter?: TestRun;
}): Judgement {
  const { refusals, testsAfter } = refused;
  return {
    verdict: refuseHandOver(refused),
    evidence: { refusals, ...(testsAfter === undefined ? {} : { testsAfter }) },
  };
}
