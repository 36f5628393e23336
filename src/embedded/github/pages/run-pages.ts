import { html } from 'hono/html';
import { type Repository, repositoryFullName } from '../state/repository-state.ts';
import type { RunJob, WorkflowRun } from '../state/run-state.ts';
import { markdownOf } from './conversation.ts';
import { isLive } from './issue-pages.ts';
import { moment, page } from './layout.ts';
import type { Html } from './markdown-inline.ts';
import { person } from './people.ts';

const maxLogCharacters = 400_000;

function badgeOf(run: WorkflowRun): Html {
  if (run.status === 'completed')
    return html`<span class="badge ${run.conclusion ?? ''}">${run.conclusion ?? 'completed'}</span>`;
  return html`<span class="badge ${run.status === 'queued' ? 'queued' : 'running'}">${run.status.replace('_', ' ')}</span>`;
}

export function runListPage(repository: Repository): Html {
  const base = `/${repositoryFullName(repository)}/actions/runs`;
  const rows = [...repository.runs.values()]
    .reverse()
    .map(
      (run) =>
        html`<div class="row"><span class="dot ${run.conclusion ?? run.status}"></span><div class="grow"><a class="title" href="${base}/${run.id}">${run.title}</a><div class="dim small">${run.name} #${run.number} · ${run.event} by ${person(run.actor)} ${moment(run.createdAt)}</div></div><span class="branch">${run.headBranch}</span></div>`,
    );
  const body = html`<h1>Workflow runs</h1><div class="box">${rows.length === 0 ? html`<div class="empty">None yet.</div>` : rows}</div>`;
  return page({
    title: `Actions · ${repositoryFullName(repository)}`,
    repository,
    tab: 'actions',
    live: isLive(repository),
    body,
  });
}

export function runPage(repository: Repository, run: WorkflowRun): Html {
  const tail =
    run.log.length > maxLogCharacters
      ? `… ${run.log.length - maxLogCharacters} characters before …\n${run.log.slice(-maxLogCharacters)}`
      : run.log;
  const summary =
    run.summary === ''
      ? ''
      : html`<h2>Summary</h2><div class="box"><div class="text">${markdownOf(repository, run.summary)}</div></div>`;
  const body = html`<h1>${run.title} <span class="number">#${run.number}</span></h1>
<div class="meta">${badgeOf(run)}<span>${run.name} · <span class="mono">${run.workflowPath}</span> · ${run.event} by ${person(run.actor)} · ${moment(run.createdAt)} · <span class="branch">${run.headBranch}</span> <span class="mono">${run.headSha.slice(0, 7)}</span>${run.attempt > 1 ? ` · attempt ${run.attempt}` : ''}</span></div>
${summary}${run.jobs.length === 0 ? '' : html`<h2>Jobs</h2>${run.jobs.map(jobView)}`}
<h2>Log</h2><div class="box">${tail === '' ? html`<div class="empty">Nothing was written yet.</div>` : html`<pre class="log">${tail}</pre>`}</div>`;
  const live = run.status !== 'completed';
  return page({ title: `${run.title} · ${run.name} #${run.number}`, repository, tab: 'actions', live, body });
}

function jobView(job: RunJob): Html {
  const steps = job.steps.map(
    (step) =>
      html`<div class="row"><span class="dot ${step.conclusion ?? step.status}"></span><span class="grow">${step.name}</span><span class="dim small">${duration(step.startedAt, step.completedAt)}</span></div>`,
  );
  return html`<div class="box" id="job-${job.id}"><header><span class="dot ${job.conclusion ?? job.status}"></span><b>${job.name}</b> ${(job.conclusion ?? job.status).replace('_', ' ')}<span class="right">${duration(job.startedAt, job.completedAt)}</span></header>${steps}</div>`;
}

function duration(from: string | null, to: string | null): string {
  if (from === null || to === null) return '';
  const seconds = Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 1000));
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
