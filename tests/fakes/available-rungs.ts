import { bubblewrapSandbox } from '../../src/adapters/linux-namespaces/bubblewrap.ts';
import { dockerSandbox } from '../../src/adapters/linux-namespaces/docker.ts';
import { landlockSandbox } from '../../src/adapters/linux-namespaces/landlock.ts';
import { unshareSandbox } from '../../src/adapters/linux-namespaces/unshare.ts';
import { runsCommands, type SandboxRung } from '../../src/domain/sandbox-rung.ts';
import type { SandboxProvider } from '../../src/ports/sandbox.ts';

export interface MissingRung {
  readonly rung: SandboxRung;
  readonly reason: string;
  readonly fix: string;
}

export interface RungsOfMachine {
  readonly available: readonly SandboxProvider[];
  readonly missing: readonly MissingRung[];
}

/** Every rung of Linux, strongest first. DOCKER_HOST may name the socket of an engine that listens elsewhere. */
export function linuxRungs() {
  const socket = /^unix:\/\/(.+)$/.exec(process.env['DOCKER_HOST'] ?? '')?.[1];
  const docker = dockerSandbox(socket === undefined ? {} : { sockets: [socket] });
  return [bubblewrapSandbox(), docker, unshareSandbox(), landlockSandbox()] as const;
}

/** The rungs that this machine can have, and why not the others; `sandbox.test.ts` reports those by name. */
export async function rungsOfThisMachine(): Promise<RungsOfMachine> {
  const available: SandboxProvider[] = [];
  const missing: MissingRung[] = [];
  for (const provider of linuxRungs()) {
    const probed = await provider.probe(AbortSignal.timeout(30_000));
    if (probed.kind === 'available') available.push(provider);
    else missing.push({ rung: provider.rung, reason: probed.reason, fix: probed.fix });
  }
  return { available, missing };
}

export type RungKind = 'fast' | 'containers' | 'files only';

/** A container for each command takes seconds where namespaces take milliseconds: those run in a file of their own. */
export function rungsOfKind({ available }: RungsOfMachine, kind: RungKind): readonly SandboxProvider[] {
  return available.filter(({ rung }) => kindOf(rung) === kind);
}

function kindOf(rung: SandboxRung): RungKind {
  if (!runsCommands(rung)) return 'files only';
  return rung === 'docker' ? 'containers' : 'fast';
}
