import { type RecordPlace, readIssueRecord } from '../issue-record-text.ts';
import { parseFullName } from '../repository.ts';
import { count, groupOf, listOf, oneOf, type Shape } from '../shape.ts';
import { lineText, textUpTo } from '../shape-kinds.ts';
import {
  type ChangeSet,
  type ChangeSetMember,
  changeSetStates,
  maxMembers,
  memberStarts,
  memberStates,
} from './change-set.ts';
import { orderMembers } from './order.ts';

export const maxChangeSetBytes = 64 * 1024;

/** The record as it is kept. */
export function changeSetText(set: ChangeSet): string {
  return `${JSON.stringify(set, null, 1)}\n`;
}

/** What lies there as the set of that very issue; undefined when it is anything else. Whoever may push can write there. */
export function parseChangeSet(written: string, place: RecordPlace): ChangeSet | undefined {
  const set = readIssueRecord(written, place, { shape: changeSetShape, maxBytes: maxChangeSetBytes });
  return set !== undefined && isWhole(set) ? set : undefined;
}

/** What the rules rely on: names of repositories, each once, nothing that waits for itself. */
function isWhole({ members }: ChangeSet): boolean {
  const names = members.map(({ repository }) => repository.toLowerCase());
  const known = names.every((name) => parseFullName(name) !== undefined) && new Set(names).size === names.length;
  const closed = members.every(({ dependsOn }) => dependsOn.every((name) => names.includes(name.toLowerCase())));
  const some = names.length > 0 && names.length <= maxMembers;
  return some && known && closed && orderMembers(members).kind === 'ordered';
}

const memberShape: Shape<ChangeSetMember> = groupOf<ChangeSetMember>({
  required: {
    ...{ repository: lineText, dependsOn: listOf(lineText), begins: oneOf(memberStarts) },
    ...{ state: oneOf(memberStates), tries: count },
  },
  optional: {
    ...{ issue: count, pullRequest: count, headSha: lineText, why: textUpTo(2_000) },
    ...{ released: justTrue(), early: justTrue(), undrafted: justTrue(), stopAsked: justTrue() },
  },
});

const changeSetShape: Shape<ChangeSet> = groupOf<ChangeSet>({
  required: {
    ...{ schema: oneOf([1] as const), repository: lineText, issue: count, askedBy: lineText, command: lineText },
    ...{ request: lineText, seen: lineText },
    ...{ members: listOf(memberShape), state: oneOf(changeSetStates), openedAt: count },
  },
  optional: { why: textUpTo(2_000), stoppedBy: lineText },
});

function justTrue(): Shape<true> {
  return { wrong: (value, field) => (value === true ? undefined : { field, wanted: 'true' }) };
}
