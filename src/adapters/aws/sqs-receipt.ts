import { isObject } from '../../domain/json-shape.ts';
import type { SqsMessage } from './sqs-message.ts';

/**
 * All that is needed to finish a delivery anywhere: SQS gives a message's text only to who receives it, and a message that
 * is rejected is written anew into the queue of dead letters.
 */
export interface SqsReceipt {
  readonly message: SqsMessage;
  /** Milliseconds since 1970. From then on somebody else may have it, and SQS does not tell. */
  readonly until: number;
}

export function writeReceipt({ message, until }: SqsReceipt): string {
  return Buffer.from(JSON.stringify({ until, message })).toString('base64url');
}

/** Undefined: none of ours. */
export function readReceipt(receipt: string): SqsReceipt | undefined {
  let data: unknown;
  try {
    data = JSON.parse(Buffer.from(receipt, 'base64url').toString());
  } catch {
    return undefined;
  }
  if (!isObject(data) || typeof data['until'] !== 'number' || !isObject(data['message'])) return undefined;
  const { messageId, handle, body, deliveries, sentAt, attributes } = data['message'];
  const whole =
    typeof messageId === 'string' &&
    typeof handle === 'string' &&
    typeof body === 'string' &&
    typeof deliveries === 'number' &&
    typeof sentAt === 'number' &&
    isObject(attributes);
  if (!whole) return undefined;
  const texts = Object.entries(attributes).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value]] : [],
  );
  return {
    until: data['until'],
    message: { messageId, handle, body, deliveries, sentAt, attributes: Object.fromEntries(texts) },
  };
}
