import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { describeError } from '../../../domain/error.ts';
import type { JobWork } from '../definition/workflow-definition.ts';
import { evaluateDeferred, evaluateTexts } from '../expression/evaluate.ts';
import { expressionText, isTruthy } from '../expression/expression-data.ts';
import { createSecretMasker } from '../io/secret-masker.ts';
import { githubContext } from '../job/github-context.ts';
import { idTokenClaims } from '../job/id-token-claims.ts';
import { createJobFolders } from '../job/job-folders.ts';
import type { JobRun, StepFrame } from '../job/job-run.ts';
import { runSteps } from '../job/run-steps.ts';
import { stepScope } from '../job/step-scope.ts';
import { endLeftoverProcesses } from '../process/leftover-processes.ts';
import type { Conclusion, JobReport, StepReport } from '../run-report.ts';
import type { JobLeg } from './job-leg.ts';
import type { JobResult } from './run-state.ts';
import { workflowScope } from './workflow-contexts.ts';

type StepsWork = Extract<JobWork, { kind: 'steps' }>;

/** GitHub's own limit for a job that names none. */
const defaultMinutes = 360;

/** A job with steps, on a machine of its own as far as it can tell: fresh folders, a token, its own masks. */
export async function runJob(leg: JobLeg, work: StepsWork): Promise<JobResult> {
  const { scope, cancellation } = leg;
  const { clock, emit, annotate } = scope.run.services;
  const started = clock.monotonic();
  emit({ type: 'job.started', job: leg.id, name: leg.name });
  const job = await openJob(leg);
  const frame = jobFrame(job);
  const stopListening = cancelJobWith(job, cancellation.cancelSignal);
  const steps: StepReport[] = [];
  let outputs: Readonly<Record<string, string>> = {};
  try {
    cancellation.limit(minutesOf(work, leg));
    const { env: workflowEnv } = scope.plan.definition;
    job.env = { ...evaluateTexts(workflowEnv, envScope(leg, job)), ...evaluateTexts(work.env, envScope(leg, job)) };
    await runSteps({ steps: work.steps, frame, defaults: mergedDefaults(leg, work), reports: steps });
    outputs = jobOutputs(work, frame, leg);
  } catch (error) {
    // The author's `env:` or `outputs:` cannot be evaluated: the job fails, as on GitHub.
    job.status = job.status === 'cancelled' ? 'cancelled' : 'failure';
    annotate({ level: 'error', message: describeError(error), job: leg.id, step: '' });
  } finally {
    stopListening();
    cancellation.release();
    endLeftoverProcesses({ trackingId: job.trackingId, sessions: job.sessions });
  }
  const why = cancellation.reason();
  if (job.status === 'cancelled' && why !== undefined)
    annotate({ level: 'error', message: why, job: leg.id, step: '' });
  const report: JobReport = {
    id: leg.id,
    name: leg.name,
    conclusion: job.status,
    outputs,
    steps,
    durationMs: Math.round(clock.monotonic() - started),
  };
  scope.run.jobs.push(report);
  const { id, steps: _steps, ...told } = report;
  emit({ type: 'job.finished', job: id, ...told });
  const forgiven = job.status === 'failure' && isForgiven(work, leg);
  const result: Conclusion = forgiven ? 'success' : job.status;
  return { result, conclusion: job.status, outputs };
}

