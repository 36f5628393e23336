import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSystemClock } from '../adapters/system/system-clock.ts';
import type { LifeEvent } from '../domain/life-event.ts';
import type { RepositoryRef } from '../domain/repository.ts';
import type { RunResult } from '../domain/run-result.ts';
import { defaultSettings } from '../domain/settings.ts';
import type { Task } from '../domain/task.ts';
import { type WorkflowForm, workflowText } from '../domain/workflow-text.ts';
import type { EmbeddedGitHub } from '../embedded/github/embedded-github.ts';
import { type ArtifactStore, createArtifactStore } from '../embedded/runner/artifact/artifact-store.ts';
import type { JsonObject } from '../embedded/runner/json.ts';
import type { WorkflowRunReport } from '../embedded/runner/run-report.ts';
import { runWorkflow } from '../embedded/runner/run-workflow.ts';
import type { RunnerEvent } from '../embedded/runner/runner-event.ts';
import { readEnvironment } from './config.ts';
import { watchLife } from './embedded-life.ts';
import { createEmbeddedResolver } from './embedded-resolver.ts';
import { handOverFiles } from './hand-over.ts';

/** Inputs of the shipped workflow, by name. */
export type WorkflowInputs = Readonly<Record<string, string>>;

export interface AgentWorkflowOptions {
  readonly github: EmbeddedGitHub;
  readonly repository: RepositoryRef;
  /** Of the `issue_comment` event. */
  readonly payload: Readonly<Record<string, unknown>>;
  readonly issue: number;
  readonly actor: string;
  /** Everything of the run is put below. */
  readonly folder: string;
  readonly packageRoot: string;
  readonly inputs: WorkflowInputs;
  readonly secrets: Readonly<Record<string, string>>;
  readonly onEvent: (event: LifeEvent) => void;
  /** The way of calling us that `init` writes; three jobs when absent. */
  readonly form?: WorkflowForm;
  /** Everything that the runner tells, for whoever needs more than the story. */
  readonly onRunnerEvent?: (event: RunnerEvent) => void;
}

export interface AgentWorkflowRun {
  readonly report: WorkflowRunReport;
  /** As the gate and the agent handed them over; undefined when they did not. */
  readonly task: Task | undefined;
  readonly result: RunResult | undefined;
  readonly trajectory: string | undefined;
  /** Milliseconds by job step that people care about. */
  readonly durations: Readonly<Record<string, number>>;
}

const callerPath = '.github/workflows/agent.yml';

/** Runs the shipped workflow, called as `entropy-playground init` writes it, for one event of the embedded GitHub. */
export async function runAgentWorkflow(options: AgentWorkflowOptions, signal: AbortSignal): Promise<AgentWorkflowRun> {
  const { github, repository, actor, folder } = options;
  const { payload } = options;
  const facts = payloadFacts(payload);
  const headSha = await branchHead(github, repository, facts.defaultBranch, signal);
  const record = github.runs.create({
    repository,
    workflowPath: callerPath,
    name: 'agent',
    event: 'issue_comment',
    title: `agent on #${options.issue}`,
    headBranch: facts.defaultBranch,
    headSha,
    actor,
  });
  github.runs.update(record.id, { status: 'in_progress' });
  const artifacts = createArtifactStore(join(folder, 'artifacts'));
  const jobsDir = join(folder, 'runner');
  const log: string[] = [];
  const life = watchLife({
    jobsDir,
    artifacts,
    repository,
    issue: options.issue,
    actor,
    onEvent: options.onEvent,
    log,
  });
  const fullName = `${repository.owner}/${repository.name}`;
  const report = await runWorkflow({
    workflow: {
      path: callerPath,
      text: callerText(options),
      identity: { repository: fullName, sha: headSha, ref: `refs/heads/${facts.defaultBranch}` },
    },
    event: { name: 'issue_comment', payload: payload as JsonObject },
    repository: { ...repository, id: facts.repositoryId, ownerId: facts.ownerId },
    ref: `refs/heads/${facts.defaultBranch}`,
    sha: headSha,
    actor: { login: actor, id: facts.senderId },
    runId: record.id,
    runNumber: record.number,
    attempt: 1,
    github: { serverUrl: github.url, apiUrl: github.apiUrl, graphqlUrl: github.graphqlUrl },
    mintToken: async ({ permissions }) => github.mintToken({ repository, permissions }),
    secrets: options.secrets,
    vars: {},
    tempDir: jobsDir,
    resolve: createEmbeddedResolver({
      packageRoot: options.packageRoot,
      serverUrl: github.url,
      hostPath: readEnvironment().hostPath,
    }),
    env: { PATH: readEnvironment().hostPath, HOME: folder, LANG: 'C.UTF-8' },
    clock: createSystemClock(),
    signal,
    onEvent: (event) => {
      life.see(event);
      options.onRunnerEvent?.(event);
    },
    artifacts,
  });
  await life.done();
  github.runs.update(record.id, { status: 'completed', conclusion: report.conclusion, summary: summaryOf(report) });
  github.runs.setLog(record.id, log.join('\n'));
  const handedOver = await readHandOver(artifacts);
  return { report, ...handedOver, durations: life.durations() };
}

function callerText({ inputs, form = 'three-jobs' }: AgentWorkflowOptions): string {
  const { labelTrigger, triggerPhrase } = defaultSettings;
  return workflowText({ form, labelTrigger, triggerPhrase, inputs });
}

function summaryOf({ summary }: WorkflowRunReport): string {
  return summary.map(({ markdown }) => markdown).join('\n\n');
}

interface HandedOver {
  readonly task: Task | undefined;
  readonly result: RunResult | undefined;
  readonly trajectory: string | undefined;
}

async function readHandOver(artifacts: ArtifactStore): Promise<HandedOver> {
  const folderOf = (name: string) => artifacts.list().find((artifact) => artifact.name === name)?.folder;
  const readJson = async <T>(folder: string | undefined, file: string): Promise<T | undefined> => {
    if (folder === undefined) return undefined;
    const text = await readFile(join(folder, file), 'utf8').catch(() => undefined);
    return text === undefined ? undefined : (JSON.parse(text) as T);
  };
  const results = folderOf('entropy-result');
  return {
    task: await readJson<Task>(folderOf('entropy-task'), handOverFiles.task),
    result: await readJson<RunResult>(results, handOverFiles.result),
    trajectory: results === undefined ? undefined : join(results, handOverFiles.trajectory),
  };
}

/** The ids and names that a runner takes from an event; the embedded GitHub always gives them. */
function payloadFacts(payload: Readonly<Record<string, unknown>>) {
  const { repository, sender } = payload as {
    readonly repository: {
      readonly id: number;
      readonly default_branch: string;
      readonly owner: { readonly id: number };
    };
    readonly sender: { readonly id: number };
  };
  return {
    repositoryId: repository.id,
    ownerId: repository.owner.id,
    senderId: sender.id,
    defaultBranch: repository.default_branch,
  };
}

async function branchHead(
  github: EmbeddedGitHub,
  { owner, name }: RepositoryRef,
  branch: string,
  signal: AbortSignal,
): Promise<string> {
  const response = await fetch(`${github.apiUrl}/repos/${owner}/${name}/commits/${encodeURIComponent(branch)}`, {
    signal,
  });
  const { sha } = (await response.json()) as { readonly sha?: string };
  if (sha === undefined) throw new Error(`GET commits/${branch} answered ${response.status}`);
  return sha;
}
