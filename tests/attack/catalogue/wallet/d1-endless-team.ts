import { advance } from '../../../../src/domain/stages/advance.ts';
import type { StageResult } from '../../../../src/domain/stages/stage-result.ts';
import { startTeam } from '../../../../src/domain/stages/start-team.ts';
import type { TeamEvent } from '../../../../src/domain/stages/team-event.ts';
import type { TeamRecord } from '../../../../src/domain/stages/team-record.ts';
import { type Attack, contained, escaped, hindered, passed } from '../attack.ts';

const far = 40;
const headSha = 'a'.repeat(40);
const open = { category: 'x', title: 'It crashes', body: 'On an empty text.', severity: 'blocker', round: 1 } as const;
const finding = { ...open, fingerprint: 'f', path: 'a.ts', standing: 'open' } as const;

type Answer = (record: TeamRecord) => TeamEvent | undefined;

/** How many steps are asked for until the team waits for somebody, or is over. */
function steps(answer: Answer): { readonly asked: number; readonly end: string } {
  const team = { repository: 'octo/slug', issue: 1, askedBy: 'alice', stages: ['review'], maxRounds: 3 } as const;
  let record = startTeam(team, { now: 1, stepId: 's0' });
  for (let asked = 1; asked <= far; asked += 1) {
    const event = record.state.kind === 'pending' || record.state.kind === 'running' ? answer(record) : undefined;
    if (event === undefined) return { asked, end: endOf(record) };
    record = advance(record, event, { now: asked + 1, stepId: `s${asked}` }).record;
  }
  return { asked: far, end: 'never' };
}

function endOf({ state }: TeamRecord): string {
  return state.kind === 'waiting' ? state.for : state.kind;
}

/** Whatever is asked for is begun by a run that ends so. */
function ending(how: (record: TeamRecord, runId: string) => TeamEvent): Answer {
  return (record) => {
    const { state } = record;
    if (state.kind === 'pending') return { kind: 'begun', step: state.step.id, runId: 'r', fence: 1 };
    return how(record, 'r');
  };
}

function resultOf({ stage }: TeamRecord, content: boolean): StageResult {
  if (stage === 'review') return { kind: 'reviewed', headSha, findings: content ? [] : [finding] };
  return { kind: 'changed', pullRequest: 2, headSha, answers: [] };
}

const endless: readonly (readonly [string, Answer])[] = [
  ['is content with nothing', ending((record, runId) => ({ kind: 'ended', runId, result: resultOf(record, false) }))],
  ['dies each time', ending((_record, runId) => ({ kind: 'dead', runId }))],
  ['begins nothing', ({ state }) => (state.kind === 'pending' ? { kind: 'overdue', step: state.step.id } : undefined)],
];

export const endlessTeams: readonly Attack[] = endless.map(([what, answer]) => ({
  id: 'D1',
  title: `a team whose next run ${what} goes on for ever`,
  attack: async () => {
    const { asked, end } = steps(answer);
    return end === 'person' ? contained(`after ${asked} moves a person is asked`) : escaped(`after ${asked}: ${end}`);
  },
  twin: async () => {
    const { end } = steps(ending((record, runId) => ({ kind: 'ended', runId, result: resultOf(record, true) })));
    return end === 'checks' ? passed('a team that is content ends') : hindered(end);
  },
}));
