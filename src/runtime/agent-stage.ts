import { resolve } from 'node:path';
import { EntropyError } from '../domain/error.ts';
import { faultNote } from '../domain/fault-note.ts';
import { redactAll } from '../domain/secret-guard.ts';
import { type ActionEnvironment, homeOf } from './action-environment.ts';
import type { ActionIo } from './action-io.ts';
import { anthropicApi } from './anthropic-api.ts';
import { egressOfThisBundle } from './bundle-worker.ts';
import { knownSecrets, takeSecretInput } from './config.ts';
import { handOverFiles, readTask, writeFault } from './hand-over.ts';
import { logLine } from './job-log.ts';
import { refuseWithinReach } from './out-of-reach.ts';
import { processGuard } from './process-guard.ts';
import { runAgent } from './run-agent.ts';
import { version } from './version.ts';
import type { WorkerLink } from './worker-link.ts';

export interface AgentStage {
  readonly io: ActionIo;
  readonly inputs: {
    readonly stage: 'setup' | 'solve' | 'check';
    readonly task: string;
    readonly 'task-sha256': string;
    readonly workspace: string | undefined;
    readonly base: string | undefined;
    readonly result: string | undefined;
    readonly 'anthropic-base-url': string | undefined;
  };
  readonly environment: ActionEnvironment;
  /** Of the stage `solve`; the others need none. */
  readonly worker: WorkerLink | undefined;
}

/** One stage of the action `agent`. What goes wrong is also written down for the job that tells the issue. */
export async function runStage(stage: AgentStage, signal: AbortSignal): Promise<void> {
  const { inputs, environment, worker } = stage;
  const at = (path: string): string => resolve(environment.github.workspace, path);
  const places = {
    task: at(inputs.task),
    workspace: at(inputs.workspace ?? 'workspace'),
    base: inputs.base === undefined ? undefined : at(inputs.base),
    resultDir: at(inputs.result ?? 'entropy-result'),
  };
  refuseWithinReach(places.workspace, {
    'this action': process.argv[1] ?? '',
    'the task': places.task,
    'the folder for the result': places.resultDir,
    ...(places.base === undefined ? {} : { 'the base': places.base }),
    RUNNER_TEMP: environment.runner.temp,
  });
  try {
    if (worker !== undefined) await solve({ ...stage, worker }, places, signal);
    else if (inputs.stage === 'check') await check(stage, places, signal);
    else await prepare(stage, places, signal);
  } catch (error) {
    // The job that tells the issue how the run ended sees neither this log nor this error.
    await writeFault(places.resultDir, redactAll(faultNote(error, signal), processGuard().redact));
    throw error;
  }
}

interface Places {
  readonly task: string;
  readonly workspace: string;
  /** Of a pull request; absent for other work. */
  readonly base: string | undefined;
  readonly resultDir: string;
}

async function prepare({ inputs, environment }: AgentStage, places: Places, signal: AbortSignal): Promise<void> {
  const task = await readTask(places.task, inputs['task-sha256']);
  const { setUp } = await import('./set-up.ts');
  const log = (chunk: Uint8Array): void => void process.stdout.write(chunk);
  const { workspace } = places;
  const egress = egressOfThisBundle();
  const room = { task, hostPath: environment.hostPath, home: homeOf(environment), egress, log };
  await setUp({ ...room, workspace }, signal);
  if (task.pull === undefined) return;
  const { setUpBase } = await import('./set-up-base.ts');
  await setUpBase({ ...room, base: neededBase(places) }, signal);
}

/** After an agent that was killed nobody has looked through what it left. The key is here to be looked for. */
async function check({ inputs, environment }: AgentStage, places: Places, signal: AbortSignal): Promise<void> {
  takeSecretInput('anthropic-api-key');
  const task = await readTask(places.task, inputs['task-sha256']);
  const { clearHandOver } = await import('./clear-hand-over.ts');
  const { workspace, resultDir } = places;
  const left = { task, workspace, resultDir, hostPath: environment.hostPath, secrets: knownSecrets() };
  await clearHandOver(left, undefined, signal);
}

async function solve(
  { io, inputs, environment, worker }: AgentStage & { readonly worker: WorkerLink },
  places: Places,
  signal: AbortSignal,
): Promise<void> {
  const { workspace, resultDir } = places;
  const task = await readTask(places.task, inputs['task-sha256']);
  // A workflow of its own may start this job all the same: no model is asked about what a person has approved.
  if (task.approved !== undefined) return io.notice('nothing to do here: what was approved is published as it is held');
  const result = await runAgent(
    {
      task,
      workspace,
      ...(task.pull === undefined ? {} : { base: neededBase(places) }),
      resultDir,
      hostPath: environment.hostPath,
      home: homeOf(environment),
      egress: egressOfThisBundle(),
      version,
      worker,
      anthropicBaseUrl: inputs['anthropic-base-url'] ?? anthropicApi,
      takeKey: () => takeSecretInput('anthropic-api-key'),
      secrets: knownSecrets,
      log: logLine,
    },
    signal,
  );
  const { reportSolved } = await import('./action-report.ts');
  await reportSolved(io, task, { result, trajectory: resolve(resultDir, handOverFiles.trajectory) });
}

/** A pull request is looked at beside what it is measured against. */
function neededBase({ base }: Places): string {
  if (base !== undefined) return base;
  throw new EntropyError({
    code: 'E101',
    message: 'the task is about a pull request, and the action has no input `base`',
    fix: "check out the commit that the gate's output base-sha names into a folder of its own (actions/checkout with `path: base`) and give the action the input base: base",
  });
}
