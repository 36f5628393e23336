import { sameRepository } from '../repository.ts';
import { type AskedMember, before, type ChangeSet, type ChangeSetMember, mayMerge, memberOf } from './change-set.ts';

export type ChangeSetEvent =
  /** The member's issue is there. */
  | { readonly kind: 'issue-opened'; readonly repository: string; readonly issue: number }
  /** Its run is over, or could not be started, and no pull request came of it. */
  | { readonly kind: 'run-failed'; readonly repository: string; readonly why: string }
  /** What GitHub tells of its pull request. */
  | {
      readonly kind: 'pull-request';
      readonly repository: string;
      readonly number: number;
      readonly headSha: string;
      readonly state: 'open' | 'closed' | 'merged';
      readonly draft: boolean;
    }
  /** People see that it may be merged. */
  | { readonly kind: 'released'; readonly repository: string }
  /** GitHub refuses what is to be done there; the others go on. */
  | { readonly kind: 'stuck'; readonly repository: string; readonly why: string }
  /** Its run was asked to stop. */
  | { readonly kind: 'stop-asked'; readonly repository: string }
  /** Somebody who may asks for all that failed once more. */
  | ({ readonly kind: 'asked-again'; readonly members: readonly AskedMember[] } & Pick<
      ChangeSet,
      'askedBy' | 'command' | 'request' | 'seen'
    >)
  /** `by`: a person, who wants the runs of its members stopped as well. */
  | { readonly kind: 'stopped'; readonly why: string; readonly by?: string };

/** What has to be seen to now. All of it can be done twice; none of it is lost with whoever dies over it. */
export type ChangeSetDuty =
  /** A run with the number `tries` is to be at work, on an issue of its own. */
  | { readonly kind: 'run'; readonly member: ChangeSetMember }
  /** All that it depends on is merged: its draft may be made ready. */
  | { readonly kind: 'release'; readonly member: ChangeSetMember }
  /** Its run is to end, for whoever stopped the set. */
  | { readonly kind: 'stop'; readonly member: ChangeSetMember };

/**
 * Where a set stands after something happened. Events come late, twice and in any order: what is merged stays merged, and an
 * older word about a run counts no more once there is a pull request.
 */
export function advanceChangeSet(set: ChangeSet, event: ChangeSetEvent): ChangeSet {
  return begin(settle(apply(set, event)));
}

export function dutiesOf(set: ChangeSet): readonly ChangeSetDuty[] {
  const duties: ChangeSetDuty[] = [];
  for (const member of set.members) {
    if (member.state === 'working') duties.push({ kind: 'run', member });
    const isToStop = set.state === 'stopped' && set.stoppedBy !== undefined && member.stopAsked !== true;
    if (isToStop && member.state === 'working') duties.push({ kind: 'stop', member });
    const mayGo = set.state === 'going' && member.state === 'in_review' && mayMerge(set, member);
    if (mayGo && member.released !== true) duties.push({ kind: 'release', member });
  }
  return duties;
}

/** Nothing more comes by itself: all is merged, or it ended otherwise and nobody is at work. */
export function isAtRest({ state, members }: ChangeSet): boolean {
  if (state === 'going') return false;
  return members.every((member) => member.state !== 'working' && member.state !== 'in_review');
}

/** A new set, of which those that depend on nothing begin at once. */
export function openedChangeSet({
  members,
  ...set
}: Omit<ChangeSet, 'schema' | 'state' | 'members'> & { readonly members: readonly AskedMember[] }): ChangeSet {
  return begin({ schema: 1, state: 'going', ...set, members: members.map((asked) => askedAgain(asked, undefined)) });
}

