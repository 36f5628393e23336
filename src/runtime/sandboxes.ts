import { existsSync } from 'node:fs';
import { type EgressCommand, egressProcess } from '../adapters/egress/egress-process.ts';
import { bubblewrapSandbox } from '../adapters/linux-namespaces/bubblewrap.ts';
import { dockerSandbox } from '../adapters/linux-namespaces/docker.ts';
import { landlockSandbox } from '../adapters/linux-namespaces/landlock.ts';
import type { NamespaceSandbox } from '../adapters/linux-namespaces/namespace-sandbox.ts';
import { plantedCanary } from '../adapters/linux-namespaces/planted-canary.ts';
import { unshareSandbox } from '../adapters/linux-namespaces/unshare.ts';
import type { SandboxRung } from '../domain/run-result.ts';
import { noNetwork } from '../domain/sandbox-network.ts';
import type { Task } from '../domain/task.ts';
import { type OpenedSandbox, openSandbox } from '../flows/open-sandbox.ts';
import { openStrongestRung } from '../flows/open-strongest-rung.ts';
import { defaultSandboxLimits, type Sandbox, type SandboxOptions, type SandboxProvider } from '../ports/sandbox.ts';

/** The rungs of the ladder, strongest first. */
export function sandboxLadder(egress: EgressCommand): readonly SandboxProvider<NamespaceSandbox>[] {
  const gate = egressProcess(egress);
  return [bubblewrapSandbox(gate), dockerSandbox({ egress: gate }), unshareSandbox(gate), landlockSandbox()];
}

export interface TaskRoom {
  readonly task: Pick<Task, 'env' | 'network' | 'sandboxRequired'>;
  /** Absolute path of the checked-out code. */
  readonly workspace: string;
  readonly hostPath: string;
  /** Home of the sandboxes of one run, on disk: what set-up installed there is there for the agent. */
  readonly home: string;
  /** Starts the way out, where the task is allowed one. */
  readonly egress: EgressCommand;
}

export function sandboxOptions({ task, workspace, hostPath, home }: TaskRoom): Omit<SandboxOptions, 'network'> {
  return {
    workspace,
    limits: defaultSandboxLimits,
    env: task.env,
    hostPath,
    // Without a set-up there is nothing to keep, and a home in memory is faster.
    ...(existsSync(home) ? { home } : {}),
  };
}

/** The sandbox that the agent works in: offline but for what the task allows, and proven by the canary. */
export function openTaskSandbox(room: TaskRoom, signal: AbortSignal): Promise<OpenedSandbox<NamespaceSandbox>> {
  return openSandbox(
    {
      providers: sandboxLadder(room.egress),
      canary: plantedCanary(),
      options: { ...sandboxOptions(room), network: room.task.network?.agent ?? noNetwork },
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
  return (await openStrongestRung({ providers: sandboxLadder(room.egress), options, required }, signal)).sandbox;
}

export function requiredRung(task: Pick<Task, 'sandboxRequired'>): { required: SandboxRung } | Record<string, never> {
  return task.sandboxRequired === undefined ? {} : { required: task.sandboxRequired };
}
