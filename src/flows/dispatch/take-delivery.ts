import { issueClaimKey } from '../../domain/claim.ts';
import { repositoryIn } from '../../domain/dispatch/delivery-repository.ts';
import type { QueuedDelivery } from '../../domain/dispatch/queued-message.ts';
import { type RequestNames, requestNames } from '../../domain/dispatch/request-names.ts';
import { isTooLate } from '../../domain/dispatch/told-at.ts';
import { describeError, EntropyError } from '../../domain/error.ts';
import { isObject } from '../../domain/json-shape.ts';
import { fullName, type IssuePlace, type RepositoryRef } from '../../domain/repository.ts';
import { numberOfEvent, type TriggerEvent } from '../../domain/trigger-event.ts';
import { startMerges } from '../address/start-merges.ts';
import { findChangeSet } from '../change-set/find-change-set.ts';
import { followChangeSet } from '../change-set/follow-change-set.ts';
import { restoreTexts } from '../restore-texts.ts';
import { giveUpHeld } from '../sweep-held.ts';
import { type AskedAgain, askGate, type GateAnswer } from './ask-gate.ts';
import type { DispatchRoom } from './dispatch-room.ts';
import { faultText, giveUp } from './give-up.ts';
import { hearOnce } from './heard-once.ts';
import { leaveLine } from './leave-line.ts';
import { roomOfTeams } from './room-of-teams.ts';
import { startRun } from './start-run.ts';

export interface TakenMessage {
  /** How often it was handed out, this time included, and whether it will not be again. */
  readonly deliveries: number;
  readonly isLast: boolean;
  /** Of the work in the queue. */
  readonly workId: string;
  /** Longer than anybody may work on it. */
  readonly lockMs: number;
}

export type TakenDelivery =
  /** Done with. `started`: its workflow was started just now. */
  | { readonly kind: 'done'; readonly what: DoneWhat; readonly text?: string; readonly runId?: string }
  /** Nothing follows: heard before, or not to be believed. */
  | { readonly kind: 'dropped'; readonly why: DropReason; readonly text: string }
  /** Hand it out again. */
  | { readonly kind: 'later'; readonly afterMs: number; readonly why: string }
  /** Among the dead letters with this reason. */
  | { readonly kind: 'given-up'; readonly reason: string; readonly told: Awaited<ReturnType<typeof giveUp>> };

export type DoneWhat =
  | 'started'
  | 'not-needed'
  | 'start-refused'
  | Exclude<GateAnswer['kind'], 'admitted'>
  | 'mirrored';
export type DropReason = 'heard-before' | 'not-believable' | 'too-late' | 'unreadable';

/** Somebody else works on the very same message: it will be done, or free, soon. */
const busyMs = 15_000;

/**
 * One delivery of a webhook, whose signature was right. Whoever is killed in the middle of this is followed by another try that
 * ends where this one would have: one claim, one comment, one run, one start. A fault is thrown, to be tried again; the last
 * time it is given up, and told where somebody asked.
 */
export async function takeDelivery(
  room: DispatchRoom,
  delivery: QueuedDelivery,
  message: TakenMessage,
  signal: AbortSignal,
): Promise<TakenDelivery> {
  const { lockMs } = message;
  const heard = await hearOnce(room.heard, delivery, { now: room.clock.now(), lockMs });
  if (heard.kind === 'busy') return { kind: 'later', afterMs: busyMs, why: 'somebody works on it' };
  if (heard.kind === 'done') return { kind: 'dropped', why: 'heard-before', text: 'it was done with before' };
  if (heard.kind === 'other') return { kind: 'dropped', why: 'heard-before', text: heard.why };

  const names = requestNames(delivery, heard.givenUp);
  try {
    const taken = await follow(room, { delivery, names, heardBefore: heard.givenUp, lockMs }, signal);
    await heard.end(taken.kind === 'later' ? 'retry' : 'done');
    return taken;
  } catch (error) {
    signal.throwIfAborted();
    if (!isHopeless(error, message)) {
      await heard.end('retry');
      throw error;
    }
    const told = await giveUpDelivery(room, { delivery, names, workId: message.workId, fault: error });
    await heard.end('given-up');
    return { kind: 'given-up', reason: faultText(error), told };
  }
}

