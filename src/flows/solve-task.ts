import { withDeadline } from '../agent/deadline.ts';
import { runLoop } from '../agent/loop.ts';
import type { LoopEnd } from '../agent/loop-end.ts';
import { type Meter, startMeter } from '../agent/meter.ts';
import { taskMessage } from '../agent/prompts/task-message.ts';
import type { SubmissionVerdict } from '../agent/tool.ts';
import { toolsFor } from '../agent/toolbox.ts';
import { describeError, EntropyError } from '../domain/error.ts';
import { boundPassedOver, type PassedOverRung } from '../domain/passed-over.ts';
import type { PatchManifest } from '../domain/patch.ts';
import { fullName } from '../domain/repository.ts';
import type { RunResult } from '../domain/run-result.ts';
import { describeRoom } from '../domain/sandbox-network.ts';
import { runsCommands } from '../domain/sandbox-rung.ts';
import type { Task } from '../domain/task.ts';
import type { TestRun } from '../domain/test-run.ts';
import { trajectorySchema } from '../domain/trajectory.ts';
import type { Clock } from '../ports/clock.ts';
import type { Model } from '../ports/model.ts';
import type { ProofRooms } from '../ports/proof-rooms.ts';
import type { Sandbox } from '../ports/sandbox.ts';
import type { TrajectoryRecorder } from '../ports/trajectory-recorder.ts';
import type { Workspace } from '../ports/workspace.ts';
import { describeEnd } from './describe-end.ts';
import { type Evidence, judgeSubmission, noEvidence } from './judge-submission.ts';
import { markSetUp } from './mark-set-up.ts';
import { restoreInstructions } from './restore-instructions.ts';
import { runTests } from './run-tests.ts';

export interface SolveRequest {
  readonly task: Task;
  readonly model: Model;
  /** Open, and its canary was contained; or a promise of that, meanwhile the model is asked. */
  readonly sandbox: Sandbox | Promise<Sandbox>;
  /** Stronger rungs that the machine could not have; a promise as long as the sandbox is one, and never rejected. */
  readonly passedOver?: readonly PassedOverRung[] | Promise<readonly PassedOverRung[]>;
  /** For the tests that speak for a submission; when absent, they run where the agent worked, and that is told. */
  readonly rooms?: ProofRooms;
  /** Or a promise of it, which is not waited for before the model is asked unless tests come first. */
  readonly workspace: Workspace | Promise<Workspace>;
  readonly recorder: TrajectoryRecorder;
  readonly clock: Clock;
  /** Of this program. */
  readonly version: string;
}

/** What a run has found out so far; whatever ends it, this is what its result is made of. */
interface Findings {
  testsBefore: TestRun | undefined;
  evidence: Evidence;
  /** Whether the workspace knows where the agent's own work begins. */
  marked: boolean;
  readonly durations: Record<string, number>;
}

/** Collecting must work after a cancel too, so it has a deadline of its own. */
const collectTimeoutMs = 60_000;

/**
 * Works on one task from the first look at the tests to a patch that passed them. Whatever happens, it ends with a
 * result that says so, and with the work in progress.
 */
export async function solveTask(request: SolveRequest, signal: AbortSignal): Promise<RunResult> {
  const { task, model, recorder } = request;
  const meter = startMeter(task.budget, request.clock);
  const findings: Findings = { testsBefore: undefined, evidence: noEvidence, marked: false, durations: {} };

  recordStart(request);
  recordSandbox(request);
  const end = await reachEnd({ request, meter, findings }, signal);
  const { patch, lost } = await collectWork({ request, findings, end });
  const { testsAfter, proof } = findings.evidence;
  const sandbox = await request.sandbox;
  const { outcome, reason } = describeEnd({
    end,
    patch,
    testsAfter,
    proof,
    rung: sandbox.rung,
    limits: task.budget,
    lost,
  });

  const result: RunResult = {
    schema: 1,
    runId: task.runId,
    outcome,
    reason,
    ...(end.kind === 'submitted' ? { submission: end.submission } : {}),
    ...(end.kind === 'asked' ? { questions: end.questions } : {}),
    ...(end.kind === 'over-budget' ? { overLimit: end.limit } : {}),
    spend: meter.spend(),
    modelCalls: meter.modelCalls(),
    model: model.name,
    sandbox: {
      rung: sandbox.rung,
      description: describeRoom(sandbox.description, task),
      ...weakerThan(await request.passedOver),
    },
    ...(findings.testsBefore === undefined ? {} : { testsBefore: findings.testsBefore }),
    ...(testsAfter === undefined ? {} : { testsAfter }),
    ...(proof === undefined ? {} : { proof }),
    ...(patch === undefined ? {} : { patch }),
    durations: splitDurations(findings.durations),
  };
  recordEnd(recorder, result);
  return result;
}

