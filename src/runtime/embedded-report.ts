import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { patchText } from '../adapters/git/patch-text.ts';
import { rawDiff } from '../adapters/git/raw-diff.ts';
import { noUsage } from '../domain/budget.ts';
import type { EmbeddedReport } from '../domain/embedded-run.ts';
import { type Outcome, outcomes } from '../domain/outcome.ts';
import { startingSha, type Task } from '../domain/task.ts';
import type { EmbeddedGitHub } from '../embedded/github/embedded-github.ts';
import { readEnvironment } from './config.ts';
import { readEmbedded } from './embedded-api.ts';
import type { AgentWorkflowRun } from './embedded-workflow.ts';
import { runFiles } from './run-folder.ts';
import { reportedTokens } from './run-report.ts';

export interface ReportRequest {
  readonly github: EmbeddedGitHub;
  readonly run: AgentWorkflowRun;
  readonly issueUrl: string;
  readonly startedAt: number;
}

/** What came of a run, as the workflow's outputs tell it and as the embedded GitHub now holds it. */
export async function buildReport(
  request: ReportRequest & { readonly task: Task; readonly folder: string },
): Promise<EmbeddedReport> {
  const { run, task, github, folder } = request;
  const outputs = outputsOf(run);
  const { result } = run;
  const pullRequest = await readPullRequest(github, task, outputs['pull-request'] ?? '');
  const branch = outputs['branch'] === undefined || outputs['branch'] === '' ? null : outputs['branch'];
  const base = startingSha(task);
  const changes = pullRequest === undefined ? undefined : await diff(github, task, { base, head: pullRequest.headSha });
  const patchPath = changes === undefined ? null : join(folder, runFiles.patch);
  if (changes !== undefined && patchPath !== null) await writeFile(patchPath, changes.patch);
  return {
    ...emptyReport(request),
    outcome: outcomeOf(outputs['outcome']),
    reason: outputs['report'] ?? '',
    runId: task.runId,
    model: result?.model ?? task.agent.model,
    branch,
    baseSha: task.base.sha,
    headSha: pullRequest?.headSha ?? null,
    filesChanged: changes?.files ?? [],
    patchPath,
    modelCalls: result?.modelCalls ?? 0,
    turns: result?.spend.turns ?? 0,
    tokens: reportedTokens(result?.spend.usage ?? noUsage),
    costUsd: (result?.spend.costMicroUsd ?? 0) / 1_000_000,
    sandboxRung: result?.sandbox.rung ?? null,
    trajectory: run.trajectory ?? null,
    pullRequest:
      pullRequest === undefined ? null : { number: pullRequest.number, url: pullRequest.url, draft: pullRequest.draft },
  };
}

/** The report of a run that never became one: the gate refused, or the workflow broke before it. */
export function emptyReport({ github, run, issueUrl, startedAt }: ReportRequest): EmbeddedReport {
  const gate = run.report.jobs.find(({ id }) => id.endsWith('gate'))?.outputs ?? {};
  const failure = run.report.annotations.find(({ level }) => level === 'error')?.message;
  const refused = gate['outcome'] === 'refused';
  return {
    schema: 1,
    outcome: run.report.conclusion === 'cancelled' ? 'cancelled' : refused ? 'refused' : 'failed',
    reason: failure ?? gate['report'] ?? run.report.reason,
    runId: '',
    model: '',
    branch: null,
    baseSha: null,
    headSha: null,
    filesChanged: [],
    patchPath: null,
    apiCalls: github.requestCounts(),
    modelCalls: 0,
    turns: 0,
    tokens: reportedTokens(noUsage),
    costUsd: 0,
    sandboxRung: null,
    durations: { ...run.durations, ...run.result?.durations, total: Math.round(performance.now() - startedAt) },
    trajectory: null,
    pullRequest: null,
    issueUrl,
    workspace: null,
    serving: null,
    coordinator: null,
  };
}

function outputsOf({ report }: AgentWorkflowRun): Readonly<Record<string, string>> {
  return report.jobs.find(({ id }) => id.endsWith('publish'))?.outputs ?? {};
}

function outcomeOf(text: string | undefined): Outcome {
  return outcomes.find((outcome) => outcome === text) ?? 'failed';
}

interface PullAnswer {
  readonly number: number;
  readonly html_url: string;
  readonly draft: boolean;
  readonly head: { readonly sha: string };
}

async function readPullRequest(github: EmbeddedGitHub, { repository }: Task, number: string) {
  if (number === '') return undefined;
  const signal = AbortSignal.timeout(60_000);
  const pull = await readEmbedded<PullAnswer>(github, { repository, path: `pulls/${number}`, signal });
  return { number: pull.number, url: pull.html_url, draft: pull.draft, headSha: pull.head.sha };
}

async function diff(github: EmbeddedGitHub, { repository }: Task, { base, head }: { base: string; head: string }) {
  const place = { gitDir: github.gitDir(repository.owner, repository.name), path: readEnvironment().hostPath };
  const signal = AbortSignal.timeout(60_000);
  const pair = { place, from: base, to: head, signal };
  const patch = await patchText(pair);
  return { patch, files: (await rawDiff(pair)).map(({ path }) => path).sort() };
}
