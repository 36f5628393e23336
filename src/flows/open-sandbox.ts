import { EntropyError } from '../domain/error.ts';
import type { SandboxRung } from '../domain/run-result.ts';
import type { SandboxOptions, SandboxProvider } from '../ports/sandbox.ts';
import type { SandboxCanary } from '../ports/sandbox-canary.ts';
import { openStrongestRung, type StrongestRung } from './open-strongest-rung.ts';

export interface OpenSandboxRequest {
  /** The ladder, strongest first. */
  readonly providers: readonly SandboxProvider[];
  readonly canary: SandboxCanary;
  /** Always offline: with the network there is nothing that a canary could prove. */
  readonly options: Omit<SandboxOptions, 'network'>;
  /** The weakest rung that is accepted; any when absent. */
  readonly required?: SandboxRung;
}

/** Which rungs were passed over belongs in the comment, the summary and the record: none is taken silently. */
export type OpenedSandbox = StrongestRung;

/**
 * Opens the strongest sandbox of this machine and proves it before anything secret is near: a canary is planted
 * outside, a probe looks for it from inside. Whatever it finds is E401, and no key is loaded. The caller disposes the
 * sandbox.
 */
export async function openSandbox(request: OpenSandboxRequest, signal: AbortSignal): Promise<OpenedSandbox> {
  const options = { ...request.options, network: 'none' as const };
  const [strongest, planted] = await Promise.allSettled([
    openStrongestRung({ providers: request.providers, options, required: request.required }, signal),
    request.canary.plant(signal),
  ]);
  await using cleanup = new AsyncDisposableStack();
  await using unproven = new AsyncDisposableStack();
  if (planted.status === 'fulfilled') cleanup.use(planted.value);
  if (strongest.status === 'fulfilled') unproven.use(strongest.value.sandbox);
  if (strongest.status === 'rejected') throw strongest.reason;
  if (planted.status === 'rejected') throw planted.reason;

  const { sandbox } = strongest.value;
  const { probe, leaks } = planted.value;
  const seen = leaks(await sandbox.run(probe, signal));
  if (seen.length > 0) {
    throw new EntropyError({
      code: 'E401',
      message: `the sandbox (${sandbox.description}) leaks: ${seen.join('; ')}`,
      why: 'before a key is loaded, a canary is planted outside the sandbox and looked for from inside',
      fix: 'no key was loaded and no agent ran. Update bubblewrap and the kernel, or run on a hosted runner; then report this as a security issue',
    });
  }
  unproven.move();
  return strongest.value;
}
