import { assertSendable, queueRules } from '../../domain/coordination/queue-rules.ts';
import { EntropyError } from '../../domain/error.ts';
import type { ReceivedWork, TaskQueue } from '../../ports/task-queue.ts';
import type { AwsAccess } from './aws-access.ts';
import { createSqsCalls } from './sqs-calls.ts';
import { readDeadLetters, redriveDeadLetters } from './sqs-dead-letters.ts';
import {
  attributesOf,
  bodyOf,
  type Death,
  expiryOf,
  priorityOf,
  readWork,
  type SqsMessage,
  withDeath,
} from './sqs-message.ts';
import { readReceipt, type SqsReceipt, writeReceipt } from './sqs-receipt.ts';
import { messageOfRecord, type SqsRecord } from './sqs-record.ts';

export interface SqsTaskQueueOptions {
  readonly access: AwsAccess;
  readonly queueUrl: string;
  /** Absent: for who only sends; everything that needs dead letters throws E725. */
  readonly deadLetterUrl?: string;
  /** How long an empty queue is asked; from 1 on all of SQS's servers are. */
  readonly waitSeconds?: number;
  /** For one request with all its repetitions; 15 s when absent. More than the wait. */
  readonly deadlineMs?: number;
}

export interface SqsTaskQueue extends TaskQueue {
  /**
   * A record of a function's event as work whose receipt this queue takes. `buried`: past its time to live, or nobody can
   * read it, and so put among the dead letters with the reason; there is nothing to do.
   */
  accept(record: SqsRecord, visibilityMs: number): Promise<ReceivedWork | 'buried'>;
}

/** SQS's own limit. */
const longestDelayMs = 15 * 60_000;

/** Work in a standard queue of SQS, one queue for one role. What it promises less than others: docs/queue.md. */
export function createSqsTaskQueue(options: SqsTaskQueueOptions): SqsTaskQueue {
  const { access, queueUrl, deadLetterUrl, waitSeconds = 1, deadlineMs } = options;
  const { clock } = access;
  const queue = createSqsCalls(access, queueUrl, deadlineMs);
  const deadCalls = deadLetterUrl === undefined ? undefined : createSqsCalls(access, deadLetterUrl, deadlineMs);
  const dead = () => deadCalls ?? refuse('dead letters', 'name the queue of dead letters');
  /** Deliveries that this client changed, until they would be over anyway: when each ends now. */
  const changed = new Map<string, { readonly until: number; readonly forgetAt: number }>();

  const note = ({ message, until }: SqsReceipt, newUntil: number): void => {
    const now = clock.now();
    for (const [handle, { forgetAt }] of changed) if (forgetAt <= now) changed.delete(handle);
    changed.set(message.handle, { until: newUntil, forgetAt: Math.max(until, newUntil) });
  };

  /** SQS takes late receipts, also when somebody else has the work: so a late one asks nothing. */
  const current = (receipt: string): SqsReceipt | undefined => {
    const read = readReceipt(receipt);
    if (read === undefined) return undefined;
    return (changed.get(read.message.handle)?.until ?? read.until) > clock.now() ? read : undefined;
  };

  const bury = async (message: SqsMessage, death: Omit<Death, 'diedAt'>): Promise<boolean> => {
    const attributes = withDeath(message.attributes, { ...death, diedAt: clock.now() });
    // First there, then gone here: a crash in between leaves it twice, never lost.
    await dead().send({ body: message.body, attributes });
    return queue.delete(message.handle);
  };

  const acceptMessage = async (message: SqsMessage, until: number): Promise<ReceivedWork | 'buried'> => {
    const work = readWork(message.body);
    const before = message.deliveries - 1;
    const expired = (expiryOf(message) ?? Number.POSITIVE_INFINITY) <= clock.now();
    if ('problem' in work) await bury(message, { reason: 'rejected', detail: work.problem, deliveries: before });
    else if (expired) await bury(message, { reason: 'expired', deliveries: before });
    else {
      const { deliveries, sentAt } = message;
      return { work, receipt: writeReceipt({ message, until }), deliveries, sentAt, visibleAgainAt: until };
    }
    return 'buried';
  };

  const retry = async (receipt: SqsReceipt, delayMs: number): Promise<boolean> => {
    const { message } = receipt;
    if (message.deliveries >= queueRules.maxDeliveries) {
      return bury(message, { reason: 'too-many-deliveries', deliveries: message.deliveries });
    }
    return queue.hide(message.handle, delayMs);
  };

  return {
    send: async (work, sendOptions = {}) => {
      assertSendable(work, sendOptions);
      const { delayMs = 0 } = sendOptions;
      if (delayMs > longestDelayMs) refuse(`a delay of ${delayMs} ms`, 'send it within 15 minutes of when it is due');
      await queue.send({ body: bodyOf(work), attributes: attributesOf(work, sendOptions) }, delayMs);
      return 'sent';
    },

    receive: async ({ roles, limit, visibilityMs }) => {
      if (roles?.length === 0) return [];
      if (roles !== undefined) refuse('handing out by role', 'make one queue for each role, and name no roles');
      const taken: { readonly work: ReceivedWork; readonly priority: number }[] = [];
      while (taken.length < limit) {
        const asked = Math.min(10, limit - taken.length);
        const until = clock.now() + visibilityMs;
        const messages = await queue.receive({
          limit: asked,
          visibilityMs,
          waitSeconds: taken.length > 0 ? 0 : waitSeconds,
        });
        for (const message of messages) {
          const work = await acceptMessage(message, until);
          if (work !== 'buried') taken.push({ work, priority: priorityOf(message) });
        }
        const isAll = messages.length === 0 || (messages.length < asked && taken.length > 0);
        if (isAll) break;
      }
      return taken.sort((a, b) => a.priority - b.priority).map(({ work }) => work);
    },

    accept: (record, visibilityMs) => acceptMessage(messageOfRecord(record), clock.now() + visibilityMs),

    extend: async (receipt, visibilityMs) => {
      const held = current(receipt);
      const until = clock.now() + visibilityMs;
      if (held === undefined || !(await queue.hide(held.message.handle, visibilityMs))) return false;
      note(held, until);
      return true;
    },

    acknowledge: async (receipt) => {
      const held = current(receipt);
      if (held === undefined || !(await queue.delete(held.message.handle))) return false;
      note(held, 0);
      return true;
    },

    release: async (receipt, how) => {
      const held = current(receipt);
      if (held === undefined) return false;
      const { message } = held;
      const done =
        how.kind === 'retry'
          ? await retry(held, how.delayMs ?? 0)
          : await bury(message, { reason: 'rejected', detail: how.detail, deliveries: message.deliveries });
      note(held, 0);
      return done;
    },

    deadLetters: async ({ limit }) => readDeadLetters({ dead: dead(), waitSeconds }, limit),
    redrive: async (ids) => redriveDeadLetters({ dead: dead(), queue, waitSeconds }, ids),

    depth: async () => {
      const [counts, letters] = await Promise.all([queue.counts(), dead().counts()]);
      return { ...counts, dead: letters.waiting + letters.inFlight + letters.delayed };
    },
  };
}

function refuse(what: string, fix: string): never {
  throw new EntropyError({ code: 'E725', message: `a queue of SQS does not do this here: ${what}`, fix });
}
