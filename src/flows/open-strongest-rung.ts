import { EntropyError } from '../domain/error.ts';
import type { SandboxRung } from '../domain/run-result.ts';
import type { Sandbox, SandboxOptions, SandboxProvider } from '../ports/sandbox.ts';

/** A stronger rung that this machine cannot have, and what would change that. */
export interface PassedOverRung {
  readonly rung: SandboxRung;
  readonly reason: string;
  readonly fix: string;
}

export interface StrongestRung {
  readonly sandbox: Sandbox;
  readonly version: string;
  readonly passedOver: readonly PassedOverRung[];
}

export interface LadderRequest {
  /** The ladder, strongest first. */
  readonly providers: readonly SandboxProvider[];
  readonly options: SandboxOptions;
  /** The weakest rung that is accepted; any when absent. */
  readonly required: SandboxRung | undefined;
}

/**
 * Opens the strongest rung that this machine can have. No rung at all is E400, none that is strong enough E402. A rung
 * that says it can be had and then cannot be opened is a fault, never a reason to go lower.
 */
export async function openStrongestRung(
  { providers, options, required }: LadderRequest,
  signal: AbortSignal,
): Promise<StrongestRung> {
  const lowest = required === undefined ? providers.length : providers.findIndex(({ rung }) => rung === required) + 1;
  const passedOver: PassedOverRung[] = [];
  for (const provider of providers.slice(0, lowest)) {
    // Both at once, since the agent's first turn waits for this; what was opened for nothing is closed again.
    const [probed, opened] = await Promise.allSettled([provider.probe(signal), provider.open(options)]);
    await using unwanted = new AsyncDisposableStack();
    if (opened.status === 'fulfilled') unwanted.use(opened.value);
    if (probed.status === 'rejected') throw probed.reason;
    if (probed.value.kind === 'available') {
      if (opened.status === 'rejected') throw opened.reason;
      unwanted.move();
      return { sandbox: opened.value, version: probed.value.version, passedOver };
    }
    passedOver.push({ rung: provider.rung, reason: probed.value.reason, fix: probed.value.fix });
  }
  throw noRung(passedOver, required);
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
