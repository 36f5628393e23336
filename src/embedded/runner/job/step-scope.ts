import { hashFiles } from '../artifact/hash-files.ts';
import type { Scope } from '../expression/evaluate.ts';
import { type Status, stepStatusFunctions } from '../expression/status-functions.ts';
import type { Json, JsonObject } from '../json.ts';
import type { JobRun, StepFrame } from './job-run.ts';

export interface ScopeRequest {
  readonly frame: StepFrame;
  readonly env: Readonly<Record<string, string>>;
  readonly action?: string;
  /** Post and pre steps look at the job, wherever they were written. */
  readonly status?: () => Status;
}

/** What an expression of a step may see at this moment. */
export function stepScope(request: ScopeRequest): Scope {
  const { frame } = request;
  const { job } = frame;
  const jobStatus = (): Status => job.status;
  const home = job.services.env['HOME'] ?? job.folders.temp;
  return {
    contexts: {
      ...frame.contexts,
      github: githubOfStep(frame, request.action),
      env: request.env,
      steps: frame.steps as unknown as JsonObject,
      job: jobContext(job),
      runner: job.runner,
    },
    functions: {
      ...stepStatusFunctions(request.status ?? frame.status, jobStatus),
      hashFiles: (args) => hashFiles(args, job.folders.workspace, home),
    },
  };
}

export function githubOfStep(frame: StepFrame, action: string | undefined): JsonObject {
  const extra: Record<string, Json> = {};
  if (action !== undefined) extra['action'] = action;
  if (frame.actionPath !== undefined) extra['action_path'] = frame.actionPath;
  if (frame.kind === 'composite') extra['action_status'] = frame.status();
  return { ...frame.job.github, ...extra };
}

function jobContext(job: JobRun): JsonObject {
  const { repository, path, ref, sha } = job.workflow;
  return {
    status: job.status,
    workflow_repository: repository,
    workflow_ref: `${repository}/${path}@${ref}`,
    workflow_sha: sha,
    workflow_file_path: path,
    services: {},
    container: {},
  };
}

/** The environment that the frame's steps start from. */
export function frameEnv(frame: StepFrame): Record<string, string> {
  return { ...frame.job.env, ...frame.overrides };
}
