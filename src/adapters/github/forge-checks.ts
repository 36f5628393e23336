import type { CheckAnnotation, CheckInfo, ForgeChecks } from '../../ports/forge-checks.ts';
import type { GitHubApi } from './api.ts';
import { integerIn, memberOf, objectIn, textIn, textOrNullIn } from './json-reader.ts';

const commit = '/repos/{owner}/{repo}/commits/{ref}';
/** GitHub's own id of what runs workflows: its check runs are jobs. */
const actionsApp = 'github-actions';

/** Check runs and the older commit statuses, as one. */
export function createForgeChecks(api: GitHubApi): ForgeChecks {
  return {
    of: async (sha) => {
      const purpose = `read the checks of ${sha}`;
      const params = { ref: sha };
      const runs = await api.list({ route: `GET ${commit}/check-runs`, params, purpose }, 'check_runs');
      const statuses = await api.list({ route: `GET ${commit}/status`, params, purpose }, 'statuses');
      return newestOfEachName([...runs.map(readCheckRun), ...statuses.map(readStatus)]);
    },

    annotations: async (check) => {
      if (check.annotations === 0) return [];
      const entries = await api.list({
        route: 'GET /repos/{owner}/{repo}/check-runs/{check_run_id}/annotations',
        params: { check_run_id: check.id },
        purpose: `read what the check ${check.name} says about lines`,
      });
      return entries.map(readAnnotation);
    },

    jobLog: async (jobId, maxBytes) => {
      const answer = await api.send({
        route: 'GET /repos/{owner}/{repo}/actions/jobs/{job_id}/logs',
        params: { job_id: jobId },
        purpose: `read the log of job ${jobId}`,
        expected: [403, 404, 410],
        lastBytes: maxBytes,
      });
      return answer.status === 200 && typeof answer.data === 'string' ? answer.data : undefined;
    },
  };
}

function readCheckRun(data: unknown): CheckInfo {
  const run = objectIn(data, 'check run');
  const status = textIn(run, 'status');
  const url = textOrNullIn(run, 'details_url') || textOrNullIn(run, 'html_url');
  const output = run['output'];
  const told = [memberOf(output, 'title'), memberOf(output, 'summary')].filter(
    (text): text is string => typeof text === 'string' && text !== '',
  );
  const annotations = memberOf(output, 'annotations_count');
  const ofActions = memberOf(run['app'], 'slug') === actionsApp;
  return {
    id: integerIn(run, 'id'),
    name: textIn(run, 'name'),
    status: status === 'completed' || status === 'in_progress' ? status : 'queued',
    conclusion: textOrNullIn(run, 'conclusion') || undefined,
    url,
    jobId: ofActions ? Number(/\/job\/([1-9][0-9]{0,15})(?:[?#]|$)/.exec(url)?.[1] ?? run['id']) : undefined,
    summary: told.length === 0 ? undefined : told.join('\n\n'),
    annotations: typeof annotations === 'number' ? annotations : 0,
  };
}

/** `error` and `failure` both mean that it is not good; `pending` that it is not over. */
function readStatus(data: unknown): CheckInfo {
  const status = objectIn(data, 'commit status');
  const state = textIn(status, 'state');
  return {
    id: integerIn(status, 'id'),
    name: textIn(status, 'context'),
    status: state === 'pending' ? 'in_progress' : 'completed',
    conclusion: state === 'pending' ? undefined : state === 'success' ? 'success' : 'failure',
    url: textOrNullIn(status, 'target_url'),
    jobId: undefined,
    summary: textOrNullIn(status, 'description') || undefined,
    annotations: 0,
  };
}

/** A job that was run again has a run of the same name, with a higher id. */
function newestOfEachName(checks: readonly CheckInfo[]): readonly CheckInfo[] {
  const newest = new Map<string, CheckInfo>();
  for (const check of checks) {
    const other = newest.get(check.name);
    if (other === undefined || check.id > other.id) newest.set(check.name, check);
  }
  return [...newest.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
}

function readAnnotation(data: unknown): CheckAnnotation {
  const annotation = objectIn(data, 'annotation');
  const level = textOrNullIn(annotation, 'annotation_level');
  return {
    path: textIn(annotation, 'path'),
    line: integerIn(annotation, 'start_line'),
    level: level === 'failure' || level === 'warning' ? level : 'notice',
    message: [textOrNullIn(annotation, 'title'), textOrNullIn(annotation, 'message')].filter(Boolean).join(': '),
  };
}
