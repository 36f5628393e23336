import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CoordinatorPlan, CoordinatorTold } from './coordinator-process.ts';
import type { HostOptions, StoreHost } from './hosted-store.ts';

const program = fileURLToPath(new URL('coordinator-process.ts', import.meta.url));

export async function hostCoordinator({ folder, time }: HostOptions): Promise<StoreHost> {
  const plan = { stateFile: join(folder, 'coordinator.db'), time };
  let running = await start({ ...plan, port: 0 });
  const { url, adminKey } = running.told;
  if (adminKey === undefined) throw new Error('the coordinator over an empty store made no key');
  const port = Number(new URL(url).port);
  return {
    place: { kind: 'http', url, key: adminKey },
    told: 'the coordinator as it is served, over SQLite, with the one clock that counts',
    crash: async () => {
      await kill(running.child);
      running = await start({ ...plan, port });
    },
    [Symbol.asyncDispose]: () => kill(running.child),
  };
}

async function start(plan: CoordinatorPlan): Promise<{ readonly child: ChildProcess; readonly told: CoordinatorTold }> {
  const child = fork(program, [JSON.stringify(plan)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the coordinator ended with ${code} before it listened`);
  });
  const [told] = (await Promise.race([once(child, 'message'), ended])) as [CoordinatorTold];
  // From here on an end is what was asked for.
  ended.catch(() => {});
  return { child, told };
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}
