import type { Deployment, StepName } from '../../domain/deployment.ts';
import { EntropyError } from '../../domain/error.ts';
import type { AppOwner } from '../../domain/github-app.ts';
import { type StackOutput, stackOutputs } from '../aws/stack-outputs.ts';
import type { DeployWorld } from './deploy-world.ts';

/** What a person chose; everything else is found out. */
export interface DeployOptions {
  readonly stack: string;
  /** Who the App will belong to; needed where none is known yet. */
  readonly owner?: AppOwner;
  /** Of a new App; made from the owner's when absent. */
  readonly appName?: string;
  /** An App that was made by hand. */
  readonly appId?: number;
  readonly privateKeyFile?: string;
  readonly githubServerUrl: string;
  /** Settings of the stack that were named; those in the file stay. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Bootstraps account and region when that is missing. */
  readonly bootstrap: boolean;
  readonly newAdminKey: boolean;
}

export interface StepContext {
  readonly world: DeployWorld;
  readonly options: DeployOptions;
  /** Undefined until the account is known. */
  readonly deployment: Deployment | undefined;
  /** One line on what is going on or worth a look. */
  readonly note: (line: string) => void;
  /** The first key of the coordinator. Called once, before the key counts. */
  readonly tellAdminKey: (key: string) => Promise<void>;
}

export type StepState =
  | { readonly kind: 'done'; readonly detail: string; readonly deployment?: Deployment }
  /** `change`: what doing it would change. */
  | { readonly kind: 'todo'; readonly change: string };

export interface StepDone {
  readonly detail: string;
  readonly deployment: Deployment;
}

/**
 * One step of a deployment. Looks at the world as it is, so a step that was interrupted is taken up where it stands, and one that
 * is done is not done twice. Both throw what a person has to mend first.
 */
export interface DeployStep {
  readonly name: StepName;
  readonly title: string;
  look(context: StepContext): Promise<StepState>;
  act(context: StepContext): Promise<StepDone>;
}

/** For steps behind the one that finds out about the account. */
export function known(deployment: Deployment | undefined): Deployment {
  if (deployment !== undefined) return deployment;
  throw new Error('a step came before the account was known');
}

export type Outputs = Readonly<Record<StackOutput, string>>;

/** What the deployed stack tells; undefined: it is not there yet. E760 when it is one of another make. */
export async function outputsOf({ world, options }: StepContext): Promise<Outputs | undefined> {
  const stack = await world.stacks.find(options.stack, world.signal);
  if (stack === undefined || Object.keys(stack.outputs).length === 0) return undefined;
  const missing = Object.values(stackOutputs).filter((name) => (stack.outputs[name] ?? '') === '');
  if (missing.length > 0) {
    throw new EntropyError({
      code: 'E760',
      message: `the stack ${options.stack} tells nothing of ${missing.join(', ')}`,
      fix: 'is it ours? Name another one with --stack, or bring it up to date: entropy-playground deploy',
    });
  }
  const entries = Object.entries(stackOutputs).map(([key, name]) => [key, stack.outputs[name]]);
  return Object.fromEntries(entries) as Outputs;
}

/** The same where the stack must be there: every step behind `stack`. */
export async function deployedOutputs(context: StepContext): Promise<Outputs> {
  const outputs = await outputsOf(context);
  if (outputs !== undefined) return outputs;
  throw new EntropyError({
    code: 'E760',
    message: `there is no stack ${context.options.stack} in ${context.world.region ?? 'this region'}`,
    fix: 'entropy-playground deploy',
  });
}
