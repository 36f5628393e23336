import { type SettingKey, settingNames } from '../domain/settings.ts';

/** Each setting as a file may write it: what a fix shows when something else stands there. */
export const settingExamples: Readonly<Record<SettingKey, string>> = {
  base: 'base: main',
  setup: 'setup: npm ci',
  test: 'test: npm test',
  model: 'model: claude-opus-4-8',
  prompt: 'prompt: Write tests first.',
  prices: 'prices: { my-model: { input: 4000000, output: 20000000, cacheWrite: 5000000, cacheRead: 400000 } }',
  maxTurns: 'limits: { max-turns: 60 }',
  maxTokens: 'limits: { max-tokens: 4000000 }',
  maxCostMicroUsd: 'limits: { max-cost-usd: 2.00 }',
  maxMinutes: 'limits: { max-minutes: 30 }',
  maxFiles: 'limits: { max-files: 50 }',
  maxPatchBytes: 'limits: { max-patch-size: 512 KiB }',
  maxIssueCostMicroUsd: 'budgets: { max-issue-usd: 10 }',
  maxDayCostMicroUsd: 'budgets: { max-day-usd: 50 }',
  maxConcurrentRuns: 'budgets: { max-concurrent-runs: 5 }',
  allowedPaths: 'paths: { allowed: ["src/**"] }',
  protectedPaths: 'paths: { protected: ["src/legal/**"] }',
  unprotectedPaths: 'paths: { unprotected: [package-lock.json] }',
  reviewPaths: 'paths: { review-required: ["migrations/**"] }',
  draft: 'draft: true',
  merge: 'merge: never',
  branchPrefix: 'branch-prefix: agent/',
  labelTrigger: 'label-trigger: agent',
  assigneeTrigger: 'assignee-trigger: octo-agent',
  triggerPhrase: 'trigger-phrase: /agent',
  allowUsers: 'allow-users: [alice]',
  allowedBots: 'allowed-bots: ["renovate[bot]"]',
  who: 'who: { fix: triage, approve: [maintain, octo/security] }',
  changeSets: 'change-sets: [octo/app, octo/web]',
  allowedRoles: 'roles: { allowed: [coder] }',
  roleModels: 'roles: { models: { reviewer: claude-opus-4-8 } }',
  teamStages: 'team: { stages: [read, plan, code, test, review] }',
  teamRounds: 'team: { rounds: 3 }',
  automaticReview: 'automatic: { review: permitted }',
  automaticTriage: 'automatic: { triage: permitted }',
  triageLabels: 'triage: { labels: ["area/*", help wanted] }',
  triageEdits: 'triage: { edits: three-way }',
  automaticRemarks: 'automatic: { remarks: true }',
  automaticChecks: 'automatic: { checks: true }',
  automaticBase: 'automatic: { base: true }',
  allowedModels: 'models: { allowed: ["claude-*"] }',
  allowedTools: 'tools: { allowed: [bash, read_file, edit_file] }',
  deniedTools: 'tools: { denied: [bash] }',
  requiredSandbox: 'sandbox: { required: bubblewrap }',
  sandboxEnv: 'sandbox: { env: { TZ: UTC } }',
  setupNetwork: 'network: { setup: [npm, packages.example.com] }',
  agentNetwork: 'network: { agent: [npm] }',
  services: 'network: { services: [5432] }',
};

/** For the fix of what stands at a path: the setting there, or the first of the group. */
export function exampleAt(path: readonly (string | number)[]): string | undefined {
  const [group, key] = path;
  const named = (name: string): SettingKey | undefined => keys.find((each) => settingNames[each] === name);
  const found =
    named(`${group}.${key}`) ??
    named(`${group}`) ??
    keys.find((each) => each === firstOfGroup[`${group}`]) ??
    keys.find((each) => settingNames[each].startsWith(`${group}.`));
  return found === undefined ? undefined : settingExamples[found];
}

export function likeExample(path: readonly (string | number)[]): string {
  const example = exampleAt(path);
  return example === undefined
    ? 'write settings by their names, as in `test: npm test`; docs/policy.md explains every key'
    : `write it as in \`${example}\``;
}

const keys = Object.keys(settingExamples) as SettingKey[];
/** What whoever writes a single value in the place of a group most likely means. */
const firstOfGroup: Readonly<Record<string, SettingKey>> = { limits: 'maxCostMicroUsd', budgets: 'maxDayCostMicroUsd' };
