import type { ChangeSetEvent } from '../../domain/change-set/advance.ts';
import type { ChangeSet, ChangeSetMember } from '../../domain/change-set/change-set.ts';
import { memberIssue } from '../../domain/change-set/member-issue.ts';
import { readMemberMark } from '../../domain/change-set/member-mark.ts';
import * as texts from '../../domain/change-set/texts.ts';
import { type ClaimKey, issueClaimKey } from '../../domain/claim.ts';
import { describeError, EntropyError } from '../../domain/error.ts';
import type { IssueSnapshot } from '../../domain/issue.ts';
import { fullName, parseFullName, type RepositoryRef, sameRepository } from '../../domain/repository.ts';
import type { Forge } from '../../ports/forge.ts';
import { askGate } from '../dispatch/ask-gate.ts';
import type { DispatchRoom } from '../dispatch/dispatch-room.ts';
import { leaveLine } from '../dispatch/leave-line.ts';
import { startRun } from '../dispatch/start-run.ts';
import { seenDigest } from '../seen-digest.ts';
import { memberDelivery, memberNames } from './member-run.ts';
import { observeMember } from './observe-member.ts';

/** On every member's issue, by which one that was opened before is found again. */
export const memberLabel = 'agent-change-set';

export interface StartedMember {
  readonly set: ChangeSet;
  readonly member: ChangeSetMember;
  /** The set's issue as it is now. */
  readonly asked: IssueSnapshot;
  /** What commands begin with on it. */
  readonly phrase: string;
}

/**
 * Sees to it that a member's run is at work: its issue is opened, and then its run asked for, each found again by whoever follows
 * somebody who died in between. What came of it; nothing when the run is there.
 */
export async function startMember(
  room: DispatchRoom,
  { set, member, asked, phrase }: StartedMember,
  signal: AbortSignal,
): Promise<readonly ChangeSetEvent[]> {
  const names = memberNames(set, member);
  const run = await room.runs.read(names.runId);
  // One that was opened and not started: whoever was to start it died, and the very same is asked for again.
  const isStarted = run !== undefined && (run.state !== 'queued' || run.workflowRun !== undefined);
  if (isStarted) return [];
  const { repository } = member;
  const failed = (why: string): readonly ChangeSetEvent[] => [{ kind: 'run-failed', repository, why }];
  if (set.state !== 'going') {
    const stopped = 'it was not begun before the set was held up';
    const key = taskKey(member);
    if (key !== undefined) await leaveLine(room, key, stopped);
    return failed(stopped);
  }
  if (seenDigest(asked) !== set.seen) {
    return [{ kind: 'stopped', why: texts.changedSinceAsked(phrase) }];
  }
  const place = parseFullName(repository);
  if (place === undefined) return failed('that is not the name of a repository');
  try {
    if (member.issue === undefined) {
      const issue = await openIssue(room.connect(place).forge, { set, member, asked });
      return [{ kind: 'issue-opened', repository, issue }];
    }
    // Somebody asked on the member's own issue before, and what came of it is this member's as well.
    const came = await observeMember(room, set, member);
    if (came.length > 0) return came;
    const why = await start(room, { set, member: { ...member, issue: member.issue }, place }, signal);
    return why === undefined ? [] : failed(why);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof EntropyError) || error.retryable) throw error;
    return failed(`${error.code}: ${describeError(error)}`);
  }
}

function taskKey({ repository, issue }: ChangeSetMember): ClaimKey | undefined {
  const place = parseFullName(repository);
  return place === undefined || issue === undefined ? undefined : issueClaimKey(place.owner, place.name, issue);
}

/** Once: what is there already, by our own hand and for this very set, is taken. */
async function openIssue(forge: Forge, { set, member, asked }: Omit<StartedMember, 'phrase'>): Promise<number> {
  const { title, body } = memberIssue(set, member, asked);
  const own = (await forge.openIssues(memberLabel)).filter((issue) => isFor(set, issue));
  for (const issue of own) if (await forge.isOwnAuthor(issue.author)) return issue.number;
  return (await forge.createIssue({ title, body, labels: [memberLabel] })).number;
}

function isFor(set: ChangeSet, { body }: IssueSnapshot): boolean {
  const mark = readMemberMark(body);
  if (mark === undefined || mark.set.number !== set.issue) return false;
  return sameRepository(fullName(mark.set.repository), set.repository);
}

interface Start {
  readonly set: ChangeSet;
  readonly member: ChangeSetMember & { readonly issue: number };
  readonly place: RepositoryRef;
}

/** Why it cannot be; undefined: it is at work, or stands in line for a budget. */
async function start(
  room: DispatchRoom,
  { set, member, place }: Start,
  signal: AbortSignal,
): Promise<string | undefined> {
  const installation = await room.installationOf(place);
  if (installation === undefined) return 'the GitHub App is no longer installed there';
  const key = issueClaimKey(place.owner, place.name, member.issue);
  if ((await room.waiting.read(key)) !== undefined) return undefined;
  const delivery = memberDelivery(set, member, installation);
  const names = memberNames(set, member);
  const event = await room.readTrigger({ event: delivery.event, payload: delivery.payload });
  const answer = await askGate(room, { repository: place, delivery, event, names }, signal);
  switch (answer.kind) {
    case 'admitted': {
      const started = await startRun(room, names.runId);
      return started.kind === 'done' && started.what === 'start-refused' ? started.text : undefined;
    }
    case 'begun-before':
    case 'waiting':
      return undefined;
    case 'refused':
      // Somebody asked for it on its own issue a moment ago: their run is this member's as well.
      return answer.reason === 'claimed' ? undefined : answer.text;
    case 'answered':
      return answer.text;
    case 'ignored':
      return answer.reason;
    default:
      return answer satisfies never;
  }
}
