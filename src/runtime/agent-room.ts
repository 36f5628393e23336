import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { followTrajectory } from '../adapters/filesystem/trajectory-follow.ts';
import { type CheckOutOptions, checkOut } from '../adapters/git/check-out.ts';
import { createSystemClock } from '../adapters/system/system-clock.ts';
import type { LifeEvent, Phase } from '../domain/life-event.ts';
import type { RunResult } from '../domain/run-result.ts';
import type { Task } from '../domain/task.ts';
import { modelKeyVariable } from './cli-environment.ts';
import { readEnvironment, takeSecret } from './config.ts';
import { handOverFiles } from './hand-over.ts';
import { ownWorkerCommand } from './own-worker.ts';
import { runAgent } from './run-agent.ts';
import { setUp } from './set-up.ts';
import { version } from './version.ts';
import { startWorker } from './worker-link.ts';

export interface AgentRoomOptions {
  readonly task: Task;
  readonly from: CheckOutOptions['from'];
  /** Absolute path; trajectory.jsonl and result.json are written there. */
  readonly resultDir: string;
  readonly onEvent: (event: LifeEvent) => void;
}

export interface AgentRoom extends AsyncDisposable {
  readonly workspace: string;
  readonly home: string;
  readonly durations: Readonly<Record<string, number>>;
  work(signal: AbortSignal): Promise<RunResult>;
}

/** A fresh working copy of the task's commit, in which the agent of the command line works; gone when disposed. */
export async function openAgentRoom(options: AgentRoomOptions, signal: AbortSignal): Promise<AgentRoom> {
  const { task, from, onEvent, resultDir } = options;
  const { hostPath, anthropicBaseUrl } = readEnvironment();
  const folder = await mkdtemp(join(tmpdir(), 'entropy-room-'));
  const workspace = join(folder, 'workspace');
  const room = { task, workspace, hostPath, home: join(folder, 'home') };
  const durations: Record<string, number> = {};
  const dispose = () => rm(folder, { recursive: true, force: true });
  try {
    const sha = task.continues?.headSha ?? task.base.sha;
    await checkOut({ from, sha, folder: workspace, searchPath: hostPath, signal });
  } catch (error) {
    await dispose();
    throw error;
  }

  const phase = async <T>(
    name: Phase,
    subject: string,
    act: () => Promise<T>,
    detail: (done: T) => string,
  ): Promise<T> => {
    const started = performance.now();
    onEvent({ type: 'phase.started', phase: name, subject });
    const end = (ok: boolean, text: string): void => {
      const durationMs = performance.now() - started;
      durations[name] = Math.round(durationMs);
      onEvent({ type: 'phase.finished', phase: name, ok, subject, detail: text, durationMs });
    };
    try {
      const done = await act();
      end(true, detail(done));
      return done;
    } catch (error) {
      end(false, '');
      throw error;
    }
  };

  const solve = async (stop: AbortSignal): Promise<RunResult> => {
    const followed = new AbortController();
    const following = followTrajectory(join(resultDir, handOverFiles.trajectory), {
      clock: createSystemClock(),
      signal: followed.signal,
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
        },
        stop,
      );
    } finally {
      followed.abort();
      await following;
    }
  };

  return {
    workspace,
    home: room.home,
    durations,
    async work(stop) {
      const text = new TextDecoder();
      const log = (chunk: Uint8Array): void => {
        for (const line of text.decode(chunk, { stream: true }).split('\n')) {
          if (line !== '') onEvent({ type: 'log', job: 'setup', line });
        }
      };
      if (task.setupCommand !== undefined) {
        await phase(
          'setup',
          task.setupCommand,
          () => setUp({ ...room, log }, stop),
          () => '',
        );
      }
      return phase(
        'agent',
        task.agent.role,
        () => solve(stop),
        (result) => `sandbox ${result.sandbox.description}`,
      );
    },
    [Symbol.asyncDispose]: dispose,
  };
}