/** What nobody can mend by waiting is tried twice, for GitHub is not always sure of itself; the rest until the end. */
function isHopeless(error: unknown, { deliveries, isLast }: TakenMessage): boolean {
  return isLast || (deliveries >= 2 && error instanceof EntropyError && !error.retryable);
}

async function follow(
  room: DispatchRoom,
  followed: {
    readonly delivery: QueuedDelivery;
    readonly names: RequestNames;
    readonly heardBefore: number;
    readonly lockMs: number;
  },
  signal: AbortSignal,
): Promise<TakenDelivery> {
  const { delivery, names, heardBefore, lockMs } = followed;
  const repository = repositoryIn(delivery);
  if (repository === undefined) return drop('unreadable', 'the payload names no repository');
  if (isTooLate(delivery)) return drop('too-late', 'what it tells happened before GitHub would still send it');
  if (!(await room.covers(delivery.installation, repository))) {
    return drop('not-believable', `installation ${delivery.installation} does not cover ${fullName(repository)}`);
  }

  const whole = await restoreTexts(delivery, textSource(room));
  const mirrored = await mirror(room, { event: delivery.event, payload: whole.told }, signal);
  if (mirrored !== undefined) return mirrored;
  await leaveWhenClosed(room, delivery, repository);
  const asked = { repository, names, delivery: { ...delivery, receivedAt: delivery.receivedAt + heardBefore } };
  const taken = await putBefore(room, { ...asked, told: whole.asked, lockMs }, signal);
  // Behind what is asked for here: a set that cannot be followed must not take a request with it.
  const later = await followTouched(room, delivery, { lockMs, signal });
  return later ?? taken;
}

/** What the delivery asks for, if anything. */
async function putBefore(
  room: DispatchRoom,
  {
    told,
    lockMs,
    ...asked
  }: Omit<AskedAgain, 'event'> & { readonly told: QueuedDelivery['payload']; readonly lockMs: number },
  signal: AbortSignal,
): Promise<TakenDelivery> {
  const { repository, names } = asked;
  const event = await readTrigger(room, { event: asked.delivery.event, payload: told });
  if (event.kind === 'unrelated') return { kind: 'done', what: 'mirrored', text: event.reason };
  if (event.kind === 'pushed') return afterPush(room, repository, event.branch, signal);

  // From the waiting list it is asked for again by the same names.
  const answer = await askGate(room, { ...asked, event }, signal);
  if (answer.kind === 'admitted') return startRun(room, names.runId);
  const number = numberOfEvent(event);
  const isSet = answer.kind === 'answered' && answer.what === 'change-set' && number !== undefined;
  const busy = isSet ? await followSet(room, { repository, number }, { lockMs, signal }) : undefined;
  return busy ?? afterGate(answer);
}

/** Each coder that is wanted is asked for by a request of its own. */
async function afterPush(
  room: DispatchRoom,
  repository: RepositoryRef,
  branch: string,
  signal: AbortSignal,
): Promise<TakenDelivery> {
  const looked = await startMerges(roomOfTeams(room, repository), branch, signal);
  const told = looked.map(({ pullRequest, what }) => `#${pullRequest}: ${what}`).join(', ');
  return { kind: 'done', what: 'mirrored', text: told === '' ? `no agent waits for ${branch}` : told };
}

/** Undefined: it matters to no set, or the set was looked at; also one that GitHub refuses to show, which a sweep tells again. */
async function followTouched(
  room: DispatchRoom,
  delivery: QueuedDelivery,
  how: Parameters<typeof followChangeSet>[2],
): Promise<TakenDelivery | undefined> {
  try {
    const touched = await findChangeSet(room, delivery);
    return touched && (await followSet(room, touched, how));
  } catch (error) {
    how.signal.throwIfAborted();
    if (!(error instanceof EntropyError) || error.retryable) throw error;
    room.log(`the set that ${delivery.event} ${delivery.delivery} matters to is not followed: ${describeError(error)}`);
    return undefined;
  }
}

