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

/** What a record, if there is one, becomes; undefined: nothing is to be changed. */
export type NextRecord = (stored: TeamRecord | undefined) => TeamRecord | undefined;

export type Swapped =
  | { readonly kind: 'changed'; readonly record: TeamRecord }
  /** As it is; absent: there is none, and none is wanted. */
  | { readonly kind: 'unchanged'; readonly record?: TeamRecord };

/** Reads, decides and stores, until nobody else was faster: the one way in which a team's record is changed. */
export async function swapTeam({ forge }: Pick<TeamRoom, 'forge'>, issue: number, next: NextRecord): Promise<Swapped> {
  for (let tries = 0; tries < maxTries; tries += 1) {
    const stored = await forge.team.read(issue);
    const record = next(stored?.record);
    if (record === undefined) return { kind: 'unchanged', ...(stored && { record: stored.record }) };
    const swapped = await forge.team.swap(issue, { seen: stored?.id, record });
    if (swapped.kind === 'stored') return { kind: 'changed', record };
  }
  throw new EntropyError({
    code: 'E701',
    message: `the record of the team on issue #${issue} was changed by others each time that it was to be changed`,
    fix: 'try again; if it stays so, look at who writes refs/agents/team',
    retryable: true,
  });
}

/** Tells the team something. What follows from the new state is done by `performTeam`, which may be done again. */
export async function changeTeam(
  room: Pick<TeamRoom, 'forge' | 'clock' | 'newId'>,
  issue: number,
  event: TeamEvent,
): Promise<TeamChange> {
  const { clock, newId } = room;
  const swapped = await swapTeam(room, issue, (record) => {
    if (record === undefined) return undefined;
    const next = advance(record, event, { now: clock.now(), stepId: newId() });
    return next.changed ? next.record : undefined;
  });
  return swapped.record === undefined ? { kind: 'none' } : { kind: swapped.kind, record: swapped.record };
}
