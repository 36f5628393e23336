import { emitCheckRunEvent, emitStatusEvent } from '../events/check-events.ts';
import type { BodyFields } from '../http/body-fields.ts';
import { envelopeAnswer, listAnswer } from '../http/pagination.ts';
import { notFound, unprocessable } from '../http/problem.ts';
import { created, numberParam, ok, param, type RepositoryCall, type Route, repositoryRoute } from '../http/route.ts';
import { accountOf, readers, writers } from '../identity/access.ts';
import { actingApp } from '../identity/actor.ts';
import { mergeWhatIsReady } from '../pulls/auto-merge.ts';
import { renderRepository, repositoryApiUrl, repositoryWebUrl } from '../render/repository.ts';
import { renderCheckRun, renderStatus } from '../render/run.ts';
import { allChecksOf, checksOf, findCheck, latestStatuses, statusesOf } from '../runs/job-checks.ts';
import type { Annotation, CheckRun, CommitStatus, Conclusion } from '../state/run-state.ts';
import { timestamp } from '../state/timestamp.ts';

const repo = '/repos/{owner}/{repo}';
const statuses = ['queued', 'in_progress', 'completed'] as const;
const conclusions: readonly Conclusion[] = [
  'action_required',
  'cancelled',
  'failure',
  'neutral',
  'success',
  'skipped',
  'stale',
  'timed_out',
];

export const checkRoutes: readonly Route[] = [
  repositoryRoute(`POST ${repo}/check-runs`, writers('admin', 'checks'), createCheck),
  repositoryRoute(`GET ${repo}/check-runs/{check_run_id}`, readers('checks'), (call) => answer(call, checkOf(call))),
  repositoryRoute(`GET ${repo}/check-runs/{check_run_id}/annotations`, readers('checks'), (call) =>
    listAnswer(call, checkOf(call).annotations, (annotation) => renderAnnotation(call, checkOf(call), annotation)),
  ),
  repositoryRoute(`PATCH ${repo}/check-runs/{check_run_id}`, writers('admin', 'checks'), updateCheck),
  repositoryRoute(`GET ${repo}/commits/{ref}/check-runs`, readers('checks'), async (call) => {
    const sha = await commitOf(call, 'ref');
    const [name, status] = [call.query.get('check_name'), call.query.get('status')];
    const all = call.query.get('filter') === 'all' ? allChecksOf(call, sha) : checksOf(call, sha);
    const items = all.filter(
      (check) => (name === null || check.name === name) && (status === null || check.status === status),
    );
    return envelopeAnswer(call, {
      name: 'check_runs',
      items,
      render: (check) => renderCheckRun(call.world, call.repository, check),
    });
  }),
  repositoryRoute(`POST ${repo}/statuses/{sha}`, writers('write', 'statuses'), createStatus),
  repositoryRoute(`GET ${repo}/commits/{ref}/statuses`, readers('statuses'), async (call) => {
    const sha = await commitOf(call, 'ref');
    return listAnswer(call, statusesOf(call.repository, sha), (status) =>
      renderStatus(call.world, call.repository, status),
    );
  }),
  repositoryRoute(`GET ${repo}/commits/{ref}/status`, readers('statuses'), combinedStatus),
];

async function commitOf(call: RepositoryCall, name: string): Promise<string> {
  const sha = await call.repository.git.resolveCommit(param(call, name));
  if (sha === undefined) throw unprocessable(`No commit found for SHA: ${param(call, name)}`);
  return sha;
}

function checkOf(call: RepositoryCall): CheckRun {
  const check = findCheck(call, numberParam(call, 'check_run_id'));
  if (check === undefined) throw notFound();
  return check;
}

function answer(call: RepositoryCall, check: CheckRun) {
  return ok(renderCheckRun(call.world, call.repository, check));
}

async function createCheck(call: RepositoryCall) {
  const { world, repository, body, actor } = call;
  // GitHub lets Apps alone write check runs.
  if (actor.kind !== 'installation') throw notFound();
  const headSha = await repository.git.resolveCommit(body.string('head_sha'));
  if (headSha === undefined) throw unprocessable(`No commit found for SHA: ${body.string('head_sha')}`);
  const check: CheckRun = {
    id: world.store.id(),
    suiteId: suiteOf(call, headSha),
    name: body.string('name'),
    headSha,
    status: 'queued',
    conclusion: null,
    startedAt: body.optionalString('started_at') ?? timestamp(world.clock),
    completedAt: null,
    detailsUrl: null,
    externalId: '',
    output: { title: null, summary: null, text: null },
    annotations: [],
    app: actingApp(actor),
  };
  applyChange(call, check);
  repository.checkRuns.push(check);
  emitCheckRunEvent(call, check, 'created');
  if (check.status === 'completed') await ended(call, check);
  const rendered = renderCheckRun(world, repository, check);
  return created(rendered, rendered.url);
}