/** Undefined: done. Who is at it already may not know of this delivery yet. */
async function followSet(
  room: DispatchRoom,
  place: IssuePlace,
  how: Parameters<typeof followChangeSet>[2],
): Promise<TakenDelivery | undefined> {
  const followed = await followChangeSet(room, place, how);
  if (followed.kind !== 'busy') return undefined;
  return {
    kind: 'later',
    afterMs: busyMs,
    why: `somebody looks at the set of ${fullName(place.repository)}#${place.number}`,
  };
}

function afterGate(answer: Exclude<GateAnswer, { readonly kind: 'admitted' }>): TakenDelivery {
  switch (answer.kind) {
    case 'ignored':
      return { kind: 'done', what: 'ignored', text: answer.reason };
    case 'begun-before':
      return { kind: 'done', what: 'begun-before' };
    case 'answered':
    case 'refused':
    case 'waiting':
      return { kind: 'done', what: answer.kind, text: answer.text };
    default:
      return answer satisfies never;
  }
}

function drop(why: DropReason, text: string): TakenDelivery {
  return { kind: 'dropped', why, text };
}

/** A payload that cannot be read (E103) is nobody's request; what GitHub does not answer is thrown. */
async function mirror(
  room: DispatchRoom,
  told: Parameters<DispatchRoom['mirror']>[0],
  signal: AbortSignal,
): Promise<TakenDelivery | undefined> {
  try {
    await room.mirror(told, signal);
    return undefined;
  } catch (error) {
    return unreadable(error);
  }
}

async function readTrigger(
  room: DispatchRoom,
  told: Parameters<DispatchRoom['readTrigger']>[0],
): Promise<TriggerEvent> {
  try {
    return await room.readTrigger(told);
  } catch (error) {
    unreadable(error);
    return { kind: 'unrelated', reason: 'the payload cannot be read' };
  }
}

function unreadable(error: unknown): TakenDelivery {
  if (error instanceof EntropyError && error.code === 'E103') return drop('unreadable', error.message);
  throw error;
}

export function textSource(room: DispatchRoom): Parameters<typeof restoreTexts>[1] {
  return {
    issueText: async (place) => (await room.connect(place.repository).issues.find(place))?.issue.body,
    commentText: async (repository, comment) => (await room.connect(repository).forge.comment(comment))?.body,
    reviewText: async (repository, { kind, pull, id }) => {
      const { reviews } = room.connect(repository).forge;
      const all = kind === 'review' ? await reviews.reviews(pull) : await reviews.comments(pull);
      return all.find((each) => each.id === id)?.body;
    },
  };
}

/** Nobody waits for a closed issue, and nothing is published for it. */
async function leaveWhenClosed(room: DispatchRoom, delivery: QueuedDelivery, repository: RepositoryRef): Promise<void> {
  const { event, payload } = delivery;
  const { action, issue } = payload;
  const ended = event === 'issues' && (action === 'closed' || action === 'deleted' || action === 'transferred');
  const number = isObject(issue) ? issue['number'] : undefined;
  if (!ended || typeof number !== 'number') return;
  await leaveLine(room, issueClaimKey(repository.owner, repository.name, number), 'the issue was closed');
  await giveUpHeld(room.connect(repository).forge, number, 'the issue was closed.');
}

async function giveUpDelivery(
  room: DispatchRoom,
  {
    delivery,
    ...rest
  }: { readonly delivery: QueuedDelivery; readonly names: RequestNames } & {
    readonly workId: string;
    readonly fault: unknown;
  },
): ReturnType<typeof giveUp> {
  const repository = repositoryIn(delivery);
  if (repository === undefined) return 'nobody-asked';
  const event = await readTrigger(room, delivery);
  return giveUp(room, { ...rest, repository, event });
}
