import type { ClaimKey } from '../../domain/claim.ts';
import type { AgentMessage } from '../../domain/coordination/message.ts';
import type { Delivery } from '../../domain/coordination/message-delivery.ts';
import { isCount, isObject } from '../../domain/json-shape.ts';
import { type Attributes, fromAttributes, toAttributes } from './attribute-values.ts';
import { lineKey, messageIdKey, messageKey } from './item-keys.ts';
import { readItem, readList, unreadable } from './stored-record.ts';
import { table as names } from './table.ts';

/** A message in its line: its number among those about its task, and how often it was handed out. */
export interface Posted {
  readonly number: number;
  readonly id: string;
  /** When it was sent, by the store's clock. */
  readonly at: number;
  readonly delivery: Delivery;
  /** Of its last delivery; none after it was handed out anew. */
  readonly receipt?: string;
}

/** What waits for one reader about one task, in its order, what was given up, and receipts that were shown last. */
export interface Line {
  readonly task: ClaimKey;
  readonly reader: string;
  readonly posted: readonly Posted[];
  readonly acknowledged: readonly string[];
  readonly version: number | undefined;
}

/** A reader finds the lines in which something is left through the index: its partition of it. */
export const linesOf = (reader: string): string => `LINE#${reader}`;
const what = 'messages';

export function messageItem(message: AgentMessage, number: number, at: number): Attributes {
  return toAttributes({ ...messageKey(message.task, number), record: JSON.stringify(message), version: 1, at });
}

export function readMessage(attributes: Attributes): { readonly message: AgentMessage; readonly at: number } {
  const { item, record } = readItem(attributes, what);
  const { at } = item;
  if (typeof record['id'] !== 'string' || !isCount(at)) throw unreadable(item, what);
  // Only `messageItem` writes the record, of a message of this schema.
  return { message: record as unknown as AgentMessage, at };
}

/** Where a message lies, under its id; `sending` tells the call that sent it from one that sends it again. */
export interface MessagePlace {
  readonly task: ClaimKey;
  readonly reader: string;
  readonly sending: string;
}

export function messageIdItem(id: string, place: MessagePlace): Attributes {
  return toAttributes({ ...messageIdKey(id), ...place });
}

export function readMessagePlace(attributes: Attributes): MessagePlace {
  const item = fromAttributes(attributes);
  const { task, reader, sending } = item;
  if (typeof task !== 'string' || typeof reader !== 'string' || typeof sending !== 'string') {
    throw unreadable(item, what);
  }
  return { task, reader, sending };
}

export function lineItem({ task, reader, posted, acknowledged, version }: Line): Attributes {
  return toAttributes({
    ...lineKey(task, reader),
    task,
    reader,
    posted: JSON.stringify(posted),
    acknowledged,
    version: (version ?? 0) + 1,
    ...(posted.length > 0 && { [names.byAgent.partitionKey]: linesOf(reader), order: task }),
  });
}

export function readLine(attributes: Attributes): Line {
  const item = fromAttributes(attributes);
  const { task, reader, acknowledged, version } = item;
  const posted = readList(attributes, 'posted', what);
  const texts = Array.isArray(acknowledged) && acknowledged.every((text) => typeof text === 'string');
  const known = typeof task === 'string' && typeof reader === 'string' && isCount(version);
  if (!known || !texts || !posted.every(isPosted)) throw unreadable(item, what);
  return { task, reader, posted, acknowledged, version };
}

function isPosted(value: unknown): value is Posted {
  return isObject(value) && isCount(value['number']) && isCount(value['at']) && isObject(value['delivery']);
}
