import { describeError } from '../../../domain/error.ts';
import type { RunDefaults, StepDefinition } from '../definition/workflow-definition.ts';
import { evaluateCondition, evaluateTexts } from '../expression/evaluate.ts';
import type { Conclusion, StepReport } from '../run-report.ts';
import type { PostStep, StepEnd, StepFrame } from './job-run.ts';
import { openStep } from './open-step.ts';
import { runNodeAction } from './run-node-action.ts';
import { runStep } from './run-step.ts';
import { stepName } from './step-name.ts';
import { frameEnv, stepScope } from './step-scope.ts';
import { stepSignal } from './step-signal.ts';

export interface StepsRequest {
  readonly steps: readonly StepDefinition[];
  readonly frame: StepFrame;
  readonly defaults: RunDefaults;
  /** Filled as steps end. */
  readonly reports: StepReport[];
}

/** All steps of a job in order: `pre` of its actions, the steps themselves, then `post` from the last to the first. */
export async function runSteps(request: StepsRequest): Promise<void> {
  const { job } = request.frame;
  const states = new Map<StepDefinition, Record<string, string>>();
  for (const step of request.steps) await runPre(step, request, states);
  for (const step of request.steps) if (!job.killSignal.aborted) await runMain(step, request, states.get(step));
  for (let post = job.posts.pop(); post !== undefined && !job.killSignal.aborted; post = job.posts.pop()) {
    await runExtra(post, request);
  }
}

async function runMain(
  step: StepDefinition,
  request: StepsRequest,
  state: Record<string, string> | undefined,
): Promise<void> {
  const { frame, defaults, reports } = request;
  const displayName = stepName(step, stepScope({ frame, env: frameEnv(frame), action: step.id }));
  const open = openStep(frame.job, displayName, reports);
  const end = await runStep({
    step,
    frame,
    channel: open.channel,
    defaults,
    displayName,
    outerSignal: frame.job.killSignal,
    onStart: open.start,
    ...(state === undefined ? {} : { state }),
  });
  open.finish(end);
  mergeStatus(end.conclusion, frame);
}

/** `pre` of an action of another repository, before any step; those of this repository are not there yet. */
async function runPre(
  step: StepDefinition,
  request: StepsRequest,
  states: Map<StepDefinition, Record<string, string>>,
): Promise<void> {
  if (step.work.kind !== 'uses') return;
  const { frame } = request;
  const manifest = frame.job.services.actions.get(step.work.uses);
  if (manifest?.runs.kind !== 'node' || manifest.runs.pre === undefined) return;
  const { runs } = manifest;
  const use = { manifest, runs, uses: step.work.uses, inputs: step.work.inputs };
  const state: Record<string, string> = {};
  states.set(step, state);
  const name = `Pre ${stepName(step, stepScope({ frame, env: frameEnv(frame), action: step.id }))}`;
  const run: PostStep['run'] = (pre) => runNodeAction(use, 'pre', pre);
  await runExtra({ name, condition: runs.preIf, frame, action: step.id, env: step.env, state, run }, request);
}

/** A `pre` or `post` step: its conditions look at the job, wherever the action stands. */
async function runExtra(extra: PostStep, request: StepsRequest): Promise<void> {
  const open = openStep(request.frame.job, extra.name, request.reports);
  const end = await runCondition(extra, open);
  open.finish(end);
  mergeStatus(end.conclusion, request.frame);
}

async function runCondition(extra: PostStep, open: ReturnType<typeof openStep>): Promise<StepEnd> {
  const { frame } = extra;
  const { job } = frame;
  const env = frameEnv(frame);
  const outputs: Record<string, string> = {};
  const wants = (): boolean => {
    const scope = stepScope({ frame, env, action: extra.action, status: () => job.status });
    return evaluateCondition(extra.condition, scope);
  };
  const signal = stepSignal({ job, outer: job.killSignal, minutes: undefined, wantsToGoOn: wants });
  try {
    const own = evaluateTexts(extra.env, stepScope({ frame, env, action: extra.action }));
    Object.assign(env, own);
    if (!wants()) return { outcome: 'skipped', conclusion: 'skipped', outputs };
    open.start();
    const outcome = await extra.run({
      frame,
      channel: open.channel,
      action: extra.action,
      overrides: { ...frame.overrides, ...own },
      env,
      outputs,
      state: extra.state,
      signal: signal.signal,
      failed: false,
      echo: false,
      stopToken: undefined,
    });
    return { outcome, conclusion: outcome, outputs };
  } catch (error) {
    open.channel.annotate('error', describeError(error));
    return { outcome: 'failure', conclusion: 'failure', outputs };
  } finally {
    signal.release();
  }
}

/** A cancelled job stays cancelled, whatever its last steps come to. */
function mergeStatus(conclusion: Conclusion, frame: StepFrame): void {
  if (conclusion === 'failure' && frame.job.status === 'success') frame.job.status = 'failure';
}