interface Run {
  readonly request: SolveRequest;
  readonly meter: Meter;
  readonly findings: Findings;
}

/** The work itself. A fault ends it like everything else: with a reason, and with what was done until then. */
async function reachEnd(run: Run, signal: AbortSignal): Promise<LoopEnd> {
  const { request, meter, findings } = run;
  const { task } = request;
  try {
    if (task.continues !== undefined) await restoreInstructions(task, await request.sandbox, signal);
    await timed(run, 'collect', () => markSetUp(request, signal));
    findings.testsBefore = await timed(run, 'baseline', () => testBaseline(run, signal));
    const { testsBefore } = findings;
    const unrunnable = testsBefore?.exitCode === 126 || testsBefore?.exitCode === 127;
    if (testsBefore !== undefined && unrunnable) throw cannotRun(testsBefore);
    // After the tests, so that what they leave behind is not taken for the agent's work; while the model thinks.
    const marking = markStart(run, signal);
    const told = taskMessage(task, findings.testsBefore);
    if (told.sanitised.length > 0) request.recorder.record({ type: 'text.sanitised', places: told.sanitised });
    const working = timed(run, 'agent', () =>
      runLoop(
        {
          ...request,
          meter,
          task: told.text,
          tools: toolsFor(task.tools),
          filesMayChange: marking,
          judge: () => timed(run, 'verify', () => judge(run, signal)),
        },
        signal,
      ),
    );
    const [marked, worked] = await Promise.allSettled([marking, working]);
    if (marked.status === 'rejected') throw marked.reason;
    if (worked.status === 'rejected') throw worked.reason;
    return worked.value;
  } catch (error) {
    if (signal.aborted) return { kind: 'cancelled', reason: describeError(signal.reason) };
    const known = error instanceof EntropyError;
    return {
      kind: 'failed',
      reason: `${known ? error.code : 'E900'}: ${describeError(error)}`,
      retryable: known && error.retryable,
    };
  }
}

async function markStart(run: Run, signal: AbortSignal): Promise<void> {
  const workspace = await run.request.workspace;
  await timed(run, 'collect', () => workspace.markStart(signal));
  run.findings.marked = true;
}

async function testBaseline({ request, meter }: Run, signal: AbortSignal): Promise<TestRun | undefined> {
  const { task, recorder } = request;
  if (task.testCommand === undefined) return undefined;
  // A repository that cannot be worked on is told of before its tests are run.
  const [sandbox] = await Promise.all([request.sandbox, request.workspace]);
  if (!runsCommands(sandbox.rung)) return undefined;
  // A third of the time at most: a suite that hangs must leave the agent enough to find out why.
  const remainingMs = Math.ceil(meter.remainingMs() / 3);
  const run = await runTests({ command: task.testCommand, sandbox, remainingMs }, signal);
  recorder.record({ type: 'tests.finished', phase: 'before', run });
  return run;
}

/** What a shell says when there is no such program: then nothing can be proven, and no model is paid for it. */
function cannotRun({ command, exitCode, output }: TestRun): EntropyError {
  return new EntropyError({
    code: 'E405',
    message: `the test command \`${command}\` cannot be run in the sandbox (exit code ${exitCode}): ${output.trim().slice(-300)}`,
    fix: 'correct `test` in .github/entropy.yml or the workflow, or install what it needs with `setup`',
  });
}

