import { setTimeout as delay } from 'node:timers/promises';
import type { DynamoDBBatchResponse } from 'aws-lambda';
import { openStreamReader, type StreamRecord } from '../../fakes/dynamo-stream.ts';
import type { KillableFunction } from './killable-function.ts';

export interface StreamLoop extends AsyncDisposable {
  /** Resolves when everything that the table told so far was taken. */
  drained(): Promise<void>;
  pause(): Promise<void>;
  resume(): void;
}

export interface StreamLoopOptions {
  readonly endpoint: string;
  readonly table: string;
  readonly account: string;
  readonly archiver: KillableFunction;
}

const batch = 100;
const pauseMs = 250;

/** The event source mapping of the table's stream: in order, and from the first record that failed on once more. */
export function loopStream({ endpoint, table, account, archiver }: StreamLoopOptions): StreamLoop {
  const reader = openStreamReader(endpoint, table, account);
  const closing = new AbortController();
  let kept: readonly StreamRecord[] = [];
  let isPaused = false;
  let isAtWork = false;
  /** Rounds that found nothing. */
  let empty = 0;

  /** False: there was nothing. */
  const take = async (): Promise<boolean> => {
    kept = [...kept, ...(await reader.next())];
    if (kept.length === 0) return false;
    const Records = kept.slice(0, batch);
    const { batchItemFailures } = await archiver.invoke<DynamoDBBatchResponse>({ Records });
    const failed = batchItemFailures[0]?.itemIdentifier;
    const done =
      failed === undefined ? Records.length : Records.findIndex((each) => each.dynamodb.SequenceNumber === failed);
    kept = kept.slice(Math.max(0, done));
    return true;
  };
  const loop = (async () => {
    while (!closing.signal.aborted) {
      let worked = false;
      if (!isPaused) {
        isAtWork = true;
        // Killed: the same batch again.
        worked = await take().catch(() => true);
        isAtWork = false;
        if (!worked) empty += 1;
      }
      if (!worked) await delay(pauseMs, undefined, { signal: closing.signal }).catch(() => undefined);
    }
  })();
  return {
    drained: async () => {
      const until = empty + 2;
      while (empty < until && !closing.signal.aborted) await delay(50);
    },
    pause: async () => {
      isPaused = true;
      while (isAtWork) await delay(10);
    },
    resume: () => {
      isPaused = false;
    },
    [Symbol.asyncDispose]: async () => {
      closing.abort();
      await loop;
    },
  };
}
