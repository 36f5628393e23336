import type { Clock } from '../../../ports/clock.ts';

/** The wall clock as GitHub writes it: UTC, whole seconds. */
export function timestamp(clock: Clock): string {
  return isoSeconds(clock.now());
}

export function isoSeconds(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}
