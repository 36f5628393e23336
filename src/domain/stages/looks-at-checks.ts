import type { TeamRecord } from './team-record.ts';

/** Whether what GitHub's checks say moves the team: it waits for them, or asked a person because some never ended. */
export function looksAtChecks({ state, unended }: Pick<TeamRecord, 'state' | 'unended'>): boolean {
  if (state.kind !== 'waiting') return false;
  return state.for === 'checks' || (state.for === 'person' && unended !== undefined);
}