function apply(set: ChangeSet, event: ChangeSetEvent): ChangeSet {
  switch (event.kind) {
    case 'issue-opened':
      return change(set, event.repository, (member) => ({ ...member, issue: event.issue }));
    case 'run-failed':
      return change(set, event.repository, (member) =>
        member.state === 'working' ? { ...member, state: 'failed', why: event.why } : member,
      );
    case 'pull-request':
      return change(set, event.repository, (member) => withPull(set, member, event));
    case 'released':
      return change(set, event.repository, ({ why, ...member }) =>
        member.state === 'in_review' && mayMerge(set, member)
          ? { ...member, released: true }
          : { ...member, ...(why !== undefined && { why }) },
      );
    case 'stuck':
      return change(set, event.repository, (member) => ({ ...member, why: event.why }));
    case 'stop-asked':
      return change(set, event.repository, (member) => ({ ...member, stopAsked: true }));
    case 'asked-again': {
      if (set.state === 'merged') return set;
      const { why: _why, stoppedBy: _by, ...rest } = set;
      const { askedBy, command, request, seen } = event;
      const members = event.members.map((asked) => askedAgain(asked, memberOf(set, asked.repository)));
      return { ...rest, askedBy, command, request, seen, members, state: 'going' };
    }
    case 'stopped':
      if (set.state === 'merged') return set;
      return { ...set, state: 'stopped', why: event.why, ...(event.by !== undefined && { stoppedBy: event.by }) };
    default:
      return event satisfies never;
  }
}

function withPull(
  set: ChangeSet,
  member: ChangeSetMember,
  { number, headSha, state, draft }: Extract<ChangeSetEvent, { readonly kind: 'pull-request' }>,
): ChangeSetMember {
  if (member.state === 'merged') return member;
  // The one that was closed, heard of again after a new try began.
  const isOld = state === 'closed' && (member.state === 'working' || member.state === 'waiting');
  if (isOld) return member;
  const { why, undrafted: _undrafted, ...rest } = member;
  const seen = { ...rest, pullRequest: number, headSha };
  if (state === 'merged') return { ...seen, state: 'merged', ...(!mayMerge(set, member) && { early: true }) };
  if (state === 'open') {
    const stuck = member.state === 'in_review' && why !== undefined && { why };
    return { ...seen, state: 'in_review', ...stuck, ...(!draft && !mayMerge(set, member) && { undrafted: true }) };
  }
  return { ...seen, state: 'given-up', why: 'its pull request was closed without a merge' };
}

function settle(set: ChangeSet): ChangeSet {
  if (set.members.every(({ state }) => state === 'merged')) return { ...set, state: 'merged' };
  if (set.state === 'stopped') return set;
  return { ...set, state: set.members.some(isLost) ? 'failed' : 'going' };
}

/** Whoever waits and need not any more is at work from here on; who starts the run finds it so however often they look. */
function begin(set: ChangeSet): ChangeSet {
  if (set.state !== 'going') return set;
  const members = set.members.map((member): ChangeSetMember => {
    if (member.state !== 'waiting' || !mayBegin(set, member)) return member;
    return { ...member, state: 'working', tries: member.tries + 1 };
  });
  return { ...set, members };
}

function mayBegin(set: ChangeSet, member: ChangeSetMember): boolean {
  return before(set, member).every(
    ({ state }) => state === 'merged' || (member.begins === 'in-review' && state === 'in_review'),
  );
}

function isLost({ state }: ChangeSetMember): boolean {
  return state === 'failed' || state === 'given-up';
}

/** What it has come to stays, in the order that is asked for now. */
function askedAgain(asked: AskedMember, known: ChangeSetMember | undefined): ChangeSetMember {
  if (known === undefined) return { ...asked, state: 'waiting', tries: 0 };
  const { stopAsked: _stop, ...before } = known;
  const member = { ...before, ...asked };
  if (!isLost(known)) return member;
  // The pull request that was closed is history, so that nobody takes it for the new try's.
  const { why: _why, pullRequest: _pull, headSha: _head, released: _released, ...rest } = member;
  return { ...rest, state: 'waiting' };
}

function change(set: ChangeSet, repository: string, alter: (member: ChangeSetMember) => ChangeSetMember): ChangeSet {
  const members = set.members.map((member) => (sameRepository(member.repository, repository) ? alter(member) : member));
  return { ...set, members };
}
