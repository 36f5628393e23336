import { asCodeSpan } from './outgoing-text.ts';
import type { TeamRecord } from './stages/team-record.ts';

/** What the gate says about a team; see gate-answers.ts. */

/** One sentence for `status`. */
export function statusOfTeam({ state, stage, round, maxRounds, chosen }: TeamRecord): string {
  const where = `Its team (${chosen.join(', ')}) is at ${stage}, round ${round} of ${maxRounds}`;
  switch (state.kind) {
    case 'pending':
      return `${where}; the next run is asked for.`;
    case 'running':
      return `${where}; a run works on it.`;
    case 'waiting':
      return `${where}, and waits for ${waitingFor(state.for)}: ${asCodeSpan(state.what, 300)}.`;
    case 'closing':
    case 'over':
      return `Its team has ended: ${asCodeSpan(state.what, 300)}.`;
    default:
      return state satisfies never;
  }
}

function waitingFor(whom: Extract<TeamRecord['state'], { readonly kind: 'waiting' }>['for']): string {
  switch (whom) {
    case 'answer':
      return 'an answer';
    case 'approval':
      return 'an approval';
    case 'checks':
      return 'checks';
    case 'person':
      return 'a person';
    case 'blockers':
      return 'other issues';
    default:
      return whom satisfies never;
  }
}

/** Somebody asked for work while it is not a run's turn. */
export function teamWaits(record: TeamRecord, phrase: string): string {
  const { state } = record;
  const next =
    state.kind === 'waiting' && state.for === 'approval'
      ? `Approve the plan with the command that its comment shows, or comment \`${phrase} stop\` and begin anew.`
      : `\`${phrase} stop\` ends the team, and \`${phrase} fix\` begins anew.`;
  return `Nothing was started. ${statusOfTeam(record)} ${next}`;
}

export function teamStopped(phrase: string): string {
  return `The team on this issue is stopped. \`${phrase} fix\` begins anew.`;
}

/** After a refusal, where the team had asked for this very run itself. */
export function stepWaitsOn(phrase: string): string {
  return `The team asks for this run again by itself; \`${phrase} stop\` ends it.`;
}

export const stepNotThere = 'the team does not wait for this step any more';
