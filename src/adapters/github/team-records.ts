import type { TeamRecord } from '../../domain/stages/team-record.ts';
import { maxTeamRecordBytes, parseTeamRecord, teamRecordText } from '../../domain/stages/team-record-text.ts';
import type { TeamRecords } from '../../ports/team-records.ts';
import type { GitHubApi } from './api.ts';
import { createIssueRecords, type RecordKind } from './issue-records.ts';

const teamRecords: RecordKind<TeamRecord> = {
  place: 'agents/team',
  fileName: 'team.json',
  noun: 'where the team stands with',
  explanation:
    'Kept by entropy-playground: where the team stands with this issue. Its history is the order of the work.',
  maxBytes: maxTeamRecordBytes,
  text: teamRecordText,
  parse: parseTeamRecord,
  subject: ({ stage, state }, issue) => {
    const whom = state.kind === 'waiting' ? ` for ${state.for}` : '';
    return `Team on issue #${issue}: ${stage}, ${state.kind}${whom}`;
  },
  // Those that were written before the subject told for whom it waits count as well.
  going: /^Team on issue #[0-9]{1,10}: [a-z]{1,20}, (?:pending|running|waiting(?: for [a-z]{1,20})?|closing)$/,
  atWork:
    /^Team on issue #[0-9]{1,10}: (?:code|test|review|address|ready), (?:pending|running|waiting(?: for checks)?)$/,
};

/** `refs/agents/team/<issue>` → the record, a commit a state. */
export function createTeamRecords(api: GitHubApi, newId?: () => string): TeamRecords {
  return createIssueRecords(api, teamRecords, newId);
}
