import { actionsApp } from '../../domain/checks/our-job.ts';
import { EntropyError } from '../../domain/error.ts';
import type { CheckInfo } from '../../ports/forge-checks.ts';
import type { GitHubApi } from './api.ts';
import { integerIn, objectIn, textIn } from './json-reader.ts';

/** `suite`: GitHub makes one for each run of a workflow, and for each App that looks at a commit. */
export interface ReadCheck extends CheckInfo {
  readonly suite: number | undefined;
}

/**
 * GitHub tells the newest of a name within each suite. A workflow that ran twice on a commit (a pull request was opened anew) has
 * two suites, and two workflows have as well: what tells them apart is asked only where names meet.
 */
export async function newestOfEach(
  api: GitHubApi,
  sha: string,
  checks: readonly ReadCheck[],
): Promise<readonly CheckInfo[]> {
  const jobs = checks.filter(({ app }) => app === actionsApp);
  const meet = jobs.some(({ name, suite }) => jobs.some((other) => other.name === name && other.suite !== suite));
  const workflows = meet ? await workflowsOf(api, sha) : new Map<number, string>();
  const newest = new Map<string, ReadCheck>();
  for (const check of checks) {
    const key = keyOf(check, workflows);
    const other = newest.get(key);
    if (other === undefined || check.id > other.id) newest.set(key, check);
  }
  return [...newest.values()]
    .map(({ suite: _, ...check }) => check)
    .sort((one, other) => (one.name < other.name ? -1 : one.name > other.name ? 1 : one.id - other.id));
}

function keyOf({ app, suite, name }: ReadCheck, workflows: ReadonlyMap<number, string>): string {
  if (app === undefined) return `status ${name}`;
  const workflow = app === actionsApp && suite !== undefined ? workflows.get(suite) : undefined;
  return workflow === undefined ? `${app} suite ${suite} ${name}` : `${app} workflow ${workflow} ${name}`;
}

/** Workflow and event of each suite of a commit. None where the token may not read it: then nothing is taken for older. */
async function workflowsOf(api: GitHubApi, sha: string): Promise<ReadonlyMap<number, string>> {
  try {
    const runs = await api.list(
      {
        route: 'GET /repos/{owner}/{repo}/actions/runs',
        params: { head_sha: sha },
        purpose: `read which workflows ran on ${sha}`,
      },
      'workflow_runs',
    );
    return new Map(
      runs.map((data) => {
        const run = objectIn(data, 'workflow run');
        return [integerIn(run, 'check_suite_id'), `${integerIn(run, 'workflow_id')} ${textIn(run, 'event')}`] as const;
      }),
    );
  } catch (error) {
    if (error instanceof EntropyError && error.code === 'E204') return new Map();
    throw error;
  }
}
