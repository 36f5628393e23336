import type { ChangeSet } from '../domain/change-set/change-set.ts';
import type { IssueRecords, StoredRecord } from './issue-records.ts';

export type StoredChangeSet = StoredRecord<ChangeSet>;

/** The sets that issues of one repository asked for. */
export type ChangeSets = IssueRecords<ChangeSet>;
