/**
 * The only reader of the environment. Everything else gets typed values from here, and secrets one at a time. Kept free
 * of libraries: an action's first request to a model waits for this file.
 */

import type { AwsCredentials } from '../adapters/aws/aws-access.ts';
import type { AgentWishes } from '../domain/agent-identity.ts';
import { isPlace, secretVariables } from '../domain/secret-names.ts';
import type { SettingsLayer } from '../domain/settings.ts';
import { type ActionEnvironment, parseActionEnvironment } from './action-environment.ts';
import {
  type ActionInputs,
  type InputSpec,
  inputVariable,
  parseActionInputs,
  readInputSettings,
} from './action-inputs.ts';
import { parseAgentVariables } from './agent-variables.ts';
import { type AwsPlace, parseAwsCredentials, parseAwsPlace } from './aws/aws-environment.ts';
import type { FunctionName } from './aws/aws-names.ts';
import { parseAwsSettings, type SettingsOf } from './aws/aws-settings.ts';
import {
  type CliEnvironment,
  parseCliEnvironment,
  parseTerminalHabits,
  type TerminalHabits,
} from './cli-environment.ts';
import { rememberedSecrets, rememberSecret } from './known-secrets.ts';

/** What the command line takes from its environment. Throws one E101 that names every problem. */
export function readEnvironment(): CliEnvironment {
  return parseCliEnvironment(process.env);
}

/** How the agents of this process are called and what they are, as far as ENTROPY_AGENT_… says. Throws one E101. */
export function readAgentWishes(): AgentWishes {
  return parseAgentVariables(process.env);
}

/** Colours and debugging; never throws, for it is needed to print errors. */
export function readTerminalHabits(): TerminalHabits {
  return parseTerminalHabits(process.env);
}

/** What a runner tells an action. Throws one E101 that names everything that is missing. */
export function readActionEnvironment(): ActionEnvironment {
  return parseActionEnvironment(process.env);
}

/** A file that the runner reads after the step; undefined when it gave none. */
export function readCommandFile(
  variable: 'GITHUB_OUTPUT' | 'GITHUB_STATE' | 'GITHUB_STEP_SUMMARY',
): string | undefined {
  const path = process.env[variable];
  return path === '' ? undefined : path;
}

/** The inputs of an action by their names, read as the spec says. Throws one E101 that names every bad input. */
export function readActionInputs<Spec extends InputSpec>(spec: Spec): ActionInputs<Spec> {
  return parseActionInputs(process.env, spec);
}

/** The settings that were given as inputs (`max-turns`, `model` …): one layer for `mergeSettings`. */
export function readActionSettings(): SettingsLayer {
  return readInputSettings(process.env);
}

/** For a command that a person runs through us: all of our own environment but these variables. */
export function environmentWithout(variables: readonly string[]): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !variables.includes(name)));
}

/**
 * The value of a secret variable, which is removed from the environment in the same step, so that no child process
 * inherits it. The kernel's own copy (`/proc/self/environ`) stays as it was at the start: who must not read the secret
 * must not share this process's user outside a sandbox.
 */
export function takeSecret(variable: string): string | undefined {
  return takeNamed(variable, variable);
}

/** The same for an action's input. */
export function takeSecretInput(input: string): string | undefined {
  return takeNamed(inputVariable(input), input);
}

function takeNamed(variable: string, name: string): string | undefined {
  const value = process.env[variable];
  delete process.env[variable];
  const trimmed = value?.trim();
  if (trimmed === undefined || trimmed === '') return undefined;
  // The host of `ACTIONS_ID_TOKEN_REQUEST_URL` stands in many a text that gives nothing away.
  if (!isPlace(trimmed)) rememberSecret(name, trimmed);
  return trimmed;
}

/** The secrets that this process knows now, by name: those it took, and those that stand in its environment. */
export function knownSecrets(): Readonly<Record<string, string>> {
  return { ...secretVariables(process.env), ...rememberedSecrets() };
}

/** What the stack tells a function of AWS. Throws one E101 that names every problem. */
export function readAwsSettings<F extends FunctionName>(name: F): SettingsOf<F> {
  return parseAwsSettings(process.env, name);
}

/** AWS's region and the addresses of its services, under the names that all of AWS's tools read. */
export function readAwsPlace(): AwsPlace {
  return parseAwsPlace(process.env);
}

/** The role's credentials inside a function; read anew for each request. */
export function readAwsCredentials(): AwsCredentials | undefined {
  return parseAwsCredentials(process.env);
}
