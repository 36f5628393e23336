import type { TeamEvent } from '../domain/stages/team-event.ts';
import type { PendingStep, TeamRecord } from '../domain/stages/team-record.ts';
import type { PlanToFollow } from '../domain/task.ts';
import type { StoredTeamRecord } from '../ports/team-records.ts';
import type { TeamRequest } from './team/start-team.ts';

/** The next step of a team, which the run that is about to be claimed will be. Nothing is stored while it may be refused. */
export interface TeamTurn {
  readonly issue: number;
  /** As the event makes it: the step is pending, or running already under this run's name. */
  readonly record: TeamRecord;
  readonly command: PendingStep['command'];
  /** What the team has still to be told, so that it comes to this. */
  readonly by:
    | { readonly kind: 'stored' }
    | { readonly kind: 'event'; readonly event: TeamEvent }
    | { readonly kind: 'begins'; readonly team: TeamRequest };
}

/** What is known of a run besides its command, before anything is looked at. */
export interface WorkOrder {
  /** A plan that a person has approved. */
  readonly follows?: PlanToFollow;
  /** The step of the team that this is. */
  readonly turn?: TeamTurn;
  /** The team that hears why its coder is wanted again, and whose next step this is then. */
  readonly sentBack?: StoredTeamRecord;
  /** Ends waiting. */
  readonly signal: AbortSignal;
}
