import { setTimeout as delay } from 'node:timers/promises';
import type { DynamoDBBatchResponse } from 'aws-lambda';
import { readStreamRecords, type StreamRecord } from '../dynamo-stream.ts';
import type { StackFunction } from './stack-function.ts';

export interface StreamCaller extends AsyncDisposable {
  /** Resolves when everything that the table told so far was taken. */
  drained(): Promise<void>;
}

/** Lambda's event source mapping for the table's stream: in order, from the first record that failed on once more. */
export function callFromStream(options: {
  readonly endpoint: string;
  readonly table: string;
  /** Access key id of whoever made the table. */
  readonly account: string;
  readonly archiver: StackFunction;
  readonly pauseMs?: number;
}): StreamCaller {
  const { endpoint, table, account, archiver, pauseMs = 200 } = options;
  const closing = new AbortController();
  let taken = 0;
  let round = Promise.resolve();

  const take = async (): Promise<void> => {
    const records = (await readStreamRecords(endpoint, table, account)).slice(taken);
    for (let from = 0; from < records.length; ) {
      const batch = records.slice(from, from + 100);
      const { batchItemFailures } = await archiver.invoke<DynamoDBBatchResponse>({ Records: batch });
      const [failure] = batchItemFailures;
      const done = failure === undefined ? batch.length : indexOf(batch, failure.itemIdentifier);
      taken += done;
      if (failure !== undefined) return;
      from += done;
    }
  };
  const next = (): Promise<void> => {
    round = round.then(take);
    return round;
  };
  const loop = (async () => {
    while (!closing.signal.aborted) {
      await next().catch((error: unknown) => {
        round = Promise.resolve();
        if (!closing.signal.aborted) process.stderr.write(`stream: ${error}\n`);
      });
      await delay(pauseMs, undefined, { signal: closing.signal }).catch(() => undefined);
    }
  })();
  return {
    drained: next,
    [Symbol.asyncDispose]: async () => {
      closing.abort();
      await loop;
    },
  };
}

function indexOf(batch: readonly StreamRecord[], sequence: string): number {
  return Math.max(
    0,
    batch.findIndex(({ dynamodb }) => dynamodb.SequenceNumber === sequence),
  );
}
