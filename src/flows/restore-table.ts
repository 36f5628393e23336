import { floorAbove } from '../domain/coordination/restored-claims.ts';
import type { Clock } from '../ports/clock.ts';
import type { RestoredState } from '../ports/restored-state.ts';

export interface TableToRestore {
  readonly restored: RestoredState;
  /** The state that it takes the place of, where that can still be read: nothing it granted is granted again. */
  readonly replaced?: Pick<RestoredState, 'highestFence'>;
  readonly clock: Clock;
}

export interface RestoredTable {
  /** Every fence that is granted from now on is above this one. */
  readonly fenceFloor: number;
  /** Claims that were held at the moment of the backup; their leases of then count no more. */
  readonly held: number;
  /** Events that the log lacked when the moment came. */
  readonly told: number;
  /** What the log tells otherwise than it is stored; nothing, unless somebody wrote meanwhile. */
  readonly differences: readonly string[];
}

/**
 * Makes a state of an earlier moment safe to use. It does not know what was granted since, and runs may still be at work under
 * claims that it does not know: so every fence to come lies above all of them, and no lease of before counts any more.
 */
export async function restoreTable(
  { restored, replaced, clock }: TableToRestore,
  signal: AbortSignal,
): Promise<RestoredTable> {
  const highest = Math.max(await restored.highestFence(), (await replaced?.highestFence()) ?? 0);
  const fenceFloor = floorAbove(highest, { known: replaced !== undefined, now: clock.now() });
  const told = await restored.bringLogUp();
  signal.throwIfAborted();
  const held = await restored.raiseFences(fenceFloor);
  const differences = await restored.differences();
  await clock.sleep(restored.floorKnownAfterMs, signal);
  return { fenceFloor, held, told, differences };
}
