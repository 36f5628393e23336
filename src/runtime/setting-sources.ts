import { automaticChoices } from '../domain/automatic.ts';
import { metadataStrategies } from '../domain/conflicts/metadata.ts';
import { EntropyError } from '../domain/error.ts';
import { mergePolicies } from '../domain/merge-policy.ts';
import { requirableRungs } from '../domain/sandbox-rung.ts';
import { settingProblems } from '../domain/setting-rules.ts';
import { type SettingKey, type Settings, type SettingsLayer, settingKeys } from '../domain/settings.ts';
import { choosableStages } from '../domain/stages/stage.ts';
import { toolNames } from '../domain/tool-names.ts';
import {
  bytes,
  list,
  listOf,
  minutes,
  oneOf,
  ports,
  prices,
  roleNames,
  text,
  usd,
  type ValueReader,
  variables,
  whole,
  whoMay,
  yesNo,
} from './value-reader.ts';

interface SettingSource<Value> {
  /** Name of the action input; with `--` before it the option of the command line. */
  readonly input: string;
  /** Shorter option of the command line where people expect one. */
  readonly flag?: string;
  readonly read: ValueReader<Value>;
}

/** How each setting is called and read outside the file `.github/entropy.yml`. Variables are `ENTROPY_<INPUT>`. */
export const settingSources: { readonly [Key in SettingKey]: SettingSource<NonNullable<Settings[Key]>> } = {
  base: { input: 'base-branch', flag: 'base', read: text },
  setup: { input: 'setup', read: text },
  test: { input: 'test-command', flag: 'test', read: text },
  model: { input: 'model', read: text },
  prompt: { input: 'prompt', read: text },
  prices: { input: 'prices', read: prices },
  maxTurns: { input: 'max-turns', read: whole(1) },
  maxTokens: { input: 'max-tokens', read: whole(1) },
  maxCostMicroUsd: { input: 'max-cost-usd', read: usd },
  maxMinutes: { input: 'max-minutes', read: minutes },
  maxIssueCostMicroUsd: { input: 'max-issue-usd', read: usd },
  maxDayCostMicroUsd: { input: 'max-day-usd', read: usd },
  maxConcurrentRuns: { input: 'max-concurrent-runs', read: whole(1) },
  maxFiles: { input: 'max-files', read: whole(1) },
  maxPatchBytes: { input: 'max-patch-size', read: bytes },
  allowedPaths: { input: 'allowed-paths', read: list },
  protectedPaths: { input: 'protected-paths', read: list },
  unprotectedPaths: { input: 'unprotected-paths', read: list },
  reviewPaths: { input: 'review-paths', read: list },
  draft: { input: 'draft', read: yesNo },
  merge: { input: 'merge', read: oneOf(mergePolicies) },
  branchPrefix: { input: 'branch-prefix', read: text },
  labelTrigger: { input: 'label-trigger', read: text },
  assigneeTrigger: { input: 'assignee-trigger', read: text },
  triggerPhrase: { input: 'trigger-phrase', read: text },
  allowUsers: { input: 'allow-users', read: list },
  allowedBots: { input: 'allowed-bots', read: list },
  who: { input: 'who', read: whoMay },
  changeSets: { input: 'change-sets', read: list },
  allowedRoles: { input: 'allowed-roles', read: roleNames },
  roleModels: { input: 'role-models', read: variables },
  teamStages: { input: 'team-stages', read: listOf(choosableStages) },
  teamRounds: { input: 'team-rounds', read: whole(1) },
  automaticReview: { input: 'automatic-review', read: oneOf(automaticChoices) },
  automaticTriage: { input: 'automatic-triage', read: oneOf(automaticChoices) },
  triageLabels: { input: 'triage-labels', read: list },
  triageEdits: { input: 'triage-edits', read: oneOf(metadataStrategies) },
  automaticRemarks: { input: 'automatic-remarks', read: yesNo },
  automaticChecks: { input: 'automatic-checks', read: yesNo },
  automaticBase: { input: 'automatic-base', read: yesNo },
  allowedModels: { input: 'allowed-models', read: list },
  allowedTools: { input: 'allowed-tools', read: listOf(toolNames) },
  deniedTools: { input: 'denied-tools', read: listOf(toolNames) },
  requiredSandbox: { input: 'sandbox', read: oneOf(requirableRungs) },
  sandboxEnv: { input: 'sandbox-env', read: variables },
  setupNetwork: { input: 'setup-network', read: list },
  agentNetwork: { input: 'agent-network', read: list },
  services: { input: 'services', read: ports },
};

export function variableName(key: SettingKey): string {
  return `ENTROPY_${settingSources[key].input.toUpperCase().replaceAll('-', '_')}`;
}

export function flagName(key: SettingKey): string {
  return `--${settingSources[key].flag ?? settingSources[key].input}`;
}

export interface SettingTexts {
  readonly source: string;
  /** The text given for a key, undefined or blank when nothing was given. */
  readonly textOf: (key: SettingKey) => string | undefined;
  /** How messages and `config show` call the place of this key's value. */
  readonly nameOf: (key: SettingKey) => string;
}

/** Reads all settings of one source of texts; problems are collected, not thrown one by one. */
export function readSettings(texts: SettingTexts, problems: string[]): SettingsLayer {
  const values: Partial<{ -readonly [Key in SettingKey]: Settings[Key] }> = {};
  const origin: Partial<Record<SettingKey, string>> = {};
  const take = <Key extends SettingKey>(key: Key): void => {
    const given = texts.textOf(key);
    if (given === undefined || given.trim() === '') return;
    const source: SettingSource<NonNullable<Settings[Key]>> = settingSources[key];
    const result = source.read(given);
    const found = result.ok ? settingProblems<Key>(key, result.value).map(({ problem }) => problem) : [result.problem];
    problems.push(...found.map((problem) => `${texts.nameOf(key)} ${problem}`));
    if (!result.ok || found.length > 0) return;
    values[key] = result.value;
    origin[key] = texts.nameOf(key);
  };
  for (const key of settingKeys) take(key);
  return { source: texts.source, values, origin };
}

/** One error for all that was wrong, so that nobody fixes a configuration one problem a run. */
export function refuseProblems(problems: readonly string[], fix: string): void {
  if (problems.length === 0) return;
  const [only] = problems;
  const message =
    problems.length === 1 && only !== undefined
      ? only
      : `${problems.length} values are not valid:\n${problems.map((problem) => `- ${problem}`).join('\n')}`;
  throw new EntropyError({ code: 'E101', message, fix });
}