async function openJob(leg: JobLeg): Promise<JobRun> {
  const { scope, cancellation } = leg;
  const { options, services, workflowName } = scope.run;
  const { plan, secrets } = scope;
  const permissions = plan.permissions.get(leg.job.id) ?? {};
  const token = await options.mintToken({ job: leg.id, permissions });
  const folderName = leg.id.replace(/[^A-Za-z0-9_-]+/g, '-');
  const folders = createJobFolders({
    root: path.join(options.tempDir, 'jobs', `${folderName}-${randomUUID().slice(0, 8)}`),
    repositoryName: options.repository.name,
    payload: options.event.payload,
  });
  const debug = secrets['ACTIONS_STEP_DEBUG'] === 'true' || options.vars['ACTIONS_STEP_DEBUG'] === 'true';
  const { workspace, eventPath, temp, toolCache } = folders;
  const github = githubContext({ options, workflowName, job: leg.job.id, token, workspace, eventPath });
  const workflow = { ...plan.identity, path: scope.path };
  const mayIdentify = permissions['id-token'] === 'write';
  const idTokens = mayIdentify ? options.openIdTokens?.(idTokenClaims(github, workflow)) : undefined;
  const known = [...Object.values(options.secrets), ...Object.values(secrets), token];
  return {
    services,
    id: leg.id,
    name: leg.name,
    folders,
    token,
    idTokens,
    masker: createSecretMasker(idTokens === undefined ? known : [...known, idTokens.token]),
    github,
    runner: {
      os: { linux: 'Linux', darwin: 'macOS', win32: 'Windows' }[String(process.platform)] ?? process.platform,
      arch: { x64: 'X64', arm64: 'ARM64', arm: 'ARM', ia32: 'X86' }[String(process.arch)] ?? process.arch,
      name: 'local-runner',
      environment: 'self-hosted',
      temp,
      tool_cache: toolCache,
      workspace: path.dirname(workspace),
      ...(debug ? { debug: '1' } : {}),
    },
    contexts: {
      ...leg.contexts,
      inputs: scope.inputs,
      vars: options.vars,
      secrets: { ...secrets, github_token: token },
    },
    workflow,
    trackingId: `github_${randomUUID()}`,
    debug,
    cancelSignal: cancellation.cancelSignal,
    killSignal: cancellation.killSignal,
    status: 'success',
    env: {},
    pathPrefix: [],
    posts: [],
    sessions: [],
  };
}

function jobFrame(job: JobRun): StepFrame {
  return {
    job,
    kind: 'job',
    contexts: job.contexts,
    steps: {},
    overrides: {},
    actionPath: undefined,
    status: () => job.status,
  };
}

/** The status changes before anybody else hears of the cancel, so that conditions asked again see it. */
function cancelJobWith(job: JobRun, signal: AbortSignal): () => void {
  const mark = (): void => {
    job.status = 'cancelled';
  };
  if (signal.aborted) mark();
  signal.addEventListener('abort', mark, { once: true });
  return () => signal.removeEventListener('abort', mark);
}

function envScope(leg: JobLeg, job: JobRun) {
  const scope = workflowScope(leg.scope, leg.contexts);
  return { ...scope, contexts: { ...scope.contexts, github: job.github, secrets: job.contexts['secrets'] ?? null } };
}

function mergedDefaults(leg: JobLeg, work: StepsWork): StepsWork['defaults'] {
  return { ...leg.scope.plan.definition.defaults, ...work.defaults };
}

/** An output in which a secret would be masked is not handed on: GitHub drops it with a warning. */
function jobOutputs(work: StepsWork, frame: StepFrame, leg: JobLeg): Readonly<Record<string, string>> {
  const { job } = frame;
  const values = evaluateTexts(work.outputs, stepScope({ frame, env: job.env }));
  const kept = Object.entries(values).filter(([name, value]) => {
    if (!job.masker.hides(value)) return true;
    const message = `Skip output '${name}' since it may contain secret.`;
    leg.scope.run.services.annotate({ level: 'warning', message, job: leg.id, step: '' });
    return false;
  });
  return Object.fromEntries(kept);
}

function minutesOf(work: StepsWork, leg: JobLeg): number {
  const minutes = Number(
    evaluateDeferred(work.timeoutMinutes, workflowScope(leg.scope, leg.contexts)) ?? defaultMinutes,
  );
  return Number.isFinite(minutes) && minutes > 0 ? minutes : defaultMinutes;
}

function isForgiven(work: StepsWork, leg: JobLeg): boolean {
  const value = evaluateDeferred(work.continueOnError, workflowScope(leg.scope, leg.contexts));
  return isTruthy(value) && expressionText(value) !== 'false';
}
