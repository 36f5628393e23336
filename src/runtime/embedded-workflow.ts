import { join } from 'node:path';
import type { LifeEvent } from '../domain/life-event.ts';
import type { RepositoryRef } from '../domain/repository.ts';
import { defaultSettings } from '../domain/settings.ts';
import { type WorkflowForm, workflowText } from '../domain/workflow-text.ts';
import type { EmbeddedGitHub } from '../embedded/github/embedded-github.ts';
import { createArtifactStore } from '../embedded/runner/artifact/artifact-store.ts';
import type { WorkflowRunReport } from '../embedded/runner/run-report.ts';
import type { RunnerEvent } from '../embedded/runner/runner-event.ts';
import { readEmbedded } from './embedded-api.ts';
import { type EmbeddedHandOver, readEmbeddedHandOver } from './embedded-hand-over.ts';
import { watchLife } from './embedded-life.ts';
import { payloadFacts, runOnThisMachine, summaryOf } from './embedded-runner.ts';

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
  const report = await runOnThisMachine(
    {
      github,
      repository,
      record,
      workflow: { path: callerPath, text: callerText(options) },
      event: { name: 'issue_comment', payload },
      branch: facts.defaultBranch,
      sha: headSha,
      actor,
      folder,
      jobsDir,
      packageRoot: options.packageRoot,
      secrets: options.secrets,
      artifacts,
      onEvent: (event) => {
        life.see(event);
        options.onRunnerEvent?.(event);
      },
    },
    signal,
  );
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
