import { currentRelease, type DeployedApp } from '../../domain/deployment.ts';
import { known, outputsOf, type StepContext } from './step.ts';
import { accountStep } from './steps/account.ts';
import { adopted } from './steps/app.ts';

export interface DeploymentStatus {
  readonly stack: string;
  readonly account: string;
  readonly region: string;
  /** Of the stack, in CloudFormation's words; null: there is none. */
  readonly status: string | null;
  readonly app: DeployedApp | null;
  readonly outputs: Readonly<Record<string, string>>;
  readonly releases: readonly { readonly id: string; readonly deployedAt: string; readonly current: boolean }[];
  /** A new webhook secret was begun and GitHub not told yet. */
  readonly rotating: boolean;
}

/** As AWS tells it, and of this machine only what nobody else knows. Changes nothing. */
export async function readStatus(given: StepContext): Promise<DeploymentStatus> {
  const context = await identified(given);
  const { world, options } = context;
  const deployment = known(context.deployment);
  const stack = await world.stacks.find(options.stack, world.signal);
  const kept = await world.files.keptReleases();
  const current = currentRelease(deployment)?.id;
  return {
    stack: options.stack,
    account: deployment.account,
    region: deployment.region,
    status: stack?.status ?? null,
    app: deployment.app ?? null,
    outputs: stack?.outputs ?? {},
    releases: deployment.releases
      .filter(({ id }) => kept.includes(id))
      .map(({ id, deployedAt = '' }) => ({ id, deployedAt, current: id === current })),
    rotating: deployment.rotation !== undefined,
  };
}

/**
 * The context with account and App known, for commands about a deployment that is there. On a machine that did not make it, both are
 * read back: the settings name the App, and its key in KMS signs in as it.
 */
export async function identified(context: StepContext): Promise<StepContext> {
  const state = await accountStep.look(context);
  const deployment = state.kind === 'done' ? (state.deployment ?? context.deployment) : context.deployment;
  const found = { ...context, deployment };
  if (deployment?.app !== undefined || (await outputsOf(found)) === undefined) return found;
  const settings = await context.world.files.readSettings();
  if (settings?.['githubAppId'] === undefined && context.options.appId === undefined) return found;
  const there = await adopted(found);
  return there === undefined ? found : { ...found, deployment: there.deployment };
}
