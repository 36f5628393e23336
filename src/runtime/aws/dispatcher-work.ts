import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { queueRules } from '../../domain/coordination/queue-rules.ts';
import { parseQueuedMessage } from '../../domain/dispatch/parse-queued-message.ts';
import type { QueuedMessage } from '../../domain/dispatch/queued-message.ts';
import { retryPause } from '../../domain/dispatch/retry-pause.ts';
import { type TakenDelivery, takeDelivery } from '../../flows/dispatch/take-delivery.ts';
import { type TakenWake, takeWake } from '../../flows/dispatch/take-wake.ts';
import type { ReceivedWork } from '../../ports/task-queue.ts';
import { type DispatchingParts, type OpenedRoom, openRoom } from './dispatching-parts.ts';
import type { InvocationContext } from './invocation.ts';

export type DispatcherFunction = (
  event: Pick<SQSEvent, 'Records'>,
  context: InvocationContext,
) => Promise<SQSBatchResponse>;

/** What it takes to say what became of each message before the time is over. */
const reserveMs = 3_000;
/** At least so long a message stays with whom it was handed to; the queue itself hides it for six times the function's time. */
const visibilityMs = 5 * 60_000;

/**
 * A batch of messages, each by itself: what fails is named by its message's id and handed out again, the others are done with.
 */
export function dispatcherFunction(parts: DispatchingParts): DispatcherFunction {
  return async ({ Records: records }, context) => {
    const { log } = parts;
    const leftMs = context.getRemainingTimeInMillis();
    const signal = AbortSignal.timeout(Math.max(0, leftMs - reserveMs));
    const opened = openRoom(parts, signal);
    try {
      const invocation = { room: opened.room, signal, leftMs };
      const failed = await Promise.all(records.map((record) => handleRecord(parts, record, invocation)));
      return { batchItemFailures: failed.flatMap((id) => (id === undefined ? [] : [{ itemIdentifier: id }])) };
    } finally {
      opened.measureLimit();
      log.flush();
    }
  };
}

interface Invocation extends Pick<OpenedRoom, 'room'> {
  readonly signal: AbortSignal;
  /** Of the whole invocation: nobody works on a message for longer. */
  readonly leftMs: number;
}

/** The message's id when it is to be handed out again; never throws. */
async function handleRecord(
  parts: DispatchingParts,
  record: SQSRecord,
  invocation: Invocation,
): Promise<string | undefined> {
  const { log, stores } = parts;
  const { messageId } = record;
  try {
    const work = await stores.queue.accept(record, visibilityMs);
    if (work === 'buried') {
      log.warn('message buried: it is no work, or past its time', { messageId });
      return undefined;
    }
    return (await handleWork(parts, work, invocation)) === 'again' ? messageId : undefined;
  } catch (error) {
    log.error('the message could not be looked at', error, { messageId });
    return messageId;
  }
}

async function handleWork(
  parts: DispatchingParts,
  received: ReceivedWork,
  invocation: Invocation,
): Promise<'done' | 'again'> {
  const { stores, log } = parts;
  const { queue, clock } = stores;
  const { work, receipt, deliveries } = received;
  const message = parseQueuedMessage(work.body);
  if (message === undefined) {
    await queue.release(receipt, { kind: 'reject', detail: 'E103: the message is none of the dispatcher’s' });
    log.warn('message rejected: it is none of the dispatcher’s', { work: work.id });
    return 'done';
  }
  const about = { work: work.id, task: work.task, kind: message.kind, trace: message.traceparent.slice(3, 35) };
  const isLast = deliveries >= queueRules.maxDeliveries;
  log.count('QueueAgeMs', Math.max(0, clock.now() - received.sentAt));
  try {
    const taken = await take(message, { received, isLast }, invocation);
    return await settle(parts, received, { taken, isLast, about, message });
  } catch (error) {
    log.error('the message could not be carried out', error, { ...about, deliveries });
    log.count('DispatchRetries');
    // A wake only says that there may be room; the sweeper looks at every line again.
    if (isLast && message.kind === 'wake') return 'done';
    await queue.release(receipt, { kind: 'retry', delayMs: retryPause(deliveries, error) });
    return isLast ? 'done' : 'again';
  }
}

function take(
  message: QueuedMessage,
  { received, isLast }: { readonly received: ReceivedWork; readonly isLast: boolean },
  { room, signal, leftMs }: Invocation,
): Promise<TakenDelivery | TakenWake> {
  const lockMs = leftMs + reserveMs;
  if (message.kind === 'wake') return takeWake(room, message, { lockMs }, signal);
  const { deliveries, work } = received;
  return takeDelivery(room, message, { deliveries, isLast, workId: work.id, lockMs }, signal);
}

interface Settling {
  readonly taken: TakenDelivery | TakenWake;
  readonly isLast: boolean;
  readonly about: Readonly<Record<string, string>>;
  readonly message: QueuedMessage;
}

async function settle(
  { stores, log }: DispatchingParts,
  { work, receipt }: ReceivedWork,
  { taken, isLast, about, message }: Settling,
): Promise<'done' | 'again'> {
  const { queue, clock } = stores;
  switch (taken.kind) {
    case 'done': {
      const { what, text, runId } = taken;
      log.info(`delivery ${what}`, { ...about, text, run: runId });
      if (what !== 'started' || message.kind !== 'delivery') return 'done';
      log.count('RunsDispatched');
      log.count('WebhookToDispatchMs', Math.max(0, clock.now() - message.receivedAt));
      return 'done';
    }
    case 'dropped':
      log[taken.why === 'heard-before' ? 'info' : 'warn'](`delivery dropped: ${taken.text}`, {
        ...about,
        why: taken.why,
      });
      log.count('DeliveriesDropped');
      return 'done';
    case 'woken':
      log.info('line looked at', { ...about, started: taken.started.join(' '), left: taken.left.join(' ') });
      if (taken.started.length > 0) log.count('RunsDispatched', taken.started.length);
      return 'done';
    case 'nobody':
      log.debug('nobody stands in line', about);
      return 'done';
    case 'later':
      log.info(`later: ${taken.why}`, { ...about, afterMs: taken.afterMs });
      // Nothing failed, so it does not count among the tries that end in the dead letters.
      if (isLast) {
        await queue.send(work, { delayMs: taken.afterMs });
        return 'done';
      }
      await queue.release(receipt, { kind: 'retry', delayMs: taken.afterMs });
      return 'again';
    case 'given-up':
      await queue.release(receipt, { kind: 'reject', detail: taken.reason });
      log.warn('given up, among the dead letters', { ...about, reason: taken.reason, told: taken.told });
      log.count('WorkGivenUp');
      return 'done';
    default:
      return taken satisfies never;
  }
}
