import { type Command, Option } from 'commander';
import { type SettingKey, type SettingsLayer, settingKeys } from '../domain/settings.ts';
import { flagName, readSettings, refuseProblems } from '../runtime/setting-sources.ts';

const meanings: Readonly<Record<SettingKey, readonly [value: string, meaning: string]>> = {
  base: ['branch', 'branch to start from; the default branch when absent'],
  setup: ['command', 'prepares the workspace, reaching registries alone, before any key is there'],
  test: ['command', 'proves the work; run before and after, in the sandbox'],
  model: ['model', 'a name such as claude-opus-4-8, scripted:FILE or replay:FILE'],
  prompt: ['text', "extra instructions, added to the repository's own"],
  prices: ['json', 'prices of models, micro-USD per million tokens'],
  maxTurns: ['n', 'most turns'],
  maxTokens: ['n', 'most tokens, all kinds together'],
  maxCostMicroUsd: ['usd', 'most money: 2, 0.50'],
  maxMinutes: ['time', 'most time: 30, 1h30m'],
  maxIssueCostMicroUsd: ['usd', 'most money of all runs on one issue'],
  maxDayCostMicroUsd: ['usd', 'most money of all runs on one day'],
  maxConcurrentRuns: ['n', 'most runs at work at the same time'],
  maxFiles: ['n', 'most files that the patch may change'],
  maxPatchBytes: ['size', 'largest patch: 524288, 512 KiB'],
  allowedPaths: ['globs', 'only these paths may change; separated by commas'],
  protectedPaths: ['globs', 'these paths may not change, besides the built-in ones'],
  unprotectedPaths: ['globs', 'built-in protected paths that may change after all'],
  reviewPaths: ['globs', 'a patch that touches these is held until somebody approves it'],
  draft: ['true|false', 'whether the pull request is a draft'],
  merge: ['never|auto', 'whether GitHub merges by itself when all it requires is there'],
  branchPrefix: ['prefix', "first part of the agent's branch"],
  labelTrigger: ['label', 'label that starts an agent'],
  assigneeTrigger: ['login', 'account that an issue is assigned to for a fix'],
  triggerPhrase: ['word', 'word that starts a command'],
  allowUsers: ['logins', 'may start agents without write access'],
  allowedBots: ['logins', 'bots that may start agents'],
  who: ['command=who', 'who may give a command, one a line: approve=maintain, octo/agents'],
  changeSets: ['repositories', 'that issues here may have changed together with this one'],
  allowedRoles: ['roles', 'only these roles'],
  roleModels: ['role=model', 'model of a role, one a line: reviewer=claude-opus-4-8'],
  teamStages: ['stages', 'what fix walks through: read, plan, code, test, review'],
  teamRounds: ['number', 'how often tester and reviewer send the coder back'],
  automaticReview: ['never|permitted|everybody', 'for whom pull requests are reviewed without being asked'],
  triageLabels: ['globs', 'labels that a triage may set beside type, size and priority'],
  triageEdits: [
    'ask|three-way|newest',
    'whose word counts on the title, milestone, state and labels of a triaged issue',
  ],
  automaticTriage: ['never|permitted|everybody', 'for whom issues are triaged when they are opened'],
  automaticRemarks: ['true|false', "whether remarks on an agent's pull request send its coder again"],
  automaticChecks: ['true|false', "whether failed checks on an agent's branch send its coder again"],
  automaticBase: ['true|false', "whether a conflict of an agent's pull request with its base sends its coder again"],
  allowedModels: ['globs', 'only these models are asked'],
  allowedTools: ['tools', 'only these tools, and those that end the work'],
  deniedTools: ['tools', 'never these tools'],
  requiredSandbox: [
    'rung',
    'weakest sandbox that will do: bubblewrap, docker, unshare, landlock, seatbelt; none, typed with run, is none at all',
  ],
  sandboxEnv: ['NAME=value', 'variables for commands in the sandbox, one a line'],
  setupNetwork: ['hosts', 'what the set-up command reaches: hosts, npm, pypi, ..., registries; or open'],
  agentNetwork: ['hosts', "what the agent's commands and the tests reach"],
  services: ['ports', 'ports of this machine that commands reach on 127.0.0.1'],
};

/** Settings about many runs and about how an event starts one; a command that starts a single run has no use for them. */
const beyondARun: readonly SettingKey[] = [
  'labelTrigger',
  'assigneeTrigger',
  'triggerPhrase',
  'allowUsers',
  'allowedBots',
  'who',
  'changeSets',
  'allowedRoles',
  'automaticReview',
  'automaticTriage',
  'triageLabels',
  'triageEdits',
  'automaticRemarks',
  'automaticChecks',
  'automaticBase',
  'merge',
  'maxIssueCostMicroUsd',
  'maxDayCostMicroUsd',
  'maxConcurrentRuns',
];

export const settingsOfARun = settingKeys.filter((key) => !beyondARun.includes(key));

export function addSettingOptions(command: Command, keys: readonly SettingKey[]): void {
  for (const key of keys) command.addOption(optionOf(key));
}

/** The settings that were given as options. Throws one E101 for all that are wrong. */
export function readSettingOptions(options: Readonly<Record<string, unknown>>): SettingsLayer {
  const problems: string[] = [];
  const textOf = (key: SettingKey): string | undefined => {
    const value = options[optionOf(key).attributeName()];
    return typeof value === 'string' ? value : undefined;
  };
  const layer = readSettings({ source: 'flag', textOf, nameOf: flagName }, problems);
  refuseProblems(problems, 'correct the option; docs/configuration.md explains every setting');
  return layer;
}

function optionOf(key: SettingKey): Option {
  const [value, meaning] = meanings[key];
  return new Option(`${flagName(key)} <${value}>`, meaning);
}
