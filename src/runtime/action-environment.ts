import { join } from 'node:path';
import { parseWhole } from '../domain/quantity.ts';
import { parseFullName, type RepositoryRef } from '../domain/repository.ts';
import { refuseProblems } from './setting-sources.ts';
import type { Variables } from './value-reader.ts';

/** What a runner tells an action about where it runs; see GitHub's "Variables reference". */
export interface ActionEnvironment {
  readonly github: {
    readonly repository: RepositoryRef;
    readonly runId: number;
    readonly runAttempt: number;
    readonly job: string;
    readonly workflow: string;
    /** Undefined on servers that do not set it. */
    readonly workflowRef: string | undefined;
    readonly eventName: string;
    readonly eventPath: string;
    /** Who started the run, or re-ran it; never taken for the sender of the event. */
    readonly actor: string;
    readonly triggeringActor: string;
    readonly sha: string;
    readonly ref: string;
    readonly apiUrl: string;
    readonly serverUrl: string;
    readonly graphqlUrl: string;
    readonly workspace: string;
    readonly actionPath: string | undefined;
  };
  readonly runner: {
    readonly os: string;
    readonly arch: string;
    readonly environment: string;
    readonly temp: string;
    readonly debug: boolean;
  };
  /** What the main step saved for `post` under a name; undefined when it saved nothing. */
  readonly savedState: (name: string) => string | undefined;
  /** For finding toolchains; the only inherited variable that a sandbox is built from. */
  readonly hostPath: string;
  /** This run on the web. */
  readonly runUrl: string;
}

export function parseActionEnvironment(variables: Variables): ActionEnvironment {
  const problems: string[] = [];
  const optional = (name: string): string | undefined => {
    const value = variables[name];
    return value === undefined || value === '' ? undefined : value;
  };
  const needed = (name: string): string => {
    const value = optional(name);
    if (value === undefined) problems.push(`${name} is not set`);
    return value ?? '';
  };
  const number = (name: string): number => {
    const value = parseWhole(needed(name), 1);
    if (value === undefined && optional(name) !== undefined) problems.push(`${name} is not a number from 1 on`);
    return value ?? 0;
  };
  const fullName = needed('GITHUB_REPOSITORY');
  const repository = parseFullName(fullName);
  if (repository === undefined && fullName !== '') problems.push(`GITHUB_REPOSITORY is "${fullName}", not owner/name`);

  const serverUrl = trimSlash(optional('GITHUB_SERVER_URL') ?? 'https://github.com');
  const apiUrl = trimSlash(optional('GITHUB_API_URL') ?? 'https://api.github.com');
  const runId = number('GITHUB_RUN_ID');
  const actor = needed('GITHUB_ACTOR');
  const environment: ActionEnvironment = {
    github: {
      repository: repository ?? { owner: '', name: '' },
      runId,
      runAttempt: optional('GITHUB_RUN_ATTEMPT') === undefined ? 1 : number('GITHUB_RUN_ATTEMPT'),
      job: optional('GITHUB_JOB') ?? '',
      workflow: optional('GITHUB_WORKFLOW') ?? '',
      workflowRef: optional('GITHUB_WORKFLOW_REF'),
      eventName: needed('GITHUB_EVENT_NAME'),
      eventPath: needed('GITHUB_EVENT_PATH'),
      actor,
      triggeringActor: optional('GITHUB_TRIGGERING_ACTOR') ?? actor,
      sha: optional('GITHUB_SHA') ?? '',
      ref: optional('GITHUB_REF') ?? '',
      apiUrl,
      serverUrl,
      graphqlUrl: trimSlash(optional('GITHUB_GRAPHQL_URL') ?? `${apiUrl}/graphql`),
      workspace: needed('GITHUB_WORKSPACE'),
      actionPath: optional('GITHUB_ACTION_PATH'),
    },
    runner: {
      os: optional('RUNNER_OS') ?? process.platform,
      arch: optional('RUNNER_ARCH') ?? process.arch,
      environment: optional('RUNNER_ENVIRONMENT') ?? 'self-hosted',
      temp: needed('RUNNER_TEMP'),
      debug: optional('RUNNER_DEBUG') === '1',
    },
    savedState: (name) => optional(`STATE_${name}`),
    hostPath: optional('PATH') ?? '/usr/local/bin:/usr/bin:/bin',
    runUrl: `${serverUrl}/${fullName}/actions/runs/${runId}`,
  };
  refuseProblems(
    problems,
    'run this as a step of a GitHub Actions job, or use the command line: entropy-playground run',
  );
  return environment;
}

/** Where the set-up step and the agent step of one job share a home inside their sandboxes. */
export function homeOf({ runner }: ActionEnvironment): string {
  return join(runner.temp, 'entropy-home');
}

function trimSlash(url: string): string {
  return url.replace(/\/+$/, '');
}
