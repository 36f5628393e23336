import type { Deployment, StepName } from '../../domain/deployment.ts';
import type { DeployStep, StepContext, StepState } from './step.ts';
import { accountStep } from './steps/account.ts';
import { adminKeyStep } from './steps/admin-key.ts';
import { appStep } from './steps/app.ts';
import { appKeyStep } from './steps/app-key.ts';
import { bootstrapStep } from './steps/bootstrap.ts';
import { machineStep } from './steps/machine.ts';
import { registerStep } from './steps/register.ts';
import { settingsStep } from './steps/settings.ts';
import { stackStep } from './steps/stack.ts';
import { webhookSecretStep } from './steps/webhook-secret.ts';

/** From a bare account to a deployment that GitHub speaks with. */
export const deploySteps: readonly DeployStep[] = [
  machineStep,
  accountStep,
  bootstrapStep,
  appStep,
  settingsStep,
  stackStep,
  webhookSecretStep,
  appKeyStep,
  registerStep,
  adminKeyStep,
];

export interface StepReport {
  readonly step: StepName;
  readonly title: string;
  /** `planned`: it would be done, and was not, since this is a dry run. */
  readonly state: 'there' | 'done' | 'planned';
  readonly detail: string;
}

export type DeployMode = 'deploy' | 'dry-run';
export type DeployBasis = Omit<StepContext, 'deployment'>;

/**
 * One step after the other. What a step found out is written down before the next begins, so whatever ends this (a fault, Ctrl-C,
 * the power) costs at most the step that was at work, and the same command goes on.
 */
export async function* deploy(
  basis: DeployBasis,
  mode: DeployMode,
): AsyncGenerator<StepReport, Deployment | undefined> {
  const { world } = basis;
  let deployment = await world.files.load();
  for (const step of deploySteps) {
    world.signal.throwIfAborted();
    const { name, title } = step;
    const state: StepState = await step.look({ ...basis, deployment });
    if (state.kind === 'done') {
      deployment = state.deployment ?? deployment;
      yield { step: name, title, state: 'there', detail: state.detail };
    } else if (mode === 'dry-run') {
      yield { step: name, title, state: 'planned', detail: state.change };
    } else {
      world.signal.throwIfAborted();
      const done = await step.act({ ...basis, deployment });
      deployment = done.deployment;
      await world.files.save(deployment);
      yield { step: name, title, state: 'done', detail: done.detail };
    }
  }
  return deployment;
}
