import { existsSync } from 'node:fs';
import { type EgressCommand, egressProcess } from '../adapters/egress/egress-process.ts';
import type { HostPass } from '../adapters/host-process/host-pass.ts';
import { noSandbox } from '../adapters/host-process/no-sandbox.ts';
import { seatbeltSandbox } from '../adapters/host-process/seatbelt.ts';
import { bubblewrapSandbox } from '../adapters/linux-namespaces/bubblewrap.ts';
import { dockerSandbox } from '../adapters/linux-namespaces/docker.ts';
import { landlockSandbox } from '../adapters/linux-namespaces/landlock.ts';
import { plantedCanary } from '../adapters/linux-namespaces/planted-canary.ts';
import type { SandboxPass } from '../adapters/linux-namespaces/sandbox-pass.ts';
import { unshareSandbox } from '../adapters/linux-namespaces/unshare.ts';
import { EntropyError } from '../domain/error.ts';
import type { SandboxRung } from '../domain/run-result.ts';
import { noNetwork } from '../domain/sandbox-network.ts';
import type { Task } from '../domain/task.ts';
import { type OpenedSandbox, openSandbox } from '../flows/open-sandbox.ts';
import { openStrongestRung } from '../flows/open-strongest-rung.ts';
import { defaultSandboxLimits, type Sandbox, type SandboxOptions, type SandboxProvider } from '../ports/sandbox.ts';

/** What another process needs to run commands in a sandbox that stands, whatever it is made of. */
export type RoomPass = SandboxPass | HostPass;

export interface RoomSandbox extends Sandbox {
  readonly pass: RoomPass;
}

/** The rungs of the ladder on this machine, strongest first. */
export function sandboxLadder(egress: EgressCommand): readonly SandboxProvider<RoomSandbox>[] {
  if (process.platform === 'darwin') return [seatbeltSandbox()];
  const gate = egressProcess(egress);
  return [bubblewrapSandbox(gate), dockerSandbox({ egress: gate }), unshareSandbox(gate), landlockSandbox()];
}

export interface TaskRoom {
  readonly task: Pick<Task, 'env' | 'network' | 'sandboxRequired'>;
  /** Absolute path of the checked-out code. */
  readonly workspace: string;
  /** Absolute path of what a pull request is measured against, checked out; for review and verification. */
  readonly base?: string;
  readonly hostPath: string;
  /** Home of the sandboxes of one run, on disk: what set-up installed there is there for the agent. */
  readonly home: string;
  /** Starts the way out, where the task is allowed one. */
  readonly egress: EgressCommand;
  /** Typed by a person on their own machine; no file, no variable and no task can say so. */
  readonly walls?: 'none';
}

/** What a room may be opened with. A repository that requires a sandbox is not worked on without one. */
export function providersOf({ task, egress, walls }: Pick<TaskRoom, 'task' | 'egress' | 'walls'>) {
  if (walls === undefined) return sandboxLadder(egress);
  if (task.sandboxRequired === undefined) return [noSandbox()];
  throw new EntropyError({
    code: 'E402',
    message: `the repository requires the sandbox "${task.sandboxRequired}" or a stronger one, and \`--sandbox none\` is none`,
    fix: 'leave `--sandbox none` out, or work on a repository of your own that requires none',
  });
}

export function sandboxOptions({ task, workspace, base, hostPath, home }: TaskRoom): Omit<SandboxOptions, 'network'> {
  return {
    workspace,
    ...(base === undefined ? {} : { base }),
    limits: defaultSandboxLimits,
    env: task.env,
    hostPath,
    // Without a set-up there is nothing to keep, and a home in memory is faster.
    ...(existsSync(home) ? { home } : {}),
  };
}

/** The sandbox that the agent works in: offline but for what the task allows, and proven by the canary. */
export async function openTaskSandbox(room: TaskRoom, signal: AbortSignal): Promise<OpenedSandbox<RoomSandbox>> {
  const network = room.task.network?.agent ?? noNetwork;
  const options = { ...sandboxOptions(room), network };
  const providers = providersOf(room);
  // A canary is for walls.
  if (room.walls === 'none') return openStrongestRung({ providers, options, required: undefined }, signal);
  return openSandbox(
    {
      providers,
      canary: plantedCanary(),
      options,
      ...requiredRung(room.task),
    },
    signal,
  );
}

/**
 * The same, for tests that must not depend on what the agent left behind: `/tmp` is new, and so is the home unless a
 * set-up filled one. Its walls are those that the canary has proven.
 */
export async function openProofSandbox(room: TaskRoom, signal: AbortSignal): Promise<Sandbox> {
  const options = { ...sandboxOptions(room), network: room.task.network?.agent ?? noNetwork };
  const required = room.task.sandboxRequired;
  return (await openStrongestRung({ providers: providersOf(room), options, required }, signal)).sandbox;
}

export function requiredRung(task: Pick<Task, 'sandboxRequired'>): { required: SandboxRung } | Record<string, never> {
  return task.sandboxRequired === undefined ? {} : { required: task.sandboxRequired };
}
