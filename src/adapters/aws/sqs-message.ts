import { queueRules } from '../../domain/coordination/queue-rules.ts';
import { isCount, isObject } from '../../domain/json-shape.ts';
import { oneLine } from '../../domain/visible-text.ts';
import type { DeadLetter, QueuedWork, SendOptions } from '../../ports/task-queue.ts';

/** A message as it was received, the same from `ReceiveMessage` and from the event of a function. */
export interface SqsMessage {
  readonly messageId: string;
  /** Names this delivery. */
  readonly handle: string;
  readonly body: string;
  /** This delivery included. */
  readonly deliveries: number;
  /** Milliseconds since 1970. */
  readonly sentAt: number;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface Death {
  readonly reason: DeadLetter['reason'];
  readonly detail?: string;
  readonly deliveries: number;
  readonly diedAt: number;
}

type Attributes = Readonly<Record<string, string>>;

/** What goes with the text of the work: for who looks at the queue, and for how it is handed out. */
export function attributesOf({ role, body }: QueuedWork, options: SendOptions): Attributes {
  const { priority = queueRules.priorities.usual, timeToLiveMs } = options;
  const { traceparent } = body;
  return {
    role: oneLine(role, 200),
    priority: String(priority),
    ...(timeToLiveMs !== undefined && { timeToLiveMs: String(timeToLiveMs) }),
    ...(typeof traceparent === 'string' && /^[0-9a-f-]{55}$/.test(traceparent) && { traceparent }),
  };
}

/** SQS takes ten at most; these are eight. */
export function withDeath(attributes: Attributes, { reason, detail = '', deliveries, diedAt }: Death): Attributes {
  const told = oneLine(detail, 1_000);
  return {
    ...withoutDeath(attributes),
    reason,
    deliveries: String(deliveries),
    diedAt: String(diedAt),
    ...(told !== '' && { detail: told }),
  };
}

/** Only what we wrote ourselves: a message of somebody else's may carry ten already. */
export function withoutDeath(attributes: Attributes): Attributes {
  const names = ['role', 'priority', 'timeToLiveMs', 'traceparent'];
  return Object.fromEntries(names.flatMap((name) => (attributes[name] ? [[name, attributes[name]]] : [])));
}

/** Undefined: it did not die by our hand, so SQS moved it after its last delivery. */
export function readDeath(attributes: Attributes): Death | undefined {
  const { reason, detail } = attributes;
  if (reason !== 'expired' && reason !== 'rejected' && reason !== 'too-many-deliveries') return undefined;
  return {
    reason,
    ...(detail !== undefined && { detail }),
    deliveries: Number(attributes['deliveries'] ?? 0),
    diedAt: Number(attributes['diedAt'] ?? 0),
  };
}

/** Two code points that JSON may hold and SQS refuses; the rest of what it refuses JSON escapes itself. */
export function bodyOf({ id, task, role, body }: QueuedWork): string {
  return JSON.stringify({ id, task, role, body }).replace(/[\uFFFE\uFFFF]/g, (character) =>
    character === '\uFFFE' ? '\\ufffe' : '\\uffff',
  );
}

/** The work, or in words why this is none. */
export function readWork(text: string): QueuedWork | { readonly problem: string } {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return { problem: 'the message is not JSON' };
  }
  if (!isObject(data)) return { problem: 'the message is no JSON object' };
  const { id, task, role, body } = data;
  if (typeof id !== 'string' || id === '') return { problem: 'the message has no id' };
  if (typeof task !== 'string') return { problem: 'the message names no task' };
  if (typeof role !== 'string' || role === '') return { problem: 'the message is for no role' };
  if (!isObject(body)) return { problem: 'the message has no body' };
  return { id, task, role, body };
}

/** When it is not to be handed out any more; undefined: never. */
export function expiryOf({ attributes, sentAt }: SqsMessage): number | undefined {
  const timeToLive = Number(attributes['timeToLiveMs']);
  return isCount(timeToLive) && timeToLive > 0 ? sentAt + timeToLive : undefined;
}

export function priorityOf({ attributes }: SqsMessage): number {
  const priority = Number(attributes['priority']);
  return isCount(priority) ? priority : queueRules.priorities.usual;
}
