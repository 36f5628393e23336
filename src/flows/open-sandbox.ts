import { EntropyError } from '../domain/error.ts';
import type { SandboxRung } from '../domain/run-result.ts';
import { type ListedNetwork, noNetwork } from '../domain/sandbox-network.ts';
import type { Sandbox, SandboxOptions, SandboxProvider } from '../ports/sandbox.ts';
import type { SandboxCanary } from '../ports/sandbox-canary.ts';
import { openStrongestRung, type StrongestRung } from './open-strongest-rung.ts';

export interface OpenSandboxRequest<Opened extends Sandbox = Sandbox> {
  /** The ladder, strongest first. */
  readonly providers: readonly SandboxProvider<Opened>[];
  readonly canary: SandboxCanary;
  /** Never the machine's own network: with that there is nothing that a canary could prove. */
  readonly options: Omit<SandboxOptions, 'network'> & { readonly network?: ListedNetwork };
  /** The weakest rung that is accepted; any when absent. */
  readonly required?: SandboxRung;
}

/** Which rungs were passed over belongs in the comment, the summary and the record: none is taken silently. */
export type OpenedSandbox<Opened extends Sandbox = Sandbox> = StrongestRung<Opened>;

/**
 * Opens the strongest sandbox of this machine and proves it before anything secret is near: a canary is planted
 * outside, a probe looks for it from inside. Whatever it finds is E401, and no key is loaded. The caller disposes the
 * sandbox.
 */
export async function openSandbox<Opened extends Sandbox>(
  request: OpenSandboxRequest<Opened>,
  signal: AbortSignal,
): Promise<OpenedSandbox<Opened>> {
  const { providers, required } = request;
  const options = { ...request.options, network: request.options.network ?? noNetwork };
  await using cleanup = new AsyncDisposableStack();
  const prove = async (sandbox: Sandbox): Promise<void> => {
    const { probe, leaks } = await planting;
    const seen = leaks(await sandbox.run(probe, signal));
    if (seen.length > 0) throw leaking(sandbox, seen);
  };
  // Planted while the sandbox is built, which takes longer.
  const opening = openStrongestRung({ providers, options, required, prove }, signal);
  const planting = request.canary.plant(signal).then((planted) => cleanup.use(planted));
  const [opened] = await Promise.allSettled([opening, planting]);
  if (opened.status === 'rejected') throw opened.reason;
  return opened.value;
}

function leaking(sandbox: Sandbox, seen: readonly string[]): EntropyError {
  return new EntropyError({
    code: 'E401',
    message: `the sandbox (${sandbox.description}) leaks: ${seen.join('; ')}`,
    why: 'before a key is loaded, a canary is planted outside the sandbox and looked for from inside',
    fix: 'no key was loaded and no agent ran. Update bubblewrap and the kernel, or run on a hosted runner; then report this as a security issue',
  });
}
