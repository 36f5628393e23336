import type { LifeEvent } from './life-event.ts';
import type { GitHubRunOptions, GitHubRunReport } from './local-run.ts';
import type { TeamRecord } from './stages/team-record.ts';

/** Where a team stands, for whoever watches it from the command line. */
export interface TeamStanding extends Pick<TeamRecord, 'stage' | 'round' | 'maxRounds'> {
  readonly issue: number;
  readonly state: TeamRecord['state']['kind'];
  /** What it waits for, or how it ended. */
  readonly what: string | null;
  readonly pullRequest: number | null;
}

export interface TeamStepReport {
  /** The run of this step; null: nobody was to be started. */
  readonly run: GitHubRunReport | null;
  /** null: there is no team, as `team.stages` is not set. */
  readonly team: TeamStanding | null;
}

export type TeamStepOptions = Omit<GitHubRunOptions, 'approve' | 'step'>;

/** One step of the team on an issue, in this process; none when it waits for somebody. */
export type RunTeamStep = (
  options: TeamStepOptions,
  onEvent: (event: LifeEvent) => void,
  signal: AbortSignal,
) => Promise<TeamStepReport>;

export function standingOf({ issue, stage, round, maxRounds, state, pullRequest }: TeamRecord): TeamStanding {
  const what = state.kind === 'pending' || state.kind === 'running' ? null : state.what;
  return { ...{ issue, stage, round, maxRounds }, state: state.kind, what, pullRequest: pullRequest ?? null };
}
