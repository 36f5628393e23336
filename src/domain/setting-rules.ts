import { branchPrefixProblem } from './branch-name.ts';
import { networkEntryProblem, openWord } from './network-choice.ts';
import { globProblem } from './path-rules.ts';
import { isBranchName } from './ref-name.ts';
import type { SettingKey, Settings } from './settings.ts';
import { endingTools } from './tool-names.ts';
import { readWhoEntry, type WhoMay } from './who-may.ts';

type Rule<Value> = (value: Value) => string | undefined;

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
  first(value, (glob) => {
    const problem = globProblem(glob);
    return problem === undefined ? undefined : `holds "${glob.slice(0, 80)}": ${problem}`;
  });

const logins: Rule<readonly string[]> = (value) =>
  first(value, (login) =>
    /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})$/.test(login) ? undefined : `holds "${login}": not a login of a person`,
  );

const bots: Rule<readonly string[]> = (value) =>
  first(value, (login) =>
    /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})\[bot\]$/.test(login)
      ? undefined
      : `holds "${login}": write bots with their suffix, as in "renovate[bot]"`,
  );

const variables: Rule<Readonly<Record<string, string>>> = (value) =>
  first(Object.keys(value), (name) => {
    if (!/^[A-Za-z_][A-Za-z0-9_]{0,99}$/.test(name)) return `holds "${name}": not the name of a variable`;
    if (/(?:TOKEN|SECRET|PASSWORD|PASSWD|API_?KEY|PRIVATE_KEY|CREDENTIAL)/i.test(name)) {
      return `holds "${name}", which looks like a secret: the agent can read every variable of the sandbox`;
    }
    return value[name]?.includes('\0') ? `holds a NUL character in "${name}"` : undefined;
  });

const hosts: Rule<readonly string[]> = (value) =>
  first(value, (entry) => {
    const problem = networkEntryProblem(entry);
    return problem === undefined ? undefined : `holds "${entry.slice(0, 80)}": ${problem}`;
  });

const setupHosts: Rule<readonly string[]> = (value) =>
  value.includes(openWord) && value.length > 1
    ? `holds "${openWord}" beside other entries: it is the machine's whole network, so write it alone or leave it out`
    : hosts(value);

const agentHosts: Rule<readonly string[]> = (value) =>
  value.includes(openWord) ? `holds "${openWord}": the agent's network is always a list of hosts` : hosts(value);

/** Of container engines and clusters. */
const controlPorts = [22, 2375, 2376, 2377, 2379, 4243, 6443, 8001, 9229, 10250, 10255, 16443];

const ports: Rule<readonly number[]> = (value) => {
  const odd = value.find((port) => !Number.isInteger(port) || port < 1 || port > 65_535);
  if (odd !== undefined) return `holds ${odd}, which is not a port from 1 to 65535`;
  const control = value.find((port) => controlPorts.includes(port));
  if (control !== undefined) return `holds ${control}: whoever reaches that port has the whole machine`;
  return value.length > 20 ? 'holds more than 20 ports' : undefined;
};

const models: Rule<readonly string[]> = (value) =>
  first(value, (glob) =>
    /^[\w.@/:*?-]{1,128}$/.test(glob)
      ? undefined
      : `holds "${glob.slice(0, 80)}", which is no name of a model, with * or ? in it`,
  );

const who: Rule<WhoMay> = (value) => {
  for (const [command, entries] of Object.entries(value)) {
    if (entries.length === 0) return `lets nobody give "${command}": name somebody, or leave it out`;
    const odd = entries.find((entry) => readWhoEntry(entry) === undefined);
    if (odd !== undefined) {
      return `says "${odd.slice(0, 80)}" for "${command}": a permission (read to admin), a login or org/team is expected`;
    }
  }
  return undefined;
};

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
  allowedPaths: globs,
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
  triggerPhrase: (value) =>
    /^[^\s\p{C}`<>'"{}]{2,40}$/u.test(value) ? undefined : `is "${value}", which is not one word of 2 to 40 characters`,
  allowUsers: logins,
  allowedBots: bots,
  who,
  allowedRoles: () => undefined,
  allowedModels: models,
  allowedTools: () => undefined,
  deniedTools: (value) => {
    const needed = value.find((name) => endingTools.includes(name));
    return needed === undefined ? undefined : `holds "${needed}", without which an agent cannot end its work`;
  },
  requiredSandbox: () => undefined,
  sandboxEnv: variables,
  setupNetwork: setupHosts,
  agentNetwork: agentHosts,
  services: ports,
};

/** More than anybody reads; what is compared entry by entry stays small with it. */
const mostEntries = 200;

/** What is wrong with a value, to follow its name in a sentence; undefined when it is fine. One rule for every source. */
export function settingProblem<Key extends SettingKey>(key: Key, value: Settings[Key]): string | undefined {
  if (countEntries(value) > mostEntries) return `holds more than ${mostEntries} entries`;
  const rule: Rule<Settings[Key]> = rules[key];
  return rule(value);
}

function first(entries: readonly string[], rule: Rule<string>): string | undefined {
  for (const entry of entries) {
    const problem = rule(entry);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function countEntries(value: unknown): number {
  if (Array.isArray(value)) return value.length;
  if (typeof value !== 'object' || value === null) return 0;
  return Math.max(Object.keys(value).length, ...Object.values(value).map(countEntries));
}
