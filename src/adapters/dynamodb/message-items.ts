import type { ClaimKey } from '../../domain/claim.ts';
import type { AgentMessage } from '../../domain/coordination/message.ts';
import type { Delivery } from '../../domain/coordination/message-delivery.ts';
import { deliveryShape, messageShape } from '../../domain/coordination/record-shapes.ts';
import { count, groupOf, listOf, text } from '../../domain/shape.ts';
import { type Attributes, fromAttributes, toAttributes } from './attribute-values.ts';
import { lineKey, messageIdKey, messageKey } from './item-keys.ts';
import { readItem, readList, readMember } from './stored-record.ts';
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
  const { item, record: message } = readItem(attributes, what, messageShape);
  return { message, at: readMember(item, { what, name: 'at' }, count) };
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
  const of = (name: string): string => readMember(item, { what, name }, text);
  return { task: of('task'), reader: of('reader'), sending: of('sending') };
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
  const posted = readMember(item, { what, name: 'posted', value: readList(attributes, 'posted', what) }, postedShape);
  return { ...readMember(item, { what, name: '' }, lineShape), posted };
}

const postedShape = listOf(
  groupOf<Posted>({
    required: { number: count, id: text, at: count, delivery: deliveryShape },
    optional: { receipt: text },
  }),
);

type PlainLine = Omit<Line, 'posted' | 'version'> & { readonly version: number };
const lineShape = groupOf<PlainLine>({
  required: { task: text, reader: text, acknowledged: listOf(text), version: count },
  optional: {},
});
