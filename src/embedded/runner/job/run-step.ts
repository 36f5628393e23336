import { describeError } from '../../../domain/error.ts';
import type { RunDefaults, StepDefinition } from '../definition/workflow-definition.ts';
import { evaluateCondition, evaluateDeferred, evaluateTexts, type Scope } from '../expression/evaluate.ts';
import { isTruthy } from '../expression/expression-data.ts';
import type { Conclusion } from '../run-report.ts';
import type { StepChannel, StepEnd, StepExecution, StepFrame } from './job-run.ts';
import { runAction } from './run-action.ts';
import { runScript } from './run-script.ts';
import { frameEnv, stepScope } from './step-scope.ts';
import { stepSignal } from './step-signal.ts';

export interface StepRequest {
  readonly step: StepDefinition;
  readonly frame: StepFrame;
  readonly channel: StepChannel;
  /** `defaults.run`; composite actions have none. */
  readonly defaults: RunDefaults;
  readonly displayName: string;
  /** Ends this step with the one around it. */
  readonly outerSignal: AbortSignal;
  readonly onStart: () => void;
  /** What the action's `pre` saved. */
  readonly state?: Record<string, string>;
}

/** One step, from its condition to what the `steps` context says about it. Never throws for what the author did. */
export async function runStep(request: StepRequest): Promise<StepEnd> {
  const outputs: Record<string, string> = {};
  const end = await decideAndRun(request, outputs);
  request.frame.steps[request.step.id] = { ...end, outputs };
  return { ...end, outputs };
}

async function decideAndRun(request: StepRequest, outputs: Record<string, string>): Promise<Omit<StepEnd, 'outputs'>> {
  const { step, frame, channel } = request;
  const env = frameEnv(frame);
  const overrides: Record<string, string> = { ...frame.overrides };
  const scopeNow = (): Scope => stepScope({ frame, env, action: step.id });
  try {
    const own = evaluateTexts(step.env, scopeNow());
    Object.assign(env, own);
    Object.assign(overrides, own);
    if (!evaluateCondition(step.condition, scopeNow())) return { outcome: 'skipped', conclusion: 'skipped' };
  } catch (error) {
    request.onStart();
    channel.annotate('error', describeError(error));
    return { outcome: 'failure', conclusion: 'failure' };
  }
  request.onStart();
  const wantsToGoOn = (): boolean => evaluateCondition(step.condition, scopeNow());
  const outcome = await runTimed(request, { env, overrides, outputs, wantsToGoOn });
  return { outcome, conclusion: concludeStep(outcome, request, scopeNow()) };
}

interface StepRun {
  readonly overrides: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  readonly outputs: Record<string, string>;
  readonly wantsToGoOn: () => boolean;
}

async function runTimed(request: StepRequest, run: StepRun): Promise<Conclusion> {
  const { step, frame, channel } = request;
  const minutes = minutesOf(request, stepScope({ frame, env: run.env, action: step.id }));
  const signal = stepSignal({ job: frame.job, outer: request.outerSignal, minutes, wantsToGoOn: run.wantsToGoOn });
  const execution: StepExecution = {
    frame,
    channel,
    action: step.id,
    env: run.env,
    overrides: run.overrides,
    outputs: run.outputs,
    state: request.state ?? {},
    signal: signal.signal,
    failed: false,
    echo: false,
    stopToken: undefined,
  };
  try {
    const result = await runWork(request, execution);
    if (signal.reason() !== 'timed-out') return result;
    channel.annotate('error', `The action '${request.displayName}' has timed out after ${minutes} minutes.`);
    return 'failure';
  } catch (error) {
    channel.annotate('error', describeError(error));
    return signal.reason() === 'cancelled' ? 'cancelled' : 'failure';
  } finally {
    signal.release();
  }
}

function runWork(request: StepRequest, execution: StepExecution): Promise<Conclusion> {
  const { step, displayName } = request;
  if (step.work.kind === 'run') return runScript(step.work, request.defaults, execution);
  const use = { definition: step, work: step.work, displayName, runStep: runNested };
  return runAction(use, execution);
}

/** A step of a composite action: it logs into the step around it and ends with it. */
function runNested(step: StepDefinition, frame: StepFrame, around: StepExecution): Promise<StepEnd> {
  const displayName = step.work.kind === 'uses' ? step.work.uses : step.id;
  const outerSignal = around.signal;
  return runStep({ step, frame, channel: around.channel, defaults: {}, displayName, outerSignal, onStart: () => {} });
}

function minutesOf(request: StepRequest, scope: Scope): number | undefined {
  const value = evaluateDeferred(request.step.timeoutMinutes, scope);
  const minutes = typeof value === 'string' ? Number(value) : value;
  return typeof minutes === 'number' && minutes > 0 ? minutes : undefined;
}

function concludeStep(outcome: Conclusion, request: StepRequest, scope: Scope): Conclusion {
  if (outcome !== 'failure') return outcome;
  try {
    const goesOn = evaluateDeferred(request.step.continueOnError, scope);
    return isTruthy(goesOn) && goesOn !== 'false' ? 'success' : outcome;
  } catch (error) {
    request.channel.annotate('error', describeError(error));
    return outcome;
  }
}
