import { EntropyError } from '../domain/error.ts';
import type { SandboxRung } from '../domain/run-result.ts';
import type { SandboxProvider } from '../ports/sandbox.ts';

/** A stronger rung that this machine cannot have, and what would change that. */
export interface PassedOverRung {
  readonly rung: SandboxRung;
  readonly reason: string;
  readonly fix: string;
}

export interface ChosenRung {
  readonly provider: SandboxProvider;
  readonly version: string;
  readonly passedOver: readonly PassedOverRung[];
}

/**
 * The strongest rung that this machine can have. `providers` are in the order of the ladder, strongest first;
 * `required` is the weakest that the caller accepts. No rung at all is E400, none that is strong enough E402.
 */
export async function chooseRung(
  providers: readonly SandboxProvider[],
  required: SandboxRung | undefined,
  signal: AbortSignal,
): Promise<ChosenRung> {
  const lowest = required === undefined ? providers.length : providers.findIndex(({ rung }) => rung === required) + 1;
  const passedOver: PassedOverRung[] = [];
  for (const provider of providers.slice(0, lowest)) {
    const availability = await provider.probe(signal);
    if (availability.kind === 'available') return { provider, version: availability.version, passedOver };
    passedOver.push({ rung: provider.rung, reason: availability.reason, fix: availability.fix });
  }
  const why = passedOver.map(({ rung, reason }) => `${rung}: ${reason}`).join('\n');
  const fix = passedOver.map((rung) => `${rung.rung}:\n${rung.fix}`).join('\n') || 'name a rung of the ladder';
  if (required !== undefined) {
    throw new EntropyError({
      code: 'E402',
      message: `sandbox "${required}" or stronger is required, and this machine cannot have it`,
      why,
      fix: `${fix}\nor lower the requirement (input \`sandbox\`)`,
    });
  }
  throw new EntropyError({
    code: 'E400',
    message: 'this machine can have no sandbox, so no agent runs here',
    why,
    fix,
  });
}
