import { readCoordinatorUrl } from '../domain/coordinator-url.ts';
import { parseFullName, type RepositoryRef } from '../domain/repository.ts';
import type { SettingsLayer } from '../domain/settings.ts';
import { anthropicApi } from './anthropic-api.ts';
import { readSettings, refuseProblems, variableName } from './setting-sources.ts';
import { httpUrl, type ValueReader, type Variables, whole } from './value-reader.ts';

/** The variables that may hold the model's key and GitHub's token; taken with `takeSecret`, never stored. */
export const modelKeyVariable = 'ANTHROPIC_API_KEY';
const githubTokenVariables = ['GITHUB_TOKEN', 'GH_TOKEN'] as const;

/** The key for a coordinator, and what GitHub gives to a job that has `id-token: write`; taken with `takeSecret`. */
export const coordinatorKeyVariable = 'ENTROPY_COORDINATOR_KEY';
export const jobTokenVariables = ['ACTIONS_ID_TOKEN_REQUEST_URL', 'ACTIONS_ID_TOKEN_REQUEST_TOKEN'] as const;

/** How to write to a person; told apart from the rest because errors about the rest need it. */
export interface TerminalHabits {
  /** `always` and `never` as said by FORCE_COLOR, NO_COLOR and TERM=dumb (https://no-color.org). */
  readonly color: 'auto' | 'always' | 'never';
  /** ENTROPY_DEBUG: stack traces with errors. */
  readonly debug: boolean;
}

export interface CliEnvironment {
  readonly ci: boolean;
  readonly terminal: TerminalHabits;
  readonly columns: number | undefined;
  readonly hasModelKey: boolean;
  /** Which variable holds a token; undefined when none does. */
  readonly githubTokenVariable: (typeof githubTokenVariables)[number] | undefined;
  readonly anthropicBaseUrl: string;
  readonly githubApiUrl: string;
  readonly githubServerUrl: string;
  readonly hostPath: string;
  /** Where runs are kept: `$ENTROPY_STATE_DIR`, else `$XDG_STATE_HOME/entropy-playground`, else under the home folder. */
  readonly stateDir: string;
  /** Where a person's own choices are kept: `$XDG_CONFIG_HOME/entropy-playground`, else under the home folder. */
  readonly configDir: string;
  readonly settings: SettingsLayer;
  readonly coordination: CoordinationEnvironment;
}

/** Where the shared state is, and who we are there. */
export interface CoordinationEnvironment {
  /** ENTROPY_COORDINATOR_URL. */
  readonly url: string | undefined;
  /** ENTROPY_STATE_FILE. */
  readonly stateFile: string | undefined;
  readonly hasKey: boolean;
  /** Runs in a job that may ask GitHub for a token about itself. */
  readonly hasJobToken: boolean;
  /** GITHUB_REPOSITORY, as in a job. */
  readonly repository: RepositoryRef | undefined;
  /** The login that a job works for, else the user of this machine. */
  readonly person: { readonly login: string; readonly from: 'github' | 'machine' } | undefined;
}

export function parseCliEnvironment(variables: Variables): CliEnvironment {
  const problems: string[] = [];
  const given = (name: string): string | undefined => {
    const value = variables[name]?.trim();
    return value === '' ? undefined : value;
  };
  const read = <Value>(name: string, reader: ValueReader<Value>): Value | undefined => {
    const text = given(name);
    if (text === undefined) return undefined;
    const result = reader(text);
    if (result.ok) return result.value;
    problems.push(`${name} ${result.problem}`);
    return undefined;
  };

  const environment: CliEnvironment = {
    ci: given('CI') !== undefined && given('CI') !== 'false',
    terminal: parseTerminalHabits(variables),
    columns: read('COLUMNS', whole(1)),
    hasModelKey: given(modelKeyVariable) !== undefined,
    githubTokenVariable: githubTokenVariables.find((name) => given(name) !== undefined),
    anthropicBaseUrl: read('ANTHROPIC_BASE_URL', httpUrl) ?? anthropicApi,
    githubApiUrl: read('GITHUB_API_URL', httpUrl) ?? 'https://api.github.com',
    githubServerUrl: read('GITHUB_SERVER_URL', httpUrl) ?? 'https://github.com',
    hostPath: given('PATH') ?? '/usr/local/bin:/usr/bin:/bin',
    stateDir: stateDirOf(given),
    configDir: `${given('XDG_CONFIG_HOME') ?? `${homeOf(given)}/.config`}/entropy-playground`,
    coordination: {
      url: read('ENTROPY_COORDINATOR_URL', coordinatorUrl),
      stateFile: given('ENTROPY_STATE_FILE'),
      hasKey: given(coordinatorKeyVariable) !== undefined,
      hasJobToken: jobTokenVariables.every((name) => given(name) !== undefined),
      repository: read('GITHUB_REPOSITORY', repositoryName),
      person: personOf(given),
    },
    settings: readSettings(
      { source: 'environment', textOf: (key) => variables[variableName(key)], nameOf: variableName },
      problems,
    ),
  };
  refuseProblems(problems, 'correct or unset the variable; docs/configuration.md lists them all');
  return environment;
}

/** Never throws: every value means something. */
export function parseTerminalHabits(variables: Variables): TerminalHabits {
  const given = (name: string): boolean => (variables[name] ?? '') !== '';
  const force = variables['FORCE_COLOR'];
  const debug = given('ENTROPY_DEBUG');
  if (given('NO_COLOR')) return { color: 'never', debug };
  if (given('FORCE_COLOR')) return { color: force === '0' || force === 'false' ? 'never' : 'always', debug };
  return { color: variables['TERM'] === 'dumb' ? 'never' : 'auto', debug };
}

const coordinatorUrl: ValueReader<string> = (text) => {
  const read = readCoordinatorUrl(text);
  return read.kind === 'url' ? { ok: true, value: read.url } : { ok: false, problem: read.problem };
};

const repositoryName: ValueReader<RepositoryRef> = (text) => {
  const repository = parseFullName(text);
  return repository === undefined ? { ok: false, problem: 'is not owner/repo' } : { ok: true, value: repository };
};

function personOf(given: (name: string) => string | undefined): CoordinationEnvironment['person'] {
  const actor = given('GITHUB_ACTOR');
  if (actor !== undefined) return { login: actor, from: 'github' };
  const user = given('USER') ?? given('LOGNAME') ?? given('USERNAME');
  return user === undefined ? undefined : { login: user, from: 'machine' };
}

function stateDirOf(given: (name: string) => string | undefined): string {
  const chosen = given('ENTROPY_STATE_DIR');
  if (chosen !== undefined) return chosen;
  const base = given('XDG_STATE_HOME') ?? `${homeOf(given)}/.local/state`;
  return `${base}/entropy-playground`;
}

function homeOf(given: (name: string) => string | undefined): string {
  return given('HOME') ?? given('USERPROFILE') ?? '.';
}
