import { advanceChangeSet, type ChangeSetEvent, dutiesOf, isAtRest } from '../../domain/change-set/advance.ts';
import type { ChangeSet } from '../../domain/change-set/change-set.ts';
import { changeSetText } from '../../domain/change-set/record-text.ts';
import type { IssueSnapshot } from '../../domain/issue.ts';
import { fullName, type IssuePlace } from '../../domain/repository.ts';
import type { StoredChangeSet } from '../../ports/change-sets.ts';
import type { DispatchRoom } from '../dispatch/dispatch-room.ts';
import { observeMember } from './observe-member.ts';
import { releaseMember } from './release-member.ts';
import { startMember } from './start-member.ts';
import { tellChangeSet } from './tell-change-set.ts';

export type FollowedChangeSet =
  | { readonly kind: 'followed'; readonly set: ChangeSet }
  | { readonly kind: 'none' }
  /** Somebody else is at it: look again. */
  | { readonly kind: 'busy' };

/** More changes than a set of ten can have at once. */
const maxRounds = 100;
/** Somebody asks again while it is looked at. */
const maxTries = 5;

/**
 * Looks at how a set stands and does what follows: what was heard is not asked, so it may be called at any time and as often as one
 * likes. Every state is written before anything is done that follows from it, so whoever is killed is followed by another one.
 */
export async function followChangeSet(
  room: DispatchRoom,
  { repository, number }: IssuePlace,
  { lockMs, signal }: { readonly lockMs: number; readonly signal: AbortSignal },
): Promise<FollowedChangeSet> {
  const now = room.clock.now();
  const key = `${fullName(repository)}#${number}`.toLowerCase();
  const lock = { caller: 'change-set', key, fingerprint: '', now, lockedUntil: now + lockMs, keepUntil: now + lockMs };
  const begun = await room.heard.begin(lock);
  if (begun.kind !== 'new') return { kind: 'busy' };
  try {
    for (let tries = 0; tries < maxTries; tries += 1) {
      const followed = await goOn(room, { repository, number }, signal);
      if (followed !== 'moved') return followed;
    }
    return { kind: 'busy' };
  } finally {
    await room.heard.forget(begun.token);
  }
}

async function goOn(room: DispatchRoom, place: IssuePlace, signal: AbortSignal): Promise<FollowedChangeSet | 'moved'> {
  const { forge, sets } = room.connect(place.repository);
  const stored = await sets.read(place.number);
  if (stored === undefined) return { kind: 'none' };
  const asked = await forge.issue(place.number);
  let at: StoredChangeSet = stored;
  const change = async (events: readonly ChangeSetEvent[]): Promise<'same' | 'changed' | 'moved'> => {
    const record = events.reduce(advanceChangeSet, at.record);
    if (changeSetText(record) === changeSetText(at.record)) return 'same';
    const swapped = await sets.swap(place.number, { seen: at.id, record });
    if (swapped.kind === 'moved') return 'moved';
    at = { id: swapped.id, record };
    return 'changed';
  };

  let changed = await change(await observe(room, at.record, asked));
  for (let round = 0; round < maxRounds && changed !== 'moved'; round += 1) {
    signal.throwIfAborted();
    changed = await change(await perform(room, at.record, { asked, signal }));
    if (changed === 'same') break;
  }
  if (changed === 'moved') return 'moved';
  await tellChangeSet(room, at.record, { issueUrl: asked.url });
  return { kind: 'followed', set: at.record };
}

async function observe(room: DispatchRoom, set: ChangeSet, asked: IssueSnapshot): Promise<readonly ChangeSetEvent[]> {
  const events: ChangeSetEvent[] = [];
  for (const member of set.members) events.push(...(await observeMember(room, set, member)));
  const mayGoOn = set.state === 'going' || !isAtRest(set);
  if (asked.state === 'closed' && mayGoOn && set.state !== 'stopped') {
    events.push({ kind: 'stopped', why: 'the issue was closed' });
  }
  return events;
}

/** One duty that changes something at a time: what follows from it is written before anything more is done. */
async function perform(
  room: DispatchRoom,
  set: ChangeSet,
  { asked, signal }: { readonly asked: IssueSnapshot; readonly signal: AbortSignal },
): Promise<readonly ChangeSetEvent[]> {
  for (const { kind, member } of dutiesOf(set)) {
    const events =
      kind === 'run' ? await startMember(room, { set, member, asked }, signal) : await releaseMember(room, member);
    if (events.length > 0) return events;
  }
  return [];
}
