import { isAtRest } from '../../domain/change-set/advance.ts';
import type { ChangeSet } from '../../domain/change-set/change-set.ts';
import { changeSetText, maxChangeSetBytes, parseChangeSet } from '../../domain/change-set/record-text.ts';
import type { ChangeSets } from '../../ports/change-sets.ts';
import type { GitHubApi } from './api.ts';
import { createIssueRecords, type RecordKind } from './issue-records.ts';

const changeSets: RecordKind<ChangeSet> = {
  place: 'agents/change-sets',
  fileName: 'change-set.json',
  noun: 'the change set of',
  explanation:
    'Kept by entropy-playground: one change in several repositories, and how far each of them is. Its history is the order of the work.',
  maxBytes: maxChangeSetBytes,
  text: changeSetText,
  parse: parseChangeSet,
  subject: (set, issue) => `Change set of issue #${issue}: ${set.state}, ${isAtRest(set) ? 'at rest' : 'at work'}`,
  going: /^Change set of issue #[0-9]{1,10}: [a-z]{1,20}, at work$/,
};

/** `refs/agents/change-sets/<issue>` → the record, a commit a state. */
export function createChangeSets(api: GitHubApi, newId?: () => string): ChangeSets {
  return createIssueRecords(api, changeSets, newId);
}
