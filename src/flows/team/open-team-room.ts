import { createSecretGuard } from '../../domain/secret-guard.ts';
import { failedOnPull } from '../address/failed-checks.ts';
import type { TeamRoom } from './team-room.ts';

export interface TeamRoomParts extends Omit<TeamRoom, 'failedChecks'> {
  /** Takes secrets out of logs, besides those that are known by their form. */
  readonly redact?: ((text: string) => string) | undefined;
}

/** The one place where a room of a team is made: what all of them can do needs nothing of whoever opens one. */
export function openTeamRoom({ redact = createSecretGuard({}).redact, ...parts }: TeamRoomParts): TeamRoom {
  return {
    ...parts,
    failedChecks: (pull, headSha) => failedOnPull(parts.forge, { pull, headSha, redact }),
  };
}
