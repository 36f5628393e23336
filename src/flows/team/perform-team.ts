import { describeError, EntropyError } from '../../domain/error.ts';
import { teamEffects } from '../../domain/stages/team-effects.ts';
import type { TeamRecord } from '../../domain/stages/team-record.ts';
import { askPersonOnIssue } from './ask-person.ts';
import { changeTeam } from './change-team.ts';
import { closeTeam } from './close-team.ts';
import { heedRemarks } from './heed-remarks.ts';
import { lookAtChecks } from './look-at-checks.ts';
import type { TeamRoom } from './team-room.ts';
import { tellTeam } from './tell-team.ts';

/** Longer than any way through effects that change the record at once, such as checks that are there already. */
const maxChanges = 12;

/**
 * Does what follows from a stored record, and from those that it changes into on the way. Everything is done so that doing it
 * again harms nobody: whoever dies here is followed by a sweep that begins with the record. The record as it is in the end.
 */
export async function performTeam(room: TeamRoom, stored: TeamRecord, signal: AbortSignal): Promise<TeamRecord> {
  let record = stored;
  for (let changes = 0; changes < maxChanges; changes += 1) {
    signal.throwIfAborted();
    const next = (await heedRemarks(room, record)) ?? (await performOnce(room, record, signal));
    if (next === undefined) return record;
    record = next;
  }
  return record;
}

/** The record that an effect led to; undefined when all is done. */
async function performOnce(room: TeamRoom, record: TeamRecord, signal: AbortSignal): Promise<TeamRecord | undefined> {
  for (const effect of teamEffects(record)) {
    switch (effect.kind) {
      case 'tell':
        await tellTeam(room, record);
        break;
      case 'start': {
        const next = await start(room, record, effect.step);
        if (next !== undefined) return next;
        break;
      }
      case 'ask-person':
        await askPersonOnIssue(room, record);
        break;
      case 'look-at-checks': {
        const next = await lookAtChecks(room, record, signal);
        if (next !== undefined) return next;
        break;
      }
      case 'close':
        return await closeTeam(room, record);
      default:
        return effect satisfies never;
    }
  }
  return undefined;
}

/** A start that fails for now is left to the next sweep; one that nobody will ever carry out is told. */
async function start(
  room: TeamRoom,
  { issue }: TeamRecord,
  step: Extract<ReturnType<typeof teamEffects>[number], { readonly kind: 'start' }>['step'],
): Promise<TeamRecord | undefined> {
  if (room.starter === undefined) return undefined;
  try {
    const started = await room.starter.start({ issue, step });
    if (started.kind === 'started') {
      room.log(`team on #${issue}: asked for ${step.command} #${step.subject} (step ${step.id})`);
      return undefined;
    }
    const change = await changeTeam(room, issue, { kind: 'start-refused', step: step.id, reason: started.reason });
    return change.kind === 'changed' ? change.record : undefined;
  } catch (error) {
    if (!(error instanceof EntropyError) || !error.retryable) throw error;
    room.log(`team on #${issue}: step ${step.id} could not be started now: ${describeError(error)}`);
    return undefined;
  }
}
