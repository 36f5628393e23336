import { existsSync } from 'node:fs';
import path from 'node:path';
import type { ActionManifest, NodeRuns } from '../definition/action-manifest.ts';
import type { Deferred } from '../definition/workflow-definition.ts';
import type { Conclusion } from '../run-report.ts';
import { actionInputs, inputVariables } from './action-inputs.ts';
import type { StepExecution } from './job-run.ts';
import { runStepProcess } from './run-step-process.ts';
import { stepScope } from './step-scope.ts';

export interface NodeActionUse {
  readonly manifest: ActionManifest;
  readonly runs: NodeRuns;
  readonly uses: string;
  readonly inputs: Deferred | undefined;
}

export type ActionStage = 'pre' | 'main' | 'post';

/** Starts one of an action's programs with this very Node, in the workspace, inputs and saved state in its environment. */
export async function runNodeAction(use: NodeActionUse, stage: ActionStage, step: StepExecution): Promise<Conclusion> {
  const { job } = step.frame;
  const program = path.join(use.manifest.folder, use.runs[stage] ?? '');
  if (!existsSync(program)) {
    step.channel.annotate('error', `File not found: '${program}'`);
    return 'failure';
  }
  const scope = stepScope({ frame: step.frame, env: step.env, action: step.action });
  const inputs = actionInputs({ given: use.inputs, definitions: use.manifest.inputs, scope, channel: step.channel });
  announce(use, inputs, step);
  const state = Object.entries(step.state).map(([name, value]) => [`STATE_${name}`, value]);
  return runStepProcess(
    {
      file: process.execPath,
      args: [program],
      cwd: job.folders.workspace,
      env: { ...inputVariables(inputs), ...Object.fromEntries(state) },
      github: actionOrigin(use.uses),
      exitCode: 'silent',
    },
    step,
  );
}

/** Only an action of another repository has a repository and a ref. */
function actionOrigin(uses: string): Readonly<Record<string, string>> {
  const [name = '', ref = ''] = uses.split('@');
  if (uses.startsWith('.') || ref === '') return {};
  return { action_repository: name.split('/').slice(0, 2).join('/'), action_ref: ref };
}

function announce(use: NodeActionUse, inputs: Readonly<Record<string, string>>, step: StepExecution): void {
  const given = Object.entries(inputs).filter(([, value]) => value !== '');
  const lines = given.map(([name, value]) => `  ${name}: ${value}`);
  step.channel.log.write(
    [`##[group]Run ${use.uses}`, ...(lines.length === 0 ? [] : ['with:', ...lines]), '##[endgroup]'].join('\n'),
  );
}
