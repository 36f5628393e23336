import { verdictOf } from '../../domain/checks/check-verdict.ts';
import { actionsApp } from '../../domain/checks/our-job.ts';
import type { CheckAnnotation, ForgeChecks, JobStep } from '../../ports/forge-checks.ts';
import type { GitHubApi } from './api.ts';
import { integerIn, type JsonObject, memberOf, objectIn, textIn, textOrNullIn } from './json-reader.ts';
import { newestOfEach, type ReadCheck } from './newest-checks.ts';

const commit = '/repos/{owner}/{repo}/commits/{ref}';
/** Check runs and the older commit statuses, as one. */
export function createForgeChecks(api: GitHubApi): ForgeChecks {
  return {
    of: async (sha) => {
      const purpose = `read the checks of ${sha}`;
      const params = { ref: sha };
      const runs = await api.list({ route: `GET ${commit}/check-runs`, params, purpose }, 'check_runs');
      const statuses = await api.list({ route: `GET ${commit}/status`, params, purpose }, 'statuses');
      return newestOfEach(api, sha, [...runs.map(readCheckRun), ...statuses.map(readStatus)]);
    },

    jobSteps: async (jobId) => {
      const answer = await api.send({
        route: 'GET /repos/{owner}/{repo}/actions/jobs/{job_id}',
        params: { job_id: jobId },
        purpose: `read the steps of job ${jobId}`,
        expected: [403, 404, 410],
      });
      const steps = answer.status === 200 ? memberOf(answer.data, 'steps') : undefined;
      return Array.isArray(steps) ? steps.map(readStep) : undefined;
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

function readCheckRun(data: unknown): ReadCheck {
  const run = objectIn(data, 'check run');
  const status = textIn(run, 'status');
  const url = textOrNullIn(run, 'details_url') || textOrNullIn(run, 'html_url');
  const output = run['output'];
  const told = [memberOf(output, 'title'), memberOf(output, 'summary')].filter(
    (text): text is string => typeof text === 'string' && text !== '',
  );
  const annotations = memberOf(output, 'annotations_count');
  const slug = memberOf(run['app'], 'slug');
  const app = typeof slug === 'string' ? slug : '';
  const suite = memberOf(run['check_suite'], 'id');
  return {
    id: integerIn(run, 'id'),
    name: textIn(run, 'name'),
    app,
    suite: typeof suite === 'number' ? suite : undefined,
    status: status === 'completed' || status === 'in_progress' ? status : 'queued',
    conclusion: textOrNullIn(run, 'conclusion') || undefined,
    url,
    jobId: app === actionsApp ? Number(/\/job\/([1-9][0-9]{0,15})(?:[?#]|$)/.exec(url)?.[1] ?? run['id']) : undefined,
    summary: told.length === 0 ? undefined : told.join('\n\n'),
    annotations: typeof annotations === 'number' ? annotations : 0,
  };
}

/** `error` and `failure` both mean that it is not good; `pending` that it is not over. */
function readStatus(data: unknown): ReadCheck {
  const status = objectIn(data, 'commit status');
  const state = textIn(status, 'state');
  return {
    id: integerIn(status, 'id'),
    name: textIn(status, 'context'),
    app: undefined,
    suite: undefined,
    status: state === 'pending' ? 'in_progress' : 'completed',
    conclusion: state === 'pending' ? undefined : state === 'success' ? 'success' : 'failure',
    url: textOrNullIn(status, 'target_url'),
    jobId: undefined,
    summary: textOrNullIn(status, 'description') || undefined,
    annotations: 0,
  };
}

function readStep(data: unknown): JobStep {
  const step = objectIn(data, 'step of a job');
  return {
    name: textIn(step, 'name'),
    failed: verdictOf(textOrNullIn(step, 'conclusion')) === 'failed',
    startedAt: timeIn(step, 'started_at'),
    completedAt: timeIn(step, 'completed_at'),
  };
}

function timeIn(step: JsonObject, name: string): number | undefined {
  const at = Date.parse(textOrNullIn(step, name));
  return Number.isNaN(at) ? undefined : at;
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
