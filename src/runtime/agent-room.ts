import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CheckOutOptions, checkOut } from '../adapters/git/check-out.ts';
import { createSystemClock } from '../adapters/system/system-clock.ts';
import type { LifeEvent } from '../domain/life-event.ts';
import type { RunResult } from '../domain/run-result.ts';
import { startingSha, type Task } from '../domain/task.ts';
import { modelKeyVariable } from './cli-environment.ts';
import { knownSecrets, readEnvironment, takeSecret } from './config.ts';
import { handOverFiles } from './hand-over.ts';
import { addMergeCommits } from './merge-commits.ts';
import { ownEgressCommand, ownWorkerCommand } from './own-worker.ts';
import { runAgent } from './run-agent.ts';
import { setUp } from './set-up.ts';
import { setUpBase } from './set-up-base.ts';
import { tellPhases } from './told-phases.ts';
import { version } from './version.ts';
import { watchTrajectory } from './watched-trajectory.ts';
import { startWorker } from './worker-link.ts';

export interface AgentRoomOptions {
  readonly task: Task;
  readonly from: CheckOutOptions['from'];
  /** Absolute path; trajectory.jsonl and result.json are written there. */
  readonly resultDir: string;
  readonly onEvent: (event: LifeEvent) => void;
  /** A person asked for no sandbox, on their own machine. */
  readonly walls?: 'none' | undefined;
}

export interface AgentRoom extends AsyncDisposable {
  readonly workspace: string;
  readonly home: string;
  readonly durations: Readonly<Record<string, number>>;
  work(signal: AbortSignal): Promise<RunResult>;
}

/** A fresh working copy of the task's commit, in which the agent of the command line works; gone when disposed. */
export async function openAgentRoom(options: AgentRoomOptions, signal: AbortSignal): Promise<AgentRoom> {
  const { task, from, onEvent, resultDir, walls } = options;
  const { hostPath, anthropicBaseUrl } = readEnvironment();
  const folder = await mkdtemp(join(tmpdir(), 'entropy-room-'));
  const workspace = join(folder, 'workspace');
  const base = task.pull === undefined ? undefined : join(folder, 'base');
  const room = {
    task,
    workspace,
    ...(base !== undefined && { base }),
    hostPath,
    home: join(folder, 'home'),
    egress: ownEgressCommand(),
    ...(walls && { walls }),
  };
  const phases = tellPhases(onEvent);
  const dispose = () => rm(folder, { recursive: true, force: true });
  try {
    await checkOut({ from, sha: startingSha(task), folder: workspace, searchPath: hostPath, signal });
    await addMergeCommits({ from, task, folder: workspace, searchPath: hostPath, signal });
    if (base !== undefined && task.pull !== undefined) {
      await checkOut({ from, sha: task.pull.baseSha, folder: base, searchPath: hostPath, signal });
    }
  } catch (error) {
    await dispose();
    throw error;
  }

  const solve = async (stop: AbortSignal): Promise<RunResult> => {
    const steps = watchTrajectory({
      path: join(resultDir, handOverFiles.trajectory),
      clock: createSystemClock(),
      onEvent: (event) => onEvent({ type: 'step', event }),
    });
    try {
      return await runAgent(
        {
          ...room,
          resultDir,
          version,
          worker: startWorker({ command: ownWorkerCommand(), hostPath, tempDir: folder }),
          anthropicBaseUrl,
          takeKey: () => takeSecret(modelKeyVariable),
          secrets: knownSecrets,
          log: (message) => {
            for (const line of message.split('\n')) onEvent({ type: 'log', job: 'agent', line });
          },
        },
        stop,
      );
    } finally {
      await steps.end();
    }
  };

  return {
    workspace,
    home: room.home,
    durations: phases.durations,
    async work(stop) {
      const text = new TextDecoder();
      const log = (chunk: Uint8Array): void => {
        for (const line of text.decode(chunk, { stream: true }).split('\n')) {
          if (line !== '') onEvent({ type: 'log', job: 'setup', line });
        }
      };
      if (task.setupCommand !== undefined) {
        await phases.during({ phase: 'setup', subject: task.setupCommand }, async () => {
          await setUp({ ...room, log }, stop);
          if (base !== undefined) await setUpBase({ ...room, base, log }, stop);
        });
      }
      const detail = ({ sandbox }: RunResult): string => `sandbox ${sandbox.description}`;
      return phases.during({ phase: 'agent', subject: task.agent.role, detail }, () => solve(stop));
    },
    [Symbol.asyncDispose]: dispose,
  };
}
