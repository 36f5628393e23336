import type { SandboxCommand, SandboxExit } from './sandbox.ts';

/** Secrets that mean nothing, laid where a sandbox must not reach, and a command that looks for them from inside. */
export interface SandboxCanary {
  plant(signal: AbortSignal): Promise<PlantedCanary>;
}

export interface PlantedCanary extends AsyncDisposable {
  readonly probe: SandboxCommand;
  /** What was seen or done through the walls, one phrase each; none when the canary was contained. */
  leaks(exit: SandboxExit): readonly string[];
}
