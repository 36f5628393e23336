import type { AutomaticChoice } from './automatic.ts';
import { type BudgetLimits, defaultBudget } from './budget.ts';
import type { MetadataStrategy } from './conflicts/metadata.ts';
import type { MergePolicy } from './merge-policy.ts';
import { defaultModelName } from './model-choice.ts';
import { registriesWord } from './network-choice.ts';
import { defaultPatchPolicy, type PatchPolicy } from './patch-policy.ts';
import type { PriceTable } from './price.ts';
import type { RequirableRung } from './sandbox-rung.ts';
import type { ChoosableStage } from './stages/stage.ts';
import { defaultRounds } from './stages/team-record.ts';
import type { ToolName, ToolPolicy } from './tool-names.ts';
import type { WhoMay } from './who-may.ts';

/**
 * Everything a repository or a person can choose about a run, flat, so that each value can tell where it came from.
 * Names in files, inputs and variables are in `settingNames`.
 */
export interface Settings {
  /** Branch that the work starts from and the pull request goes to; absent: the repository's default branch. */
  readonly base: string | undefined;
  readonly setup: string | undefined;
  readonly test: string | undefined;
  /** A name such as `claude-opus-4-8`, `scripted:FILE` or `replay:FILE`. */
  readonly model: string;
  /** Extra instructions of the maintainer, added to those of the repository. */
  readonly prompt: string | undefined;
  /** Prices of models that the built-in table does not know, or knows wrongly. */
  readonly prices: PriceTable;
  readonly maxTurns: number;
  readonly maxTokens: number;
  readonly maxCostMicroUsd: number;
  readonly maxMinutes: number;
  /** Over all its runs together, whatever started them. */
  readonly maxIssueCostMicroUsd: number;
  /** Of all runs in the repository on one day (UTC). */
  readonly maxDayCostMicroUsd: number;
  /** Runs at work in the repository at the same time. */
  readonly maxConcurrentRuns: number;
  readonly maxFiles: number;
  readonly maxPatchBytes: number;
  readonly allowedPaths: readonly string[];
  readonly protectedPaths: readonly string[];
  readonly unprotectedPaths: readonly string[];
  /** Globs: a patch that touches them is held until somebody approves it. */
  readonly reviewPaths: readonly string[];
  readonly draft: boolean;
  readonly merge: MergePolicy;
  readonly branchPrefix: string;
  readonly labelTrigger: string;
  /** Login of a machine account; assigning an issue to it asks for a fix. Apps cannot be assigned. */
  readonly assigneeTrigger: string | undefined;
  readonly triggerPhrase: string;
  /** Logins that may start agents besides people with write access. */
  readonly allowUsers: readonly string[];
  /** Apps and bots (`renovate[bot]`) that may start agents; none by default. */
  readonly allowedBots: readonly string[];
  /** Who may give which command, where that is not left to the rule of all. */
  readonly who: WhoMay;
  /** Repositories (`octo/app`) that an issue here may have changed together with this one. */
  readonly changeSets: readonly string[];
  /** When not empty, only these roles are worked in. */
  readonly allowedRoles: readonly string[];
  /** The model of a role, over what its own file says. */
  readonly roleModels: Readonly<Record<string, string>>;
  /** What `fix` walks through, in this order; empty: it changes code, and that is all. */
  readonly teamStages: readonly ChoosableStage[];
  /** How often tester and reviewer send the coder back until a person is asked. */
  readonly teamRounds: number;
  /** Pull requests that are opened, made ready or pushed to are reviewed. */
  readonly automaticReview: AutomaticChoice;
  /** Issues that are opened are triaged. */
  readonly automaticTriage: AutomaticChoice;
  /** Whose word counts on labels, title, milestone and state of an issue that is triaged. */
  readonly triageEdits: MetadataStrategy;
  /** Globs over labels that a triage may set; the shipped ones when empty. */
  readonly triageLabels: readonly string[];
  /** Words of people who may, on an agent's own pull request, send its coder again. */
  readonly automaticRemarks: boolean;
  /** Checks that fail on an agent's own branch send its coder again, `teamRounds` times. */
  readonly automaticChecks: boolean;
  /** A base that went on and conflicts with an agent's own pull request sends its coder again, `teamRounds` times. */
  readonly automaticBase: boolean;
  /** Globs over names of models; when not empty, no other model is asked. */
  readonly allowedModels: readonly string[];
  /** When not empty, only these tools (and those that end the work). */
  readonly allowedTools: readonly ToolName[];
  readonly deniedTools: readonly ToolName[];
  /** The weakest sandbox that will do; absent: the best one that the machine has. */
  readonly requiredSandbox: RequirableRung | undefined;
  /** Plain variables for the commands in the sandbox. Never secrets: the agent can read them. */
  readonly sandboxEnv: Readonly<Record<string, string>>;
  /** Hosts that the set-up command reaches, and words for some of them; see `network-choice.ts`. */
  readonly setupNetwork: readonly string[];
  /** The same for the agent's commands and the tests; never the machine's own network. */
  readonly agentNetwork: readonly string[];
  /** Ports of the machine that commands reach as `127.0.0.1:<port>`: databases and other service containers. */
  readonly services: readonly number[];
}

export type SettingKey = keyof Settings;

