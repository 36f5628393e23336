import { expect, it } from 'vitest';
import { advance } from '../../../../src/domain/stages/advance.ts';
import type { StageResult } from '../../../../src/domain/stages/stage-result.ts';
import { startTeam } from '../../../../src/domain/stages/start-team.ts';
import type { TeamRecord } from '../../../../src/domain/stages/team-record.ts';
import { parseTeamRecord, teamRecordText } from '../../../../src/domain/stages/team-record-text.ts';
import { teamComment } from '../../../../src/domain/stages/team-text.ts';

const place = { repository: 'octo/slug', issue: 7 };
const headSha = 'a'.repeat(40);

function stepOf({ state }: TeamRecord) {
  if (state.kind !== 'pending') throw new Error('nothing is pending');
  return state.step;
}

function ended(record: TeamRecord, runId: string, result: StageResult): TeamRecord {
  const moment = { now: 5, stepId: `after-${runId}` };
  const begun = advance(record, { kind: 'begun', step: stepOf(record).id, runId, fence: 1 }, moment).record;
  return advance(begun, { kind: 'ended', runId, result }, moment).record;
}

it('says of each step who hands it over and what for, and is kept with the step', () => {
  const first = startTeam({ ...place, askedBy: 'alice', stages: ['code', 'review'] }, { now: 1, stepId: 's1' });
  expect(stepOf(first).handOff).toEqual({ type: 'handoff', from: 'team' });
  const review = ended(first, 'C1', { kind: 'changed', pullRequest: 9, headSha, answers: [] });
  expect(stepOf(review).handOff).toEqual({ type: 'review-requested', from: 'coder/C1' });
  expect(parseTeamRecord(teamRecordText(review), place)).toEqual(review);
  expect(teamComment(review, '/agent')).toContain('review it (review requested by the coder)');
  const finding = { fingerprint: 'f', path: 'a.ts', line: 1, category: 'c', title: 't', body: 'b' } as const;
  const findings = [{ ...finding, severity: 'major', round: 1, standing: 'open' }] as const;
  const again = ended(review, 'R1', { kind: 'reviewed', headSha, findings });
  expect(stepOf(again).handOff).toEqual({ type: 'changes-requested', from: 'reviewer/R1' });
  expect(again.reasons).toMatchObject([{ kind: 'findings' }]);
});

it('is received by the one run that begins the step', () => {
  const first = startTeam({ ...place, askedBy: 'alice', stages: ['code'] }, { now: 1, stepId: 's1' });
  const begin = (runId: string) => ({ kind: 'begun', step: 's1', runId, fence: 1 }) as const;
  const moment = { now: 2, stepId: 's2' };
  const { record, changed } = advance(first, begin('A'), moment);
  expect(changed).toBe(true);
  expect(advance(record, begin('B'), moment).changed).toBe(false);
});

it('shows no words of a record that somebody else has written', () => {
  const first = startTeam({ ...place, askedBy: 'alice', stages: ['code'] }, { now: 1, stepId: 's1' });
  const step = { ...stepOf(first), handOff: { type: 'handoff', from: '@octo/everybody look' } } as const;
  expect(teamComment({ ...first, state: { kind: 'pending', step } }, '/agent')).not.toContain('everybody');
});
