import type { ChangeSetEvent } from '../../domain/change-set/advance.ts';
import type { ChangeSet, ChangeSetMember } from '../../domain/change-set/change-set.ts';
import { issueClaimKey } from '../../domain/claim.ts';
import { isOver } from '../../domain/coordination/run-moves.ts';
import { describeError, EntropyError } from '../../domain/error.ts';
import { parseFullName, type RepositoryRef } from '../../domain/repository.ts';
import type { Forge } from '../../ports/forge.ts';
import type { DispatchRoom } from '../dispatch/dispatch-room.ts';
import { memberNames } from './member-run.ts';

/** What became of a member since it was last looked at, by the books and by GitHub. */
export async function observeMember(
  room: DispatchRoom,
  set: ChangeSet,
  member: ChangeSetMember,
): Promise<readonly ChangeSetEvent[]> {
  const place = parseFullName(member.repository);
  if (place === undefined || member.issue === undefined || member.state === 'merged') return [];
  try {
    return await observe(room, { set, member, place, issue: member.issue });
  } catch (error) {
    // Gone, or without the App by now: the others go on, and this one waits for whoever mends it.
    if (!(error instanceof EntropyError) || error.retryable) throw error;
    room.log(`${member.repository} of the set on ${set.repository}#${set.issue}: ${describeError(error)}`);
    return [];
  }
}

interface Observed {
  readonly set: ChangeSet;
  readonly member: ChangeSetMember;
  readonly place: RepositoryRef;
  readonly issue: number;
}

async function observe(
  room: DispatchRoom,
  { set, member, place, issue }: Observed,
): Promise<readonly ChangeSetEvent[]> {
  const { repository } = member;
  const { forge } = room.connect(place);
  const key = issueClaimKey(place.owner, place.name, issue);
  const run = member.state === 'working' ? await room.runs.read(memberNames(set, member).runId) : undefined;
  // The task's is of its newest run, which a person may have asked for on the member's own issue.
  const number = member.state === 'in_review' ? member.pullRequest : (await room.tasks.read(key))?.pullRequest;
  const pull = await pullOf(forge, number ?? run?.pullRequest);
  if (pull !== undefined) {
    const event = { kind: 'pull-request', repository, ...pull } as const;
    if (pull.state !== 'closed' || member.state !== 'working') return [event];
  }
  if (run === undefined || !isOver(run.state)) return [];
  if ((await room.claims.read(key))?.state === 'held') return [];
  const team = (await forge.team.read(issue))?.record.state;
  if (team !== undefined && team.kind !== 'over') return [];
  const why = team?.what ?? run.reason ?? run.state;
  return [{ kind: 'run-failed', repository, why: `${run.state}: ${why}` }];
}

async function pullOf(forge: Forge, number: number | undefined) {
  const pull = number === undefined ? undefined : await forge.pullRequest(number);
  if (pull === undefined) return undefined;
  const state: 'open' | 'closed' | 'merged' = pull.merged ? 'merged' : pull.state;
  return { number: pull.number, headSha: pull.headSha, state, draft: pull.draft };
}
