import { EntropyError } from '../../domain/error.ts';
import { advance } from '../../domain/stages/advance.ts';
import type { TeamEvent } from '../../domain/stages/team-event.ts';
import type { TeamRecord } from '../../domain/stages/team-record.ts';
import type { TeamRoom } from './team-room.ts';

export type TeamChange =
  | { readonly kind: 'changed' | 'unchanged'; readonly record: TeamRecord }
  /** No team works on this issue. */
  | { readonly kind: 'none' };

/** Of so many who change one record at once, one is always let through. */
const maxTries = 10;

/**
 * Tells the team something: reads where it stands, decides, and stores that, until nobody else was faster. What follows from
 * the new state is done by `performTeam`, which may be done again.
 */
export async function changeTeam(
  { forge, clock, newId }: Pick<TeamRoom, 'forge' | 'clock' | 'newId'>,
  issue: number,
  event: TeamEvent,
): Promise<TeamChange> {
  for (let tries = 0; tries < maxTries; tries += 1) {
    const stored = await forge.team.read(issue);
    if (stored === undefined) return { kind: 'none' };
    const { record, changed } = advance(stored.record, event, { now: clock.now(), stepId: newId() });
    if (!changed) return { kind: 'unchanged', record };
    const swapped = await forge.team.swap(issue, { seen: stored.id, record });
    if (swapped.kind === 'stored') return { kind: 'changed', record };
  }
  throw movedTooOften(issue);
}

export function movedTooOften(issue: number): EntropyError {
  return new EntropyError({
    code: 'E701',
    message: `the record of the team on issue #${issue} was changed by others each time that it was to be changed`,
    fix: 'try again; if it stays so, look at who writes refs/agents/team',
    retryable: true,
  });
}
