import { branchPrefixProblem } from './branch-name.ts';
import { networkEntryProblem, openWord } from './network-choice.ts';
import { globProblem } from './path-rules.ts';
import { isBranchName } from './ref-name.ts';
import { parseFullName } from './repository.ts';
import { isRoleName, roleNameRule } from './roles/role.ts';
import type { SettingKey, Settings } from './settings.ts';
import { type ChoosableStage, choosableStages } from './stages/stage.ts';
import { endingTools } from './tool-names.ts';
import { readWhoEntry, type WhoMay } from './who-may.ts';

/** Something that is wrong with a value. */
export interface WrongPart {
  /** Where in the value; empty: the value as a whole. */
  readonly within: readonly (string | number)[];
  /** To follow the name of the setting in a sentence. */
  readonly problem: string;
}

/** A text is about the value as a whole. */
type Rule<Value> = (value: Value) => string | undefined | readonly WrongPart[];
type EntryRule = (entry: string) => string | undefined;

const upTo =
  (limit: number): Rule<number> =>
  (value) =>
    value > limit ? `is at most ${limit}, not ${value}` : undefined;

const command: Rule<string | undefined> = (value) => {
  if (value === undefined) return undefined;
  if (value.trim() === '') return 'is empty: leave it out instead';
  if (value.includes('\0')) return 'holds a NUL character';
  return value.length > 4096 ? 'is longer than 4,096 characters' : undefined;
};

function isModel(value: string): boolean {
  return /^[A-Za-z0-9][\w.@/-]{0,127}$/.test(value) || /^(?:scripted|replay):[^\0\n]{1,1024}$/.test(value);
}

const globs: Rule<readonly string[]> = (value) =>
  each(value, (glob) => {
    const problem = globProblem(glob);
    return problem === undefined ? undefined : `holds "${glob.slice(0, 80)}": ${problem}`;
  });

function isLogin(text: string): boolean {
  return /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})$/.test(text);
}

const logins: Rule<readonly string[]> = (value) =>
  each(value, (login) => (isLogin(login) ? undefined : `holds "${login}": not a login of a person`));

const bots: Rule<readonly string[]> = (value) =>
  each(value, (login) =>
    /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})\[bot\]$/.test(login)
      ? undefined
      : `holds "${login}": write bots with their suffix, as in "renovate[bot]"`,
  );

const repositories: Rule<readonly string[]> = (value) =>
  each(value, (name) =>
    parseFullName(name) === undefined ? `holds "${name.slice(0, 80)}": write owner/name, as in "octo/app"` : undefined,
  );

const variables: Rule<Readonly<Record<string, string>>> = (value) =>
  Object.keys(value).flatMap((name) => wrong([name], variableProblem(name, value[name] ?? '')));

function variableProblem(name: string, value: string): string | undefined {
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,99}$/.test(name)) return `holds "${name}": not the name of a variable`;
  if (/(?:TOKEN|SECRET|PASSWORD|PASSWD|API_?KEY|PRIVATE_KEY|CREDENTIAL)/i.test(name)) {
    return `holds "${name}", which looks like a secret: the agent can read every variable of the sandbox`;
  }
  return value.includes('\0') ? `holds a NUL character in "${name}"` : undefined;
}

function hostProblem(entry: string): string | undefined {
  const problem = networkEntryProblem(entry);
  return problem === undefined ? undefined : `holds "${entry.slice(0, 80)}": ${problem}`;
}

const setupHosts: Rule<readonly string[]> = (value) =>
  each(value, (entry) =>
    entry === openWord && value.length > 1
      ? `holds "${openWord}" beside other entries: it is the machine's whole network, so write it alone or leave it out`
      : hostProblem(entry),
  );

const agentHosts: Rule<readonly string[]> = (value) =>
  each(value, (entry) =>
    entry === openWord ? `holds "${openWord}": the agent's network is always a list of hosts` : hostProblem(entry),
  );

/** Of container engines and clusters. */
const controlPorts = [22, 2375, 2376, 2377, 2379, 4243, 6443, 8001, 9229, 10250, 10255, 16443];

const ports: Rule<readonly number[]> = (value) => {
  if (value.length > 20) return 'holds more than 20 ports';
  return value.flatMap((port, index) => wrong([index], portProblem(port)));
};

function portProblem(port: number): string | undefined {
  if (!Number.isInteger(port) || port < 1 || port > 65_535) return `holds ${port}, which is not a port from 1 to 65535`;
  return controlPorts.includes(port) ? `holds ${port}: whoever reaches that port has the whole machine` : undefined;
}

/** An empty list of what is allowed restricts nothing, and whoever wrote it must have thought that it allows nothing. */
const someOf =
  <Entry>(rule: Rule<readonly Entry[]>): Rule<readonly Entry[]> =>
  (value) =>
    value.length === 0 ? 'is empty, which would allow everything: name what is allowed, or leave it out' : rule(value);

const roleModels: Rule<Readonly<Record<string, string>>> = (value) =>
  Object.entries(value).flatMap(([role, model]) => {
    if (!isRoleName(role)) return wrong([role], `has "${role.slice(0, 80)}", which ${roleNameRule}`);
    return wrong([role], isModel(model) ? undefined : `is "${model.slice(0, 80)}", which is not the name of a model`);
  });

