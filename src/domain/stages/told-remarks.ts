import type { BriefReason } from '../brief.ts';
import type { TeamRecord } from './team-record.ts';

/** More remarks than people write on one pull request; of more than that the oldest may be told twice. */
const maxTold = 500;

/** Ids of the comments and reviews that these reasons tell of. */
export function remarkIds(reasons: readonly BriefReason[]): readonly number[] {
  return reasons.flatMap((reason) =>
    reason.kind === 'remarks' ? reason.remarks.map(({ commentId }) => commentId) : [],
  );
}

/** A coder was told of these remarks, and of those that the record sent it back with, and changed the code with them in mind. */
export function withTold(record: TeamRecord, ids: readonly number[]): TeamRecord {
  const told = new Set([...(record.told ?? []), ...remarkIds(record.reasons), ...ids]);
  return told.size === 0 ? record : { ...record, told: [...told].slice(-maxTold) };
}

/** With remarks that came while its coder was waited for: told with the others, in no round of their own. */
export function withRemarks(record: TeamRecord, reasons: readonly BriefReason[]): TeamRecord | undefined {
  const known = new Set(remarkIds(record.reasons));
  const isNew = remarkIds(reasons).some((id) => !known.has(id));
  if (!isNew) return undefined;
  const others = record.reasons.filter(({ kind }) => kind !== 'remarks');
  const before = record.reasons.flatMap((reason) => (reason.kind === 'remarks' ? reason.remarks : []));
  const fresh = reasons.flatMap((reason) => (reason.kind === 'remarks' ? reason.remarks : []));
  const ids = new Set(fresh.map(({ commentId }) => commentId));
  const remarks = [...fresh, ...before.filter(({ commentId }) => !ids.has(commentId))];
  return { ...record, reasons: [...others, { kind: 'remarks', remarks }] };
}