export const defaultSettings: Settings = {
  base: undefined,
  setup: undefined,
  test: undefined,
  model: defaultModelName,
  prompt: undefined,
  prices: {},
  ...defaultBudget,
  maxIssueCostMicroUsd: 10_000_000,
  maxDayCostMicroUsd: 50_000_000,
  maxConcurrentRuns: 5,
  maxFiles: defaultPatchPolicy.maxFiles,
  maxPatchBytes: defaultPatchPolicy.maxBytes,
  allowedPaths: defaultPatchPolicy.allowedPaths,
  protectedPaths: defaultPatchPolicy.protectedPaths,
  unprotectedPaths: defaultPatchPolicy.unprotectedPaths,
  reviewPaths: [],
  draft: true,
  merge: 'never',
  branchPrefix: 'agent/',
  labelTrigger: 'agent',
  assigneeTrigger: undefined,
  triggerPhrase: '/agent',
  allowUsers: [],
  allowedBots: [],
  who: {},
  changeSets: [],
  allowedRoles: [],
  roleModels: {},
  teamStages: [],
  teamRounds: defaultRounds,
  automaticReview: 'never',
  automaticTriage: 'never',
  triageEdits: 'ask',
  triageLabels: [],
  automaticRemarks: true,
  automaticChecks: true,
  automaticBase: true,
  allowedModels: [],
  allowedTools: [],
  deniedTools: [],
  requiredSandbox: undefined,
  sandboxEnv: {},
  setupNetwork: [registriesWord],
  agentNetwork: [],
  services: [],
};

/** The name of each setting in `.github/entropy.yml`, nested keys with a dot. Action inputs use the last part. */
export const settingNames: Readonly<Record<SettingKey, string>> = {
  base: 'base',
  setup: 'setup',
  test: 'test',
  model: 'model',
  prompt: 'prompt',
  prices: 'prices',
  maxTurns: 'limits.max-turns',
  maxTokens: 'limits.max-tokens',
  maxCostMicroUsd: 'limits.max-cost-usd',
  maxMinutes: 'limits.max-minutes',
  maxIssueCostMicroUsd: 'budgets.max-issue-usd',
  maxDayCostMicroUsd: 'budgets.max-day-usd',
  maxConcurrentRuns: 'budgets.max-concurrent-runs',
  maxFiles: 'limits.max-files',
  maxPatchBytes: 'limits.max-patch-size',
  allowedPaths: 'paths.allowed',
  protectedPaths: 'paths.protected',
  unprotectedPaths: 'paths.unprotected',
  reviewPaths: 'paths.review-required',
  draft: 'draft',
  merge: 'merge',
  branchPrefix: 'branch-prefix',
  labelTrigger: 'label-trigger',
  assigneeTrigger: 'assignee-trigger',
  triggerPhrase: 'trigger-phrase',
  allowUsers: 'allow-users',
  allowedBots: 'allowed-bots',
  who: 'who',
  changeSets: 'change-sets',
  allowedRoles: 'roles.allowed',
  roleModels: 'roles.models',
  teamStages: 'team.stages',
  teamRounds: 'team.rounds',
  automaticReview: 'automatic.review',
  automaticTriage: 'automatic.triage',
  triageEdits: 'triage.edits',
  triageLabels: 'triage.labels',
  automaticRemarks: 'automatic.remarks',
  automaticChecks: 'automatic.checks',
  automaticBase: 'automatic.base',
  allowedModels: 'models.allowed',
  allowedTools: 'tools.allowed',
  deniedTools: 'tools.denied',
  requiredSandbox: 'sandbox.required',
  sandboxEnv: 'sandbox.env',
  setupNetwork: 'network.setup',
  agentNetwork: 'network.agent',
  services: 'network.services',
};

export const settingKeys = Object.keys(settingNames) as readonly SettingKey[];

/** One source of settings, weakest first when merged. An undefined value means "not said here". */
export interface SettingsLayer {
  /** `default`, `.github/entropy.yml`, `environment`, `flag`. */
  readonly source: string;
  readonly values: Partial<Settings>;
  /** A closer name for one value (`ENTROPY_MODEL`, `--model`) when the layer has one. */
  readonly origin?: Partial<Readonly<Record<SettingKey, string>>>;
}

export interface MergedSettings {
  readonly values: Settings;
  readonly sources: Readonly<Record<SettingKey, string>>;
}

/** Later layers win, value by value; lists replace, they do not add up, so that a reader sees one place. */
export function mergeSettings(layers: readonly SettingsLayer[]): MergedSettings {
  const values = { ...defaultSettings };
  const sources = { ...everyKeyFrom('default') };
  for (const layer of layers) {
    for (const key of settingKeys) {
      if (!lay(values, key, layer.values)) continue;
      sources[key] = layer.origin?.[key] ?? layer.source;
    }
  }
  return { values, sources };
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

function lay<Key extends SettingKey>(onto: Mutable<Settings>, key: Key, from: Partial<Settings>): boolean {
  const value: Settings[Key] | undefined = from[key];
  if (value === undefined) return false;
  onto[key] = value;
  return true;
}

function everyKeyFrom(source: string): Record<SettingKey, string> {
  const sources: Partial<Record<SettingKey, string>> = {};
  for (const key of settingKeys) sources[key] = source;
  return sources as Record<SettingKey, string>;
}

export function budgetOf(settings: Settings): BudgetLimits {
  const { maxTurns, maxTokens, maxCostMicroUsd, maxMinutes } = settings;
  return { maxTurns, maxTokens, maxCostMicroUsd, maxMinutes };
}

export function patchPolicyOf(settings: Settings): PatchPolicy {
  const { maxFiles, maxPatchBytes, allowedPaths, protectedPaths, unprotectedPaths, reviewPaths } = settings;
  return { maxFiles, maxBytes: maxPatchBytes, allowedPaths, protectedPaths, unprotectedPaths, reviewPaths };
}

/** Undefined when nothing is left out, so that a task says only what it restricts. */
export function toolPolicyOf({ allowedTools, deniedTools }: Settings): ToolPolicy | undefined {
  return allowedTools.length + deniedTools.length === 0 ? undefined : { allowedTools, deniedTools };
}
