import {
  advanceChangeSet,
  type ChangeSetDuty,
  type ChangeSetEvent,
  dutiesOf,
  isAtRest,
} from '../../domain/change-set/advance.ts';
import { type Bar, isBarred, whyBarred } from '../../domain/change-set/bars.ts';
import type { ChangeSet } from '../../domain/change-set/change-set.ts';
import { changeSetText } from '../../domain/change-set/record-text.ts';
import { describeError, EntropyError } from '../../domain/error.ts';
import type { IssueSnapshot } from '../../domain/issue.ts';
import { fullName, type IssuePlace } from '../../domain/repository.ts';
import type { StoredChangeSet } from '../../ports/change-sets.ts';
import type { DispatchRoom } from '../dispatch/dispatch-room.ts';
import { barsOf } from './find-bars.ts';
import { observeMember } from './observe-member.ts';
import { releaseMember } from './release-member.ts';
import { startMember } from './start-member.ts';
import { stopMember } from './stop-member.ts';
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

  const { bars, phrase } = await barsOf(room, forge, at.record);
  let changed = await change(await observe(room, at.record, { asked, bars }));
  for (let round = 0; round < maxRounds && changed !== 'moved'; round += 1) {
    signal.throwIfAborted();
    changed = await change(await perform(room, at.record, { asked, bars, phrase, signal }));
    if (changed === 'same') break;
  }
  if (changed === 'moved') return 'moved';
  await tellChangeSet(room, at.record, { issueUrl: asked.url, bars, phrase });
  return { kind: 'followed', set: at.record };
}

interface Looked {
  /** The set's issue as it is now. */
  readonly asked: IssueSnapshot;
  /** Where nothing may be looked at, done or told. */
  readonly bars: readonly Bar[];
}

async function observe(
  room: DispatchRoom,
  set: ChangeSet,
  { asked, bars }: Looked,
): Promise<readonly ChangeSetEvent[]> {
  const events: ChangeSetEvent[] = [];
  for (const member of set.members) {
    if (!isBarred(bars, member.repository)) events.push(...(await observeMember(room, set, member)));
  }
  const barred = whyBarred(bars, set.askedBy);
  if (barred !== undefined && set.state === 'going') events.push({ kind: 'stopped', why: barred });
  const mayGoOn = set.state === 'going' || !isAtRest(set);
  if (asked.state === 'closed' && mayGoOn && set.state !== 'stopped') {
    events.push({ kind: 'stopped', why: 'the issue was closed' });
  }
  return events;
}

/**
 * One duty that changes something at a time: what follows from it is written before anything more is done. What GitHub refuses in
 * one repository is told in its row and keeps none of the others from theirs.
 */
async function perform(
  room: DispatchRoom,
  set: ChangeSet,
  { asked, bars, phrase, signal }: Looked & { readonly phrase: string; readonly signal: AbortSignal },
): Promise<readonly ChangeSetEvent[]> {
  const refused: ChangeSetEvent[] = [];
  let fault: EntropyError | undefined;
  for (const duty of dutiesOf(set)) {
    const { repository } = duty.member;
    if (isBarred(bars, repository)) continue;
    try {
      const events = await performOne(room, set, { duty, asked, phrase }, signal);
      if (events.length > 0) return [...refused, ...events];
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof EntropyError)) throw error;
      room.log(`${repository} of the set on ${set.repository}#${set.issue}: ${describeError(error)}`);
      if (error.retryable) fault ??= error;
      else refused.push({ kind: 'stuck', repository, why: `${error.code}: ${describeError(error)}` });
    }
  }
  if (refused.length === 0 && fault !== undefined) throw fault;
  return refused;
}

function performOne(
  room: DispatchRoom,
  set: ChangeSet,
  {
    duty: { kind, member },
    ...told
  }: { readonly duty: ChangeSetDuty; readonly asked: IssueSnapshot; readonly phrase: string },
  signal: AbortSignal,
): Promise<readonly ChangeSetEvent[]> {
  switch (kind) {
    case 'run':
      return startMember(room, { set, member, ...told }, signal);
    case 'release':
      return releaseMember(room, member);
    case 'stop':
      return stopMember(room, { set, member }, signal);
    default:
      return kind satisfies never;
  }
}
