import { type ChoosableStage, choosableStages } from './stage.ts';
import type { TeamApproval } from './team-approval.ts';
import type { TeamMoment } from './team-event.ts';
import { enter } from './team-moves.ts';
import { defaultRounds, type TeamRecord } from './team-record.ts';

export interface NewTeam {
  /** `owner/name`. */
  readonly repository: string;
  readonly issue: number;
  /** Who asked; every step is started for them. */
  readonly askedBy: string;
  readonly approval?: TeamApproval;
  /** In any order; `code` is always one of them. */
  readonly stages: readonly ChoosableStage[];
  readonly maxRounds?: number;
}

/** A team at its beginning: the run of its first stage is asked for. */
export function startTeam(team: NewTeam, moment: TeamMoment): TeamRecord {
  const chosen = choosableStages.filter((stage) => stage === 'code' || team.stages.includes(stage));
  const first = chosen[0] ?? 'code';
  const { repository, issue, askedBy, approval, maxRounds = defaultRounds } = team;
  const record: TeamRecord = {
    schema: 1,
    ...{ repository, issue, askedBy, chosen, maxRounds: Math.max(1, maxRounds) },
    ...(approval && { approval }),
    stage: first,
    // Replaced at once: `enter` makes the step.
    state: { kind: 'over', how: 'given-up', what: '' },
    ...{ round: 1, tries: 0, findings: [], reasons: [], memory: '', history: [] },
  };
  return enter(record, first === 'test' || first === 'review' ? 'code' : first, moment);
}
