import { EntropyError } from '../domain/error.ts';
import type { PassedOverRung } from '../domain/passed-over.ts';
import type { SandboxRung } from '../domain/run-result.ts';
import type { Sandbox, SandboxOptions, SandboxProvider } from '../ports/sandbox.ts';

export interface StrongestRung<Opened extends Sandbox = Sandbox> {
  readonly sandbox: Opened;
  readonly passedOver: readonly PassedOverRung[];
}

export interface LadderRequest<Opened extends Sandbox = Sandbox> {
  /** The ladder, strongest first. */
  readonly providers: readonly SandboxProvider<Opened>[];
  readonly options: SandboxOptions;
  /** The weakest rung that is accepted; any when absent. */
  readonly required: SandboxRung | undefined;
  /** Throws when an opened rung does not hold. When absent, a command that does nothing has to run. */
  readonly prove?: (sandbox: Opened) => Promise<void>;
}

/**
 * Opens the strongest rung that this machine can have. No rung at all is E400, none that is strong enough E402. A rung
 * is not asked first, since the agent's first turn waits for this: only what does not work is asked why. One that says
 * it can be had and then does not work is a fault, never a reason to go lower.
 */
export async function openStrongestRung<Opened extends Sandbox>(
  { providers, options, required, prove = (sandbox) => runsCommands(sandbox, signal) }: LadderRequest<Opened>,
  signal: AbortSignal,
): Promise<StrongestRung<Opened>> {
  const lowest = required === undefined ? providers.length : providers.findIndex(({ rung }) => rung === required) + 1;
  const passedOver: PassedOverRung[] = [];
  for (const provider of providers.slice(0, lowest)) {
    try {
      return { sandbox: await openProven({ provider, options, prove }), passedOver };
    } catch (error) {
      signal.throwIfAborted();
      const leaks = error instanceof EntropyError && error.code === 'E401';
      if (leaks) throw error;
      const probed = await provider.probe(signal);
      if (probed.kind === 'available') throw error;
      passedOver.push({ rung: provider.rung, reason: probed.reason, fix: probed.fix });
    }
  }
  throw noRung(passedOver, required);
}

async function openProven<Opened extends Sandbox>({
  provider,
  options,
  prove,
}: {
  readonly provider: SandboxProvider<Opened>;
  readonly options: SandboxOptions;
  readonly prove: (sandbox: Opened) => Promise<void>;
}): Promise<Opened> {
  await using unproven = new AsyncDisposableStack();
  const sandbox = unproven.use(await provider.open(options));
  await prove(sandbox);
  unproven.move();
  return sandbox;
}

async function runsCommands(sandbox: Sandbox, signal: AbortSignal): Promise<void> {
  await sandbox.run({ argv: ['/bin/sh', '-c', ':'], timeoutMs: 10_000, maxOutputBytes: 4096 }, signal);
}

function noRung(passedOver: readonly PassedOverRung[], required: SandboxRung | undefined): EntropyError {
  const why = passedOver.map(({ rung, reason }) => `${rung}: ${reason}`).join('\n');
  const fix = passedOver.map((rung) => `${rung.rung}:\n${rung.fix}`).join('\n') || 'name a rung of the ladder';
  if (required === undefined) {
    return new EntropyError({
      code: 'E400',
      message: 'this machine can have no sandbox, so no agent runs here',
      why,
      fix,
    });
  }
  return new EntropyError({
    code: 'E402',
    message: `sandbox "${required}" or stronger is required, and this machine cannot have it`,
    why,
    fix: `${fix}\nor lower the requirement (input \`sandbox\`)`,
  });
}
