import { setTimeout as delay } from 'node:timers/promises';
import type { SQSBatchResponse } from 'aws-lambda';
import type { AwsAccess } from '../../../src/adapters/aws/aws-access.ts';
import { createSignedCall, sqsService } from '../../../src/adapters/aws/signed-call.ts';
import { drawFrom } from '../../fakes/seeded-numbers.ts';
import { type QueuedMessage, recordOf } from '../../fakes/stack-world/queue-caller.ts';
import type { KillableFunction } from './killable-function.ts';

export interface QueueLoop extends AsyncDisposable {
  /** Resolves when nobody works on anything. */
  pause(): Promise<void>;
  resume(): void;
  /** Nothing to hand out, and nobody at work. */
  readonly isQuiet: () => boolean;
  readonly counts: { handed: number; twice: number; notRemoved: number; killed: number };
  end(): void;
}

export interface QueueLoopOptions {
  readonly access: AwsAccess;
  readonly queueUrl: string;
  readonly dispatchers: readonly KillableFunction[];
  readonly seed: number;
}

const batch = 5;
const shares = { twice: 0.04, notRemoved: 0.02 };
const pauseMs = 120;

/** Event source mappings that hand some batches to two at once and forget to remove some: at least once, as SQS promises. */
export function loopQueue({ access, queueUrl, dispatchers, seed }: QueueLoopOptions): QueueLoop {
  const call = createSignedCall(access, sqsService);
  const draw = drawFrom(seed);
  const closing = new AbortController();
  const counts = { handed: 0, twice: 0, notRemoved: 0, killed: 0 };
  let isPaused = false;
  let isOver = false;
  const inRound = dispatchers.map(() => false);
  const foundNothing = dispatchers.map(() => false);

  const invoke = async (dispatcher: KillableFunction, messages: readonly QueuedMessage[]) => {
    const { batchItemFailures } = await dispatcher.invoke<SQSBatchResponse>({ Records: messages.map(recordOf) });
    return new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  };
  const round = async (index: number, dispatcher: KillableFunction): Promise<boolean> => {
    const other = dispatchers[index + 1] ?? dispatchers[index - 1];
    const asked = {
      QueueUrl: queueUrl,
      MaxNumberOfMessages: batch,
      MessageSystemAttributeNames: ['All'],
      AttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    };
    const answer = await call('ReceiveMessage', asked, { resource: queueUrl });
    const messages = (answer['Messages'] ?? []) as readonly QueuedMessage[];
    if (messages.length === 0) return false;
    foundNothing[index] = false;
    counts.handed += messages.length;
    const isTwice = !isOver && other !== undefined && draw.chance(shares.twice);
    if (isTwice) counts.twice += messages.length;
    const [failed] = await Promise.all([
      invoke(dispatcher, messages).catch(() => {
        counts.killed += 1;
        return undefined;
      }),
      isTwice ? invoke(other, messages).catch(() => undefined) : undefined,
    ]);
    // A function that threw keeps its whole batch: it comes back by its visibility.
    for (const { MessageId, ReceiptHandle } of failed === undefined ? [] : messages) {
      if (failed?.has(MessageId)) continue;
      if (!isOver && draw.chance(shares.notRemoved)) counts.notRemoved += 1;
      else await call('DeleteMessage', { QueueUrl: queueUrl, ReceiptHandle }, { resource: queueUrl });
    }
    return true;
  };
  const loops = dispatchers.map(async (dispatcher, index) => {
    while (!closing.signal.aborted) {
      let worked = false;
      if (!isPaused) {
        inRound[index] = true;
        worked = await round(index, dispatcher).catch((error: unknown) => {
          if (!closing.signal.aborted) process.stderr.write(`queue: ${error}\n`);
          return true;
        });
        inRound[index] = false;
        foundNothing[index] = !worked;
      }
      if (!worked) await delay(pauseMs, undefined, { signal: closing.signal }).catch(() => undefined);
    }
  });
  return {
    counts,
    isQuiet: () => foundNothing.every(Boolean),
    pause: async () => {
      isPaused = true;
      while (inRound.some(Boolean)) await delay(10);
    },
    resume: () => {
      isPaused = false;
      foundNothing.fill(false);
    },
    end: () => {
      isOver = true;
    },
    [Symbol.asyncDispose]: async () => {
      closing.abort();
      await Promise.all(loops);
    },
  };
}
