import { fullName } from '../../domain/repository.ts';
import type { ChoosableStage } from '../../domain/stages/stage.ts';
import { startTeam as newTeam } from '../../domain/stages/start-team.ts';
import type { TeamApproval } from '../../domain/stages/team-approval.ts';
import type { TeamRecord } from '../../domain/stages/team-record.ts';
import { changeTeam, swapTeam } from './change-team.ts';
import type { TeamRoom } from './team-room.ts';

export interface TeamRequest {
  readonly issue: number;
  /** Login; every step is started for them. */
  readonly askedBy: string;
  /** What that person saw; the steps are bound to it. */
  readonly approval?: TeamApproval;
  /** `team.stages` and `team.rounds` of the settings. */
  readonly stages: readonly ChoosableStage[];
  readonly maxRounds: number;
}

export type StartedTeam =
  /** Its step is pending, and whoever asked may begin it at once: nobody else has to be started. */
  | { readonly kind: 'started' | 'resumed'; readonly record: TeamRecord }
  /** It works, or waits for something that asking again does not change: `record.state` tells. */
  | { readonly kind: 'going'; readonly record: TeamRecord };

/**
 * `fix` was asked for where a team walks all stages: a new team, or the one that stopped to ask goes on. A pending step is given
 * back as it is, so whoever was killed after making it is followed by one that begins it.
 */
export async function startTeam(
  room: Pick<TeamRoom, 'forge' | 'clock' | 'newId'>,
  request: TeamRequest,
): Promise<StartedTeam> {
  const { forge, clock, newId } = room;
  const { issue, askedBy, approval, stages, maxRounds } = request;
  const team = {
    repository: fullName(forge.repository),
    issue,
    askedBy,
    stages,
    maxRounds,
    ...(approval && { approval }),
  };
  const swapped = await swapTeam(room, issue, (record) =>
    record !== undefined && record.state.kind !== 'over'
      ? undefined
      : newTeam(team, { now: clock.now(), stepId: newId() }),
  );
  if (swapped.kind === 'changed') return { kind: 'started', record: swapped.record };
  if (swapped.record === undefined) throw new RangeError('where there is no team one is started');
  return goOn(room, swapped.record, askedBy);
}

async function goOn(
  room: Pick<TeamRoom, 'forge' | 'clock' | 'newId'>,
  record: TeamRecord,
  by: string,
): Promise<StartedTeam> {
  const { state, issue } = record;
  if (state.kind === 'pending') return { kind: 'resumed', record };
  if (state.kind !== 'waiting') return { kind: 'going', record };
  const event = state.for === 'answer' ? ({ kind: 'answered' } as const) : ({ kind: 'resumed', by } as const);
  const change = await changeTeam(room, issue, event);
  if (change.kind === 'none') return { kind: 'going', record };
  return { kind: change.kind === 'changed' ? 'resumed' : 'going', record: change.record };
}