/** An App has one suite a commit. */
function suiteOf({ world, repository, actor }: RepositoryCall, headSha: string): number {
  const app = actingApp(actor)?.id;
  const known = repository.checkRuns.find((check) => check.headSha === headSha && check.app?.id === app);
  return known?.suiteId ?? world.store.id();
}

async function updateCheck(call: RepositoryCall) {
  if (call.actor.kind !== 'installation') throw notFound();
  const check = checkOf(call);
  const before = check.status;
  applyChange(call, check);
  if (before !== 'completed' && check.status === 'completed') await ended(call, check);
  return answer(call, check);
}

async function ended(call: RepositoryCall, check: CheckRun): Promise<void> {
  emitCheckRunEvent(call, check, 'completed');
  await mergeWhatIsReady(call, check.headSha);
}

function applyChange(call: RepositoryCall, check: CheckRun): void {
  const { body } = call;
  const conclusion = body.oneOf('conclusion', conclusions);
  const status = body.oneOf('status', statuses) ?? (conclusion === undefined ? check.status : 'completed');
  if (status === 'completed' && conclusion === undefined && check.conclusion === null) {
    throw unprocessable('Invalid request.\n\n"conclusion" wasn\'t supplied.');
  }
  check.name = body.optionalString('name') ?? check.name;
  check.detailsUrl = body.optionalString('details_url') ?? check.detailsUrl;
  check.externalId = body.optionalString('external_id') ?? check.externalId;
  check.startedAt = body.optionalString('started_at') ?? check.startedAt;
  check.status = status;
  if (status === 'completed') {
    check.conclusion = conclusion ?? check.conclusion;
    check.completedAt = body.optionalString('completed_at') ?? timestamp(call.world.clock);
  }
  if (!body.has('output')) return;
  const output = body.object('output');
  check.output = {
    title: output.optionalString('title') ?? check.output.title,
    summary: output.optionalString('summary') ?? check.output.summary,
    text: output.optionalString('text') ?? check.output.text,
  };
  // Each request adds to those that are there.
  check.annotations.push(...output.objects('annotations').map(readAnnotation));
}

function readAnnotation(fields: BodyFields): Annotation {
  const path = fields.string('path');
  const startLine = fields.optionalInteger('start_line') ?? 1;
  const level = fields.oneOf('annotation_level', ['notice', 'warning', 'failure']) ?? 'notice';
  return {
    ...{ path, startLine, level },
    endLine: fields.optionalInteger('end_line') ?? startLine,
    message: fields.string('message'),
    title: fields.optionalString('title') ?? null,
  };
}

function renderAnnotation({ world, repository }: RepositoryCall, check: CheckRun, annotation: Annotation) {
  const html = repositoryWebUrl(world, repository);
  return {
    path: annotation.path,
    start_line: annotation.startLine,
    end_line: annotation.endLine,
    start_column: null,
    end_column: null,
    annotation_level: annotation.level,
    title: annotation.title,
    message: annotation.message,
    raw_details: null,
    blob_href: `${html}/blob/${check.headSha}/${annotation.path}`,
  };
}

async function createStatus(call: RepositoryCall) {
  const { world, repository, body } = call;
  const sha = await commitOf(call, 'sha');
  body.string('state');
  const status: CommitStatus = {
    id: world.store.id(),
    sha,
    state: body.oneOf('state', ['error', 'failure', 'pending', 'success']) ?? 'pending',
    context: body.optionalString('context') ?? 'default',
    description: body.optionalString('description') ?? null,
    targetUrl: body.optionalString('target_url') ?? null,
    creator: accountOf(call.actor),
    createdAt: timestamp(world.clock),
  };
  repository.statuses.unshift(status);
  await emitStatusEvent(call, status);
  await mergeWhatIsReady(call, sha);
  const rendered = renderStatus(world, repository, status);
  return created(rendered, rendered.url);
}

async function combinedStatus(call: RepositoryCall) {
  const { world, repository } = call;
  const sha = await commitOf(call, 'ref');
  const latest = latestStatuses(repository, sha);
  const failed = latest.some((status) => status.state === 'failure' || status.state === 'error');
  const pending = latest.length === 0 || latest.some((status) => status.state === 'pending');
  const api = repositoryApiUrl(world, repository);
  return ok({
    state: failed ? 'failure' : pending ? 'pending' : 'success',
    statuses: latest.map((status) => renderStatus(world, repository, status)),
    sha,
    total_count: latest.length,
    repository: renderRepository(world, repository),
    commit_url: `${api}/commits/${sha}`,
    url: `${api}/commits/${sha}/status`,
  });
}