async function judge({ request, meter, findings }: Run, signal: AbortSignal): Promise<SubmissionVerdict> {
  const { task, recorder } = request;
  const { rooms } = request;
  const room = {
    sandbox: await request.sandbox,
    workspace: await request.workspace,
    ...(rooms === undefined ? {} : { rooms }),
  };
  const judging = { task, testsBefore: findings.testsBefore, ...room, recorder, meter };
  const { verdict, evidence } = await judgeSubmission(judging, findings.evidence, signal);
  findings.evidence = evidence;
  return verdict;
}

/** An accepted submission is handed over as it was tested; any other end takes what is there. */
async function collectWork({
  request,
  findings,
  end,
}: {
  readonly request: SolveRequest;
  readonly findings: Findings;
  readonly end: LoopEnd;
}): Promise<{ readonly patch: PatchManifest | undefined; readonly lost: string | undefined }> {
  if (end.kind === 'submitted') return { patch: findings.evidence.patch, lost: undefined };
  if (!findings.marked) return { patch: undefined, lost: undefined };
  const { clock, task } = request;
  try {
    const workspace = await request.workspace;
    const collecting = await timed({ request, findings }, 'collect', () =>
      withDeadline({ clock, ms: collectTimeoutMs, signal: new AbortController().signal }, (stop) =>
        workspace.collectPatch(task.runId, stop),
      ),
    );
    if (collecting.kind === 'late') return { patch: undefined, lost: 'reading the changed files took too long' };
    return { patch: collecting.value, lost: undefined };
  } catch (error) {
    return { patch: undefined, lost: describeError(error) };
  }
}

function recordStart({ task, model, recorder, version }: SolveRequest): void {
  recorder.record({
    type: 'run.started',
    schema: trajectorySchema,
    runId: task.runId,
    repository: fullName(task.repository),
    issue: task.issue.number,
    title: task.issue.title,
    baseSha: task.base.sha,
    model: model.name,
    budget: task.budget,
    version,
  });
}

function recordSandbox({ sandbox, passedOver, recorder }: SolveRequest): void {
  const record = ({ rung, description }: Sandbox, stronger?: readonly PassedOverRung[]): void => {
    const canary = rung === 'none' ? 'none' : 'contained';
    recorder.record({ type: 'sandbox.ready', rung, description, canary, ...weakerThan(stronger) });
  };
  // Whoever needs the sandbox learns why there is none; here there is then nothing to record.
  if (sandbox instanceof Promise || passedOver instanceof Promise) {
    Promise.all([sandbox, passedOver]).then(
      ([opened, stronger]) => record(opened, stronger),
      () => undefined,
    );
  } else record(sandbox, passedOver);
}

function weakerThan(stronger: readonly PassedOverRung[] = []): Pick<RunResult['sandbox'], 'passedOver'> {
  return stronger.length === 0 ? {} : { passedOver: boundPassedOver(stronger) };
}

function recordEnd(recorder: TrajectoryRecorder, result: RunResult): void {
  const { outcome, reason, overLimit, spend, modelCalls, patch } = result;
  recorder.record({
    type: 'run.finished',
    outcome,
    reason,
    ...(overLimit === undefined ? {} : { overLimit }),
    spend,
    modelCalls,
    ...(patch === undefined ? {} : { patch: { files: patch.files.length, treeSha: patch.treeSha } }),
  });
}

/** The agent's time is what is left of it without the tests of its submissions. */
function splitDurations(durations: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  const { agent, verify = 0 } = durations;
  return agent === undefined ? durations : { ...durations, agent: agent - verify };
}

/** Adds the time of a phase to the result's table, also when it ends in a fault. */
async function timed<T>(
  { request, findings }: Pick<Run, 'request' | 'findings'>,
  phase: 'baseline' | 'agent' | 'verify' | 'collect',
  work: () => Promise<T>,
): Promise<T> {
  const started = request.clock.monotonic();
  try {
    return await work();
  } finally {
    const ms = Math.round(request.clock.monotonic() - started);
    findings.durations[phase] = (findings.durations[phase] ?? 0) + ms;
  }
}
