import { textsOf } from './sqs-calls.ts';
import type { SqsMessage } from './sqs-message.ts';

/** A message as AWS hands it to a function; the fields that are read. */
export interface SqsRecord {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: { readonly ApproximateReceiveCount: string; readonly SentTimestamp: string };
  readonly messageAttributes: Readonly<Record<string, { readonly stringValue?: string | undefined }>>;
}

export function messageOfRecord({
  messageId,
  receiptHandle,
  body,
  attributes,
  messageAttributes,
}: SqsRecord): SqsMessage {
  return {
    messageId,
    handle: receiptHandle,
    body,
    deliveries: Number(attributes.ApproximateReceiveCount),
    sentAt: Number(attributes.SentTimestamp),
    attributes: textsOf(messageAttributes, 'stringValue'),
  };
}
