import type { ActionManifest, CompositeRuns } from '../definition/action-manifest.ts';
import type { Deferred, StepDefinition } from '../definition/workflow-definition.ts';
import { evaluateText } from '../expression/evaluate.ts';
import type { Status } from '../expression/status-functions.ts';
import type { Conclusion } from '../run-report.ts';
import { actionInputs } from './action-inputs.ts';
import type { StepEnd, StepExecution, StepFrame, StepState } from './job-run.ts';
import { stepScope } from './step-scope.ts';

export interface CompositeUse {
  readonly manifest: ActionManifest;
  readonly runs: CompositeRuns;
  readonly uses: string;
  readonly inputs: Deferred | undefined;
  /** Runs one of its steps; given from outside because steps and composite actions contain each other. */
  readonly runStep: (step: StepDefinition, frame: StepFrame, around: StepExecution) => Promise<StepEnd>;
}

/** A composite action: its steps see their own `inputs` and `steps`, not the secrets or needs of the job. */
export async function runCompositeAction(use: CompositeUse, step: StepExecution): Promise<Conclusion> {
  const scope = stepScope({ frame: step.frame, env: step.env, action: step.action });
  const inputs = actionInputs({ given: use.inputs, definitions: use.manifest.inputs, scope, channel: step.channel });
  let status: Status = 'success';
  const { strategy = null, matrix = null } = step.frame.contexts;
  const steps: Record<string, StepState> = {};
  const frame: StepFrame = {
    job: step.frame.job,
    kind: 'composite',
    contexts: { inputs, strategy, matrix },
    steps,
    overrides: step.overrides,
    actionPath: use.manifest.folder,
    status: () => status,
  };
  step.channel.log.write(`##[group]Run ${use.uses}\n##[endgroup]`);
  for (const nested of use.runs.steps) {
    if (step.signal.aborted) {
      status = 'cancelled';
      break;
    }
    const { conclusion } = await use.runStep(nested, frame, step);
    if (conclusion === 'cancelled') status = 'cancelled';
    else if (conclusion === 'failure' && status === 'success') status = 'failure';
  }
  const outputScope = stepScope({ frame, env: step.env, action: step.action });
  for (const [name, value] of use.runs.outputs) step.outputs[name] = evaluateText(value, outputScope) ?? '';
  return status;
}
