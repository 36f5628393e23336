import { setTimeout as delay } from 'node:timers/promises';
import type { SQSBatchResponse } from 'aws-lambda';
import type { AwsAccess } from '../../../src/adapters/aws/aws-access.ts';
import { createSignedCall, sqsService } from '../../../src/adapters/aws/signed-call.ts';
import type { StackFunction } from './stack-function.ts';

/** As SQS hands it out. */
export interface QueuedMessage {
  readonly MessageId: string;
  readonly ReceiptHandle: string;
  readonly Body: string;
  readonly Attributes: Readonly<Record<string, string>>;
  readonly MessageAttributes?: Readonly<Record<string, { readonly StringValue?: string; readonly DataType: string }>>;
}

export interface QueueCaller extends AsyncDisposable {
  /** Messages handed to the function so far, repetitions counted. */
  readonly handed: () => number;
}

/**
 * Lambda's event source mapping for a queue: hands batches to the function, removes what it did not name as failed, and leaves
 * the rest to come back by its visibility. A function that throws keeps its whole batch.
 */
export function callFromQueue(options: {
  readonly access: AwsAccess;
  readonly queueUrl: string;
  readonly dispatcher: StackFunction;
  readonly pauseMs?: number;
}): QueueCaller {
  const { access, queueUrl, dispatcher, pauseMs = 50 } = options;
  const call = createSignedCall(access, sqsService);
  const closing = new AbortController();
  let handed = 0;

  const round = async (): Promise<boolean> => {
    const answer = await call(
      'ReceiveMessage',
      {
        QueueUrl: queueUrl,
        MaxNumberOfMessages: 10,
        MessageSystemAttributeNames: ['All'],
        AttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      },
      { resource: queueUrl },
    );
    const messages = (answer['Messages'] ?? []) as readonly QueuedMessage[];
    if (messages.length === 0) return false;
    handed += messages.length;
    const { batchItemFailures } = await dispatcher.invoke<SQSBatchResponse>({ Records: messages.map(recordOf) });
    const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    for (const { MessageId, ReceiptHandle } of messages) {
      if (!failed.has(MessageId))
        await call('DeleteMessage', { QueueUrl: queueUrl, ReceiptHandle }, { resource: queueUrl });
    }
    return true;
  };
  const loop = (async () => {
    while (!closing.signal.aborted) {
      const worked = await round().catch((error: unknown) => {
        if (!closing.signal.aborted) process.stderr.write(`queue: ${error}\n`);
        return false;
      });
      if (!worked) await delay(pauseMs, undefined, { signal: closing.signal }).catch(() => undefined);
    }
  })();
  return {
    handed: () => handed,
    [Symbol.asyncDispose]: async () => {
      closing.abort();
      await loop;
    },
  };
}

/** As Lambda hands it to a function. */
export function recordOf({
  MessageId,
  ReceiptHandle,
  Body,
  Attributes,
  MessageAttributes = {},
}: QueuedMessage): object {
  const messageAttributes = Object.fromEntries(
    Object.entries(MessageAttributes).map(([name, { StringValue, DataType }]) => [
      name,
      { stringValue: StringValue, dataType: DataType },
    ]),
  );
  return {
    messageId: MessageId,
    receiptHandle: ReceiptHandle,
    body: Body,
    attributes: Attributes,
    messageAttributes,
    eventSource: 'aws:sqs',
  };
}
