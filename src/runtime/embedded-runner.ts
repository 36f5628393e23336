import { createSystemClock } from '../adapters/system/system-clock.ts';
import { fullName, type RepositoryRef } from '../domain/repository.ts';
import type { EmbeddedGitHub } from '../embedded/github/embedded-github.ts';
import type { ArtifactStore } from '../embedded/runner/artifact/artifact-store.ts';
import type { JsonObject } from '../embedded/runner/json.ts';
import type { ConcurrencyCoordinator } from '../embedded/runner/plan/concurrency.ts';
import type { WorkflowRunReport } from '../embedded/runner/run-report.ts';
import { runWorkflow } from '../embedded/runner/run-workflow.ts';
import type { RunnerEvent } from '../embedded/runner/runner-event.ts';
import { readEnvironment } from './config.ts';
import { createEmbeddedResolver } from './embedded-resolver.ts';

export interface LocalWorkflowRun {
  readonly github: EmbeddedGitHub;
  readonly repository: RepositoryRef;
  /** The record of the run there, which this run is. */
  readonly record: { readonly id: number; readonly number: number };
  readonly workflow: { readonly path: string; readonly text: string };
  readonly event: { readonly name: string; readonly payload: Readonly<Record<string, unknown>> };
  readonly branch: string;
  readonly sha: string;
  readonly actor: string;
  /** HOME of everything that is started. */
  readonly folder: string;
  /** Where jobs work; below the folder. */
  readonly jobsDir: string;
  readonly packageRoot: string;
  readonly secrets: Readonly<Record<string, string>>;
  readonly artifacts: ArtifactStore;
  readonly onEvent: (event: RunnerEvent) => void;
  /** Shared by runs that must know of each other's `concurrency:`. */
  readonly concurrency?: ConcurrencyCoordinator;
}

/** Runs a workflow file of a repository of the embedded GitHub on this machine, with tokens and secrets as a hosted runner has them. */
export async function runOnThisMachine(run: LocalWorkflowRun, signal: AbortSignal): Promise<WorkflowRunReport> {
  const { github, repository, event, branch, sha, record } = run;
  const facts = payloadFacts(event.payload);
  const ref = `refs/heads/${branch}`;
  const { hostPath } = readEnvironment();
  return runWorkflow({
    workflow: { ...run.workflow, identity: { repository: fullName(repository), sha, ref } },
    event: { name: event.name, payload: event.payload as JsonObject },
    repository: { ...repository, id: facts.repositoryId, ownerId: facts.ownerId },
    ref,
    sha,
    actor: { login: run.actor, id: facts.senderId },
    runId: record.id,
    runNumber: record.number,
    attempt: 1,
    github: { serverUrl: github.url, apiUrl: github.apiUrl, graphqlUrl: github.graphqlUrl },
    mintToken: async ({ permissions }) => github.mintToken({ repository, permissions }),
    openIdTokens: (claims) => github.openIdTokens(claims),
    secrets: run.secrets,
    vars: {},
    tempDir: run.jobsDir,
    resolve: createEmbeddedResolver({ packageRoot: run.packageRoot, serverUrl: github.url, hostPath }),
    env: { PATH: hostPath, HOME: run.folder, LANG: 'C.UTF-8' },
    clock: createSystemClock(),
    signal,
    onEvent: run.onEvent,
    artifacts: run.artifacts,
    ...(run.concurrency === undefined ? {} : { concurrency: run.concurrency }),
  });
}

export function summaryOf({ summary }: WorkflowRunReport): string {
  return summary.map(({ markdown }) => markdown).join('\n\n');
}

/** The ids and names that a runner takes from an event; the embedded GitHub always gives them. */
export function payloadFacts(payload: Readonly<Record<string, unknown>>) {
  const { repository, sender } = payload as {
    readonly repository: {
      readonly id: number;
      readonly default_branch: string;
      readonly owner: { readonly id: number };
    };
    readonly sender: { readonly id: number; readonly login: string };
  };
  return {
    repositoryId: repository.id,
    ownerId: repository.owner.id,
    senderId: sender.id,
    sender: sender.login,
    defaultBranch: repository.default_branch,
  };
}
