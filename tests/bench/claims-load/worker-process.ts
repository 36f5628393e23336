import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { WorkerPlan } from './load-plan.ts';
import { readSharedTime } from './shared-clock.ts';

export interface WorkerEnd {
  readonly plan: WorkerPlan;
  readonly how: 'finished' | 'killed';
  /** When its end was seen, in the shared time: nothing of it happens in this machine after that. */
  readonly endedAt: number;
  /** Attempts that it had not made, as far as it had told. */
  readonly left: number;
}

export interface WorkerProcess {
  readonly ended: Promise<WorkerEnd>;
  /** SIGKILL, whatever it does just now. */
  kill(): void;
}

const program = fileURLToPath(new URL('worker.ts', import.meta.url));

export function startWorker(plan: WorkerPlan, onProgress: (left: number) => void): WorkerProcess {
  const child = fork(program, [JSON.stringify(plan)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  let left = plan.attempts;
  let killed = false;
  child.on('message', (message: { readonly left: number }) => {
    left = Math.max(0, message.left);
    if (!killed) onProgress(left);
  });
  const ended = new Promise<WorkerEnd>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      const endedAt = readSharedTime(plan.time);
      if (code === 0) resolve({ plan, how: 'finished', endedAt, left: 0 });
      else if (killed && signal === 'SIGKILL') resolve({ plan, how: 'killed', endedAt, left });
      else reject(new Error(`the worker ${plan.name} ended with ${signal ?? code}`));
    });
  });
  return {
    ended,
    kill: () => {
      killed = true;
      child.kill('SIGKILL');
    },
  };
}
