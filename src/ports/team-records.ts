import type { TeamRecord } from '../domain/stages/team-record.ts';
import type { IssueRecords, StoredRecord } from './issue-records.ts';

export type StoredTeamRecord = StoredRecord<TeamRecord>;

/**
 * Where the team stands with each issue of one repository. Records are data that whoever may push can change: nothing in one
 * gives anybody a right.
 */
export type TeamRecords = IssueRecords<TeamRecord>;
