import { withDeadline } from '../agent/deadline.ts';
import { runLoop } from '../agent/loop.ts';
import type { LoopEnd } from '../agent/loop-end.ts';
import { compactMemory } from '../agent/memory.ts';
import { startMeter } from '../agent/meter.ts';
import { systemPrompt } from '../agent/prompts/system.ts';
import { taskMessage } from '../agent/prompts/task-message.ts';
import { rememberingRecorder } from '../agent/remembering-recorder.ts';
import { toolsFor } from '../agent/toolbox.ts';
import { describeError, EntropyError } from '../domain/error.ts';
import type { PatchManifest } from '../domain/patch.ts';
import { couldNotRun } from '../domain/reports/verification-verdict.ts';
import { handsOverFiles } from '../domain/roles/work-kind.ts';
import type { RunResult } from '../domain/run-result.ts';
import { describeRoom } from '../domain/sandbox-network.ts';
import { runsCommands } from '../domain/sandbox-rung.ts';
import { mergeIn } from '../domain/task.ts';
import type { TestRun } from '../domain/test-run.ts';
import { describeEnd } from './describe-end.ts';
import { noEvidence } from './judge-submission.ts';
import { layUnfinished } from './lay-unfinished.ts';
import { markSetUp } from './mark-set-up.ts';
import { restoreInstructions } from './restore-instructions.ts';
import { runTests } from './run-tests.ts';
import { judge } from './solve-judge.ts';
import { recordEnd, recordSandbox, recordStart, weakerThan } from './solve-record.ts';
import { type EndedRun, type Run, type SolveRequest, timed } from './solve-request.ts';

/** Collecting must work after a cancel too, so it has a deadline of its own. */
const collectTimeoutMs = 60_000;

/**
 * Works on one task from the first look at the tests to what is handed over: a patch that passed them, or a report. Whatever
 * happens, it ends with a result that says so, and with the work in progress.
 */
export async function solveTask(asked: SolveRequest, signal: AbortSignal): Promise<RunResult> {
  const { task, model } = asked;
  const recorder = rememberingRecorder(asked.recorder);
  const request = { ...asked, recorder };
  const meter = startMeter(task.budget, request.clock);
  const found = { testsBefore: undefined, change: undefined, evidence: noEvidence, marked: false, durations: {} };
  const run: Run = { request, meter, findings: found };

  recordStart(request);
  recordSandbox(request);
  const end = await reachEnd(run, signal);
  const { patch, lost } = await collectWork({ run, end });
  const { findings } = run;
  const { testsAfter, proof, verification } = findings.evidence;
  const sandbox = await request.sandbox;
  const { outcome, reason } = describeEnd({
    end,
    work: task.work,
    patch,
    testsAfter,
    proof,
    verification,
    rung: sandbox.rung,
    limits: task.budget,
    lost,
  });
  const handedIn = {
    ...(end.kind === 'submitted' ? { submission: end.submission } : {}),
    ...(end.kind === 'reported' ? { report: end.report } : {}),
  };

  const result: RunResult = {
    schema: 1,
    runId: task.runId,
    outcome,
    reason,
    ...handedIn,
    ...(end.kind === 'reported' && verification !== undefined ? { evidence: verification } : {}),
    memory: compactMemory({
      who: `${task.role.name}, ${task.work}`,
      ...recorder.remembered,
      changed: (patch ?? verification?.tests)?.files.map(({ path }) => path) ?? [],
      ...handedIn,
      reason,
    }),
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

/** The work itself. A fault ends it like everything else: with a reason, and with what was done until then. */
async function reachEnd(run: Run, signal: AbortSignal): Promise<LoopEnd> {
  const { request, meter, findings } = run;
  const { task } = request;
  const merges = mergeIn(task) !== undefined;
  const foreignHead = task.continues !== undefined || task.pull !== undefined;
  try {
    // The merge is made when the workspace is opened: nothing of it may be read, tested or taken away before.
    if (merges) await request.workspace;
    if (foreignHead) await restoreInstructions(task, await request.sandbox, signal);
    await timed(run, 'collect', () => markSetUp(request, signal));
    findings.change = await request.readChange?.(signal);
    findings.testsBefore = await timed(run, 'baseline', () => testBaseline(run, signal));
    const { testsBefore } = findings;
    const unrunnable = testsBefore !== undefined && couldNotRun(testsBefore);
    if (unrunnable) throw cannotRun(testsBefore);
    // After the tests, so that what they leave behind is not taken for the agent's work; while the model thinks.
    const marking = handsOverFiles(task.work) ? markStart(run, signal) : Promise.resolve();
    const told = taskMessage(task, findings.testsBefore, findings.change);
    if (told.sanitised.length > 0) request.recorder.record({ type: 'text.sanitised', places: told.sanitised });
    const working = timed(run, 'agent', () =>
      runLoop(
        {
          ...request,
          meter,
          system: systemPrompt(task.work),
          task: told.text,
          tools: toolsFor(task),
          filesMayChange: marking,
          judge: (handOver) => timed(run, 'verify', () => judge(run, handOver, signal)),
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
  await layUnfinished(run.request.task, await run.request.sandbox, signal);
}

/** For a change alone: what a verification runs is measured at its end, and the others prove nothing by tests. */
async function testBaseline({ request, meter }: Run, signal: AbortSignal): Promise<TestRun | undefined> {
  const { task, recorder } = request;
  if (task.testCommand === undefined || task.work !== 'change') return undefined;
  // Files with marks of a conflict pass no test: what fails at the end would count as having failed before.
  if (mergeIn(task) !== undefined) return undefined;
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

/** An accepted submission is handed over as it was tested; any other end of a change takes what is there. */
async function collectWork({
  run,
  end,
}: EndedRun): Promise<{ readonly patch: PatchManifest | undefined; readonly lost: string | undefined }> {
  const { request, findings } = run;
  const { clock, task } = request;
  if (task.work !== 'change') return { patch: undefined, lost: undefined };
  if (end.kind === 'submitted') return { patch: findings.evidence.patch, lost: undefined };
  if (!findings.marked) return { patch: undefined, lost: undefined };
  try {
    const workspace = await request.workspace;
    const collecting = await timed(run, 'collect', () =>
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

/** The agent's time is what is left of it without the tests of its submissions. */
function splitDurations(durations: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  const { agent, verify = 0 } = durations;
  return agent === undefined ? durations : { ...durations, agent: agent - verify };
}
