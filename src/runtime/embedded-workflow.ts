import { join } from 'node:path';
import { createSystemClock } from '../adapters/system/system-clock.ts';
import type { LifeEvent } from '../domain/life-event.ts';
import { fullName, type RepositoryRef } from '../domain/repository.ts';
import { defaultSettings } from '../domain/settings.ts';
import { type WorkflowForm, workflowText } from '../domain/workflow-text.ts';
import type { EmbeddedGitHub } from '../embedded/github/embedded-github.ts';
import { createArtifactStore } from '../embedded/runner/artifact/artifact-store.ts';
import type { JsonObject } from '../embedded/runner/json.ts';
import type { WorkflowRunReport } from '../embedded/runner/run-report.ts';
import { runWorkflow } from '../embedded/runner/run-workflow.ts';
import type { RunnerEvent } from '../embedded/runner/runner-event.ts';
import { readEnvironment } from './config.ts';
import { readEmbedded } from './embedded-api.ts';
import { type EmbeddedHandOver, readEmbeddedHandOver } from './embedded-hand-over.ts';
import { watchLife } from './embedded-life.ts';
import { createEmbeddedResolver } from './embedded-resolver.ts';

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
  /** Where claims and books are kept; in git refs when absent. */
  readonly coordinatorUrl?: string;
  /** Everything that the runner tells, for whoever needs more than the story. */
  readonly onRunnerEvent?: (event: RunnerEvent) => void;
}

export interface AgentWorkflowRun extends EmbeddedHandOver {
  readonly report: WorkflowRunReport;
  /** Milliseconds by job step that people care about. */
  readonly durations: Readonly<Record<string, number>>;
}

const callerPath = '.github/workflows/agent.yml';

/** Runs the shipped workflow, called as `entropy-playground init` writes it, for one event of the embedded GitHub. */
export async function runAgentWorkflow(options: AgentWorkflowOptions, signal: AbortSignal): Promise<AgentWorkflowRun> {
  const { github, repository, actor, folder, payload } = options;
  const facts = payloadFacts(payload);
  const path = `commits/${encodeURIComponent(facts.defaultBranch)}`;
  const { sha: headSha } = await readEmbedded<{ readonly sha: string }>(github, { repository, path, signal });
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
  const life = watchLife({ jobsDir, artifacts, onEvent: options.onEvent });
  const report = await runWorkflow({
    workflow: {
      path: callerPath,
      text: callerText(options),
      identity: { repository: fullName(repository), sha: headSha, ref: `refs/heads/${facts.defaultBranch}` },
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
    openIdTokens: (claims) => github.openIdTokens(claims),
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
  github.runs.setLog(record.id, life.log.join('\n'));
  return { report, ...readEmbeddedHandOver(artifacts), durations: life.durations };
}

function callerText({ inputs, form = 'three-jobs', coordinatorUrl }: AgentWorkflowOptions): string {
  const { labelTrigger, triggerPhrase } = defaultSettings;
  const at = coordinatorUrl === undefined ? {} : { coordinatorUrl };
  return workflowText({ form, labelTrigger, triggerPhrase, inputs, ...at });
}

function summaryOf({ summary }: WorkflowRunReport): string {
  return summary.map(({ markdown }) => markdown).join('\n\n');
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
