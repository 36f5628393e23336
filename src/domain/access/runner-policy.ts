import { matchesWhole } from '../path-rules.ts';
import type { RunnerCaller } from './caller.ts';

export const githubIssuer = 'https://token.actions.githubusercontent.com';

/** A repository whose jobs may call: `octo/slug`, `octo/*`; with an id what bears the name today, no later one. */
export interface AllowedRepository {
  readonly glob: string;
  readonly id?: string;
  /** Of the owner, whose name can be taken by somebody else as well. */
  readonly ownerId?: string;
}

/** Which of the tokens that GitHub really issued may do something here. */
export interface RunnerPolicy {
  readonly repositories: readonly AllowedRepository[];
  /** Globs over `owner/repo/.github/workflows/file.yml@refs/heads/main`; empty: any workflow of these repositories. */
  readonly workflows: readonly string[];
  /** Names of events (`issue_comment`) that the workflow may have been started by. */
  readonly events: readonly string[];
  /**
   * Where runs of all repositories of these owners (lower case) are carried out: `octo/agents`. Only jobs of these workflows
   * (globs as above; absent: of any) act for the others; what else stands there works for its own repository.
   */
  readonly central?: {
    readonly repository: string;
    readonly owners: readonly string[];
    readonly workflows?: readonly string[];
  };
}

/**
 * What starts agents, and nothing that runs a workflow from a pull request's own branch, as `pull_request` does and the
 * events of reviews do too (their `github.ref` is `refs/pull/<number>/merge`).
 */
export const defaultRunnerEvents = [
  'issues',
  'issue_comment',
  'workflow_dispatch',
  'repository_dispatch',
  'workflow_run',
  'schedule',
] as const;

/** The claims of GitHub's token that count, after signature, issuer, audience and time were checked. */
export interface RunnerClaims {
  readonly repository: string;
  readonly repositoryId: string;
  readonly repositoryOwnerId: string;
  readonly actor: string;
  readonly workflowRunId: string;
  readonly workflowRunAttempt: number;
  /** The file that the job stands in: `job_workflow_ref`, or `workflow_ref` where there is none. */
  readonly workflowRef: string;
  readonly event: string;
}

export type RunnerDecision =
  | { readonly kind: 'runner'; readonly caller: RunnerCaller }
  | { readonly kind: 'refused'; readonly what: 'repository' | 'workflow' | 'event'; readonly value: string };

export function decideRunner(claims: RunnerClaims, policy: RunnerPolicy): RunnerDecision {
  const { repositoryId, repositoryOwnerId, actor, workflowRunId, workflowRunAttempt, workflowRef, event } = claims;
  const repository = claims.repository.toLowerCase();
  const repositoryAllowed = policy.repositories.some(
    ({ glob, id, ownerId }) =>
      matchesWhole(glob.toLowerCase(), repository) &&
      (id === undefined || id === repositoryId) &&
      (ownerId === undefined || ownerId === repositoryOwnerId),
  );
  if (!repositoryAllowed) return { kind: 'refused', what: 'repository', value: claims.repository };
  const workflowAllowed =
    policy.workflows.length === 0 || policy.workflows.some((glob) => matchesWhole(glob, workflowRef));
  if (!workflowAllowed) return { kind: 'refused', what: 'workflow', value: workflowRef };
  if (!policy.events.includes(event)) return { kind: 'refused', what: 'event', value: event };
  const run = { workflowRunId, workflowRunAttempt, workflowRef };
  const { central } = policy;
  const isCentral = central?.repository.toLowerCase() === repository;
  const isOurs = central?.workflows?.some((glob) => matchesWhole(glob, workflowRef)) ?? true;
  const acting = isCentral && isOurs ? { owners: central.owners } : {};
  return { kind: 'runner', caller: { kind: 'runner', repository, repositoryId, actor, ...run, ...acting } };
}