const someStages: Rule<readonly ChoosableStage[]> = (value) => {
  if (value.length === 0) return 'is empty: name the stages, or leave it out to have code only';
  const twice = value.find((stage, at) => value.indexOf(stage) !== at);
  if (twice !== undefined) return `holds "${twice}" twice`;
  const ordered = choosableStages.filter((stage) => value.includes(stage));
  return ordered.every((stage, at) => stage === value[at])
    ? undefined
    : `is [${value.join(', ')}]; stages are walked in the order [${ordered.join(', ')}]`;
};

const models: Rule<readonly string[]> = (value) =>
  each(value, (glob) =>
    /^[\w.@/:*?-]{1,128}$/.test(glob)
      ? undefined
      : `holds "${glob.slice(0, 80)}", which is no name of a model, with * or ? in it`,
  );

const who: Rule<WhoMay> = (value) =>
  Object.entries(value).flatMap(([name, entries]) => {
    if (entries.length === 0) {
      return wrong([name], `lets nobody give "${name}": name somebody, or leave it out`);
    }
    return each(entries, (entry) =>
      readWhoEntry(entry) === undefined
        ? `says "${entry.slice(0, 80)}" for "${name}": a permission (read to admin), a login or org/team is expected`
        : undefined,
    ).map(({ within, problem }) => ({ within: [name, ...within], problem }));
  });

const rules: { readonly [Key in SettingKey]: Rule<Settings[Key]> } = {
  base: (value) =>
    value === undefined || isBranchName(value) ? undefined : `is "${value}", which is not a branch name`,
  setup: command,
  test: command,
  model: (value) => (isModel(value) ? undefined : `is "${value}", which is not the name of a model`),
  prompt: (value) => (value !== undefined && value.length > 20_000 ? 'is longer than 20,000 characters' : undefined),
  prices: () => undefined,
  maxTurns: upTo(1_000),
  maxTokens: upTo(1_000_000_000),
  maxCostMicroUsd: (value) => (value > 1_000_000_000 ? 'is at most 1000 USD a run' : undefined),
  maxMinutes: upTo(350),
  maxIssueCostMicroUsd: (value) => (value > 10_000_000_000 ? 'is at most 10000 USD an issue' : undefined),
  maxDayCostMicroUsd: (value) => (value > 100_000_000_000 ? 'is at most 100000 USD a day' : undefined),
  maxConcurrentRuns: upTo(1_000),
  maxFiles: upTo(3_000),
  maxPatchBytes: upTo(20 * 1024 * 1024),
  allowedPaths: someOf(globs),
  protectedPaths: globs,
  unprotectedPaths: globs,
  reviewPaths: globs,
  draft: () => undefined,
  merge: () => undefined,
  branchPrefix: (value) => {
    const problem = branchPrefixProblem(value);
    return problem === undefined ? undefined : `is refused: ${problem}`;
  },
  labelTrigger: (value) =>
    value.trim() === value && /^[^\p{C},]{1,50}$/u.test(value)
      ? undefined
      : `is "${value}", which is not the name of a label`,
  assigneeTrigger: (value) =>
    value === undefined || isLogin(value) ? undefined : `is "${value.slice(0, 80)}", which is not a login`,
  triggerPhrase: (value) =>
    /^[^\s\p{C}`<>'"{}]{2,40}$/u.test(value) ? undefined : `is "${value}", which is not one word of 2 to 40 characters`,
  allowUsers: logins,
  allowedBots: bots,
  who,
  changeSets: repositories,
  allowedRoles: someOf(() => undefined),
  roleModels,
  teamStages: someStages,
  teamRounds: upTo(10),
  automaticReview: () => undefined,
  automaticTriage: () => undefined,
  triageEdits: () => undefined,
  triageLabels: () => undefined,
  automaticRemarks: () => undefined,
  automaticChecks: () => undefined,
  automaticBase: () => undefined,
  allowedModels: someOf(models),
  allowedTools: someOf(() => undefined),
  deniedTools: (value) =>
    each(value, (name) =>
      endingTools.some((needed) => needed === name)
        ? `holds "${name}", without which an agent cannot end its work`
        : undefined,
    ),
  requiredSandbox: () => undefined,
  sandboxEnv: variables,
  setupNetwork: setupHosts,
  agentNetwork: agentHosts,
  services: ports,
};

/** More than anybody reads; what is compared entry by entry stays small with it. */
const mostEntries = 200;

/** More of one value than anybody corrects at once. */
const mostTold = 20;

/** All that is wrong with a value; nothing when it is fine. One rule for every source. */
export function settingProblems<Key extends SettingKey>(key: Key, value: Settings[Key]): readonly WrongPart[] {
  if (countEntries(value) > mostEntries) return wrong([], `holds more than ${mostEntries} entries`);
  const rule: Rule<Settings[Key]> = rules[key];
  const found = rule(value);
  if (found === undefined || typeof found === 'string') return wrong([], found);
  const more = found.length - mostTold;
  return more <= 0 ? found : [...found.slice(0, mostTold), ...wrong([], `holds ${more} more that are wrong`)];
}

/** The first of them. */
export function settingProblem<Key extends SettingKey>(key: Key, value: Settings[Key]): string | undefined {
  return settingProblems(key, value)[0]?.problem;
}

function wrong(within: WrongPart['within'], problem: string | undefined): WrongPart[] {
  return problem === undefined ? [] : [{ within, problem }];
}

function each(entries: readonly string[], rule: EntryRule): WrongPart[] {
  return entries.flatMap((entry, index) => wrong([index], rule(entry)));
}

function countEntries(value: unknown): number {
  if (Array.isArray(value)) return value.length;
  if (typeof value !== 'object' || value === null) return 0;
  return Math.max(Object.keys(value).length, ...Object.values(value).map(countEntries));
}
