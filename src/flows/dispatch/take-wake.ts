import type { BudgetKey } from '../../domain/coordination/budget-record.ts';
import { repositoryIn } from '../../domain/dispatch/delivery-repository.ts';
import type { QueuedWake } from '../../domain/dispatch/queued-message.ts';
import { requestNames } from '../../domain/dispatch/request-names.ts';
import { shortageIn, type WaitingTask } from '../../domain/dispatch/waiting-task.ts';
import { startedText } from '../../domain/dispatch/waiting-text.ts';
import { EntropyError } from '../../domain/error.ts';
import { asCodeSpan } from '../../domain/outgoing-text.ts';
import { restoreTexts } from '../restore-texts.ts';
import { askGate } from './ask-gate.ts';
import type { DispatchRoom } from './dispatch-room.ts';
import { faultText } from './give-up.ts';
import { leaveLine, quietly, tellLine } from './leave-line.ts';
import { nextOf } from './next-in-line.ts';
import { startRun } from './start-run.ts';
import { type TakenDelivery, type TakenMessage, textSource } from './take-delivery.ts';
import { tellWaitOver } from './tell-waiting.ts';

export type TakenWake =
  | { readonly kind: 'woken'; readonly started: readonly string[]; readonly left: readonly string[] }
  /** Nobody stands in that line any more. */
  | { readonly kind: 'nobody' }
  | { readonly kind: 'later'; readonly afterMs: number; readonly why: string };

/** A release may make room for more than one; the rest is left to the next wake or the sweeper. */
const maxStarts = 5;
const busyMs = 5_000;

/**
 * There may be room in a budget: those first in its line are asked for again, from what they asked for then, with everything
 * checked anew. Of two who were woken at once one does it.
 */
export async function takeWake(
  room: DispatchRoom,
  { key }: Pick<QueuedWake, 'key'>,
  { lockMs }: Pick<TakenMessage, 'lockMs'>,
  signal: AbortSignal,
): Promise<TakenWake> {
  const woken = await room.waiting.read(key);
  if (woken === undefined) return { kind: 'nobody' };
  const { line } = woken;
  const now = room.clock.now();
  const lock = { caller: 'line', key: line, fingerprint: '', now, lockedUntil: now + lockMs, keepUntil: now + lockMs };
  const begun = await room.heard.begin(lock);
  if (begun.kind !== 'new') return { kind: 'later', afterMs: busyMs, why: 'the line is being looked at' };
  try {
    return shortageIn(woken.limit) === undefined
      ? await wakeAlone(room, woken, signal)
      : await goThrough(room, line, signal);
  } finally {
    await room.heard.forget(begun.token);
  }
}

/** What it waits for is its own and nobody else's: those before it in the line may wait for longer. */
async function wakeAlone(room: DispatchRoom, task: WaitingTask, signal: AbortSignal): Promise<TakenWake> {
  const woken = await wake(room, task, signal);
  if (typeof woken === 'object') return woken;
  return {
    kind: 'woken',
    started: woken === 'started' ? [task.key] : [],
    left: woken === 'left' ? [task.key] : [],
  };
}

async function goThrough(room: DispatchRoom, line: BudgetKey, signal: AbortSignal): Promise<TakenWake> {
  const started: string[] = [];
  const left: string[] = [];
  for (let turn = 0; turn < maxStarts; turn += 1) {
    signal.throwIfAborted();
    const first = await nextOf(room, line, room.clock.now());
    if (first === undefined) break;
    const woken = await wake(room, first, signal);
    if (woken === 'started') started.push(first.key);
    else if (woken === 'left') left.push(first.key);
    else if (typeof woken === 'object') return woken;
    // Still whose turn it is: there is no room. In another line by now, or resting until tomorrow: the next one may try.
    else if ((await nextOf(room, line, room.clock.now()))?.key === first.key) break;
  }
  if (started.length + left.length > 0) await tellLine(room, line);
  return { kind: 'woken', started, left };
}

async function wake(
  room: DispatchRoom,
  task: WaitingTask,
  signal: AbortSignal,
): Promise<'started' | 'left' | 'waits' | Extract<TakenDelivery, { readonly kind: 'later' }>> {
  try {
    return await ask(room, task, signal);
  } catch (error) {
    const hopeless = error instanceof EntropyError && !error.retryable;
    if (!hopeless) throw error;
    // The first of a line that nobody can start must not keep all the others waiting.
    await leaveLine(room, task.key, `it could not be started (${asCodeSpan(faultText(error), 400)})`);
    return 'left';
  }
}

async function ask(room: DispatchRoom, task: WaitingTask, signal: AbortSignal): ReturnType<typeof wake> {
  const delivery = task.asked;
  const repository = repositoryIn(delivery);
  const covered = repository !== undefined && (await room.covers(delivery.installation, repository));
  if (!covered) {
    await leaveLine(room, task.key, 'the App is no longer installed for this repository');
    return 'left';
  }
  const { asked } = await restoreTexts(delivery, textSource(room));
  const event = await room.readTrigger({ event: delivery.event, payload: asked });
  const names = requestNames(delivery, 0);
  const answer = await askGate(room, { repository, delivery, event, names }, signal);
  switch (answer.kind) {
    case 'waiting':
      return 'waits';
    case 'admitted': {
      const start = await startRun(room, names.runId);
      if (start.kind === 'later') return start;
      await leaveStarted(room, task);
      return 'started';
    }
    case 'begun-before':
      await leaveStarted(room, task);
      return 'left';
    case 'answered':
    case 'refused':
      await leaveLine(room, task.key, 'it cannot be started any more, as said below');
      return 'left';
    case 'ignored':
      await leaveLine(room, task.key, answer.reason);
      return 'left';
    default:
      return answer satisfies never;
  }
}

/** Last of all, so that who dies before it is followed by somebody who finds everything done. */
async function leaveStarted(room: DispatchRoom, task: WaitingTask): Promise<void> {
  const text = startedText(room.clock.now() - task.since);
  await quietly(room, task.key, async (forge, issue) => tellWaitOver(forge, { issue, text }));
  await room.waiting.leave(task.key);
}
