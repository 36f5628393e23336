import { EntropyError } from '../../domain/error.ts';
import { isObject } from '../../domain/json-shape.ts';
import type { AwsAccess } from './aws-access.ts';
import { refusalName } from './aws-fault.ts';
import { createSignedCall, type JsonObject, sqsService } from './signed-call.ts';
import type { SqsMessage } from './sqs-message.ts';

/** One queue, by the operations that are used. */
export interface SqsCalls {
  send(message: Pick<SqsMessage, 'body' | 'attributes'>, delayMs?: number): Promise<void>;
  /** At most ten. `waitSeconds` above 0 asks all of SQS's servers, 0 only some. */
  receive(options: {
    readonly limit: number;
    readonly visibilityMs: number;
    readonly waitSeconds: number;
  }): Promise<readonly SqsMessage[]>;
  /** False: the handle names no delivery that is out. */
  hide(handle: string, visibilityMs: number): Promise<boolean>;
  delete(handle: string): Promise<boolean>;
  /** At most ten. */
  showAgain(handles: readonly string[]): Promise<void>;
  counts(): Promise<{ readonly waiting: number; readonly delayed: number; readonly inFlight: number }>;
}

/** SQS counts in seconds; rounded up, so that nobody gets work sooner than was said. */
const seconds = (ms: number): number => Math.ceil(ms / 1_000);

/** The delivery is over: it was acknowledged, or its time has passed. */
const overNames = new Set(['ReceiptHandleIsInvalid', 'MessageNotInflight', 'InvalidIdFormat']);

export function createSqsCalls(access: AwsAccess, queueUrl: string, deadlineMs?: number): SqsCalls {
  // A queue's address is told whole, its service with it.
  const call = createSignedCall(access, sqsService, access.endpoints?.sqs ?? new URL(queueUrl).origin);
  // One answer that never comes leaves time for a second attempt.
  const patience = deadlineMs === undefined ? {} : { deadlineMs, attemptMs: deadlineMs / 2 };
  const ask = (operation: string, input: JsonObject): Promise<JsonObject> =>
    call(operation, { QueueUrl: queueUrl, ...input }, { resource: queueUrl, ...patience });

  const unlessOver = async (operation: string, input: JsonObject): Promise<boolean> => {
    try {
      await ask(operation, input);
      return true;
    } catch (error) {
      if (overNames.has(refusalName(error) ?? '')) return false;
      throw error;
    }
  };

  return {
    send: async ({ body, attributes }, delayMs = 0) => {
      await ask('SendMessage', {
        MessageBody: body,
        MessageAttributes: Object.fromEntries(
          Object.entries(attributes).map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
        ),
        ...(delayMs > 0 && { DelaySeconds: seconds(delayMs) }),
      });
    },

    receive: async ({ limit, visibilityMs, waitSeconds }) => {
      const { Messages: messages } = await ask('ReceiveMessage', {
        MaxNumberOfMessages: limit,
        VisibilityTimeout: seconds(visibilityMs),
        WaitTimeSeconds: waitSeconds,
        MessageSystemAttributeNames: ['ApproximateReceiveCount', 'SentTimestamp'],
        MessageAttributeNames: ['All'],
      });
      return Array.isArray(messages) ? messages.map((message) => readMessage(message, queueUrl)) : [];
    },

    hide: (handle, visibilityMs) =>
      unlessOver('ChangeMessageVisibility', { ReceiptHandle: handle, VisibilityTimeout: seconds(visibilityMs) }),

    delete: (handle) => unlessOver('DeleteMessage', { ReceiptHandle: handle }),

    showAgain: async (handles) => {
      if (handles.length === 0) return;
      const entries = handles.map((handle, index) => ({
        Id: String(index),
        ReceiptHandle: handle,
        VisibilityTimeout: 0,
      }));
      // Those that fail come back by themselves when their time is over.
      await ask('ChangeMessageVisibilityBatch', { Entries: entries });
    },

    counts: async () => {
      const names = ['', 'Delayed', 'NotVisible'].map((kind) => `ApproximateNumberOfMessages${kind}`);
      const { Attributes: told } = await ask('GetQueueAttributes', { AttributeNames: names });
      const count = (name = ''): number => (isObject(told) ? Number(told[name] ?? 0) : 0);
      return { waiting: count(names[0]), delayed: count(names[1]), inFlight: count(names[2]) };
    },
  };
}

function readMessage(data: unknown, queueUrl: string): SqsMessage {
  if (isObject(data) && isObject(data['Attributes'])) {
    const {
      MessageId: messageId,
      ReceiptHandle: handle,
      Body: body,
      Attributes: system,
      MessageAttributes: own,
    } = data;
    if (typeof messageId === 'string' && typeof handle === 'string' && typeof body === 'string') {
      return {
        messageId,
        handle,
        body,
        deliveries: Number(system['ApproximateReceiveCount']),
        sentAt: Number(system['SentTimestamp']),
        attributes: textsOf(own, 'StringValue'),
      };
    }
  }
  throw new EntropyError({
    code: 'E740',
    message: `sqs:ReceiveMessage on ${queueUrl}: the answer holds a message without text or receipt`,
    fix: 'check that the address is that of a queue of SQS',
  });
}

/** The attributes that are texts or numbers; binary ones are nobody's here. */
export function textsOf(attributes: unknown, field: 'StringValue' | 'stringValue'): Readonly<Record<string, string>> {
  if (!isObject(attributes)) return {};
  return Object.fromEntries(
    Object.entries(attributes).flatMap(([name, value]) => {
      const text = isObject(value) ? value[field] : undefined;
      return typeof text === 'string' ? [[name, text]] : [];
    }),
  );
}
