import { bubblewrapSandbox } from '../../src/adapters/linux-namespaces/bubblewrap.ts';
import { unshareSandbox } from '../../src/adapters/linux-namespaces/unshare.ts';
import type { SandboxProvider } from '../../src/ports/sandbox.ts';

export interface MissingRung {
  readonly rung: string;
  readonly reason: string;
  readonly fix: string;
}

/** The rungs that this machine can have, and why not the others; `sandbox.test.ts` reports those by name. */
export async function rungsOfThisMachine(): Promise<{ available: SandboxProvider[]; missing: MissingRung[] }> {
  const available: SandboxProvider[] = [];
  const missing: MissingRung[] = [];
  for (const provider of [bubblewrapSandbox(), unshareSandbox()]) {
    const probed = await provider.probe(AbortSignal.timeout(10_000));
    if (probed.kind === 'available') available.push(provider);
    else missing.push({ rung: provider.rung, reason: probed.reason, fix: probed.fix });
  }
  return { available, missing };
}
