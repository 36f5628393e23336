import type { SandboxRung } from './sandbox-rung.ts';

/** A stronger rung that this machine cannot have, and what would change that. Both texts quote programs of the machine. */
export interface PassedOverRung {
  readonly rung: SandboxRung;
  readonly reason: string;
  readonly fix: string;
}

export const maxPassedOver = { rungs: 6, reason: 600, fix: 2_000 } as const;

/** As much of it as goes into a hand-over and a record. */
export function boundPassedOver(rungs: readonly PassedOverRung[]): readonly PassedOverRung[] {
  return rungs.slice(0, maxPassedOver.rungs).map(({ rung, reason, fix }) => ({
    rung,
    reason: reason.slice(0, maxPassedOver.reason),
    fix: fix.slice(0, maxPassedOver.fix),
  }));
}
