import type { TeamRecord } from '../../src/domain/stages/team-record.ts';

/** A team at its beginning, on issue 42 of octo/slug. */
export function sampleTeamRecord(differing: Partial<TeamRecord> = {}): TeamRecord {
  return {
    schema: 1,
    repository: 'octo/slug',
    issue: 42,
    askedBy: 'alice',
    chosen: ['code', 'review'],
    maxRounds: 3,
    stage: 'code',
    state: {
      kind: 'pending',
      step: { id: '01J9ZZZZZZZZZZZZZZZZZZZZZZ', command: 'fix', subject: 42, askedAt: 1, asks: 1 },
    },
    round: 1,
    tries: 0,
    findings: [],
    reasons: [],
    memory: '',
    history: [],
    ...differing,
  };
}
