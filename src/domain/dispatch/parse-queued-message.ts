import { isCount, isObject } from '../json-shape.ts';
import type { OmittedText } from './omitted-text.ts';
import type { QueuedDelivery, QueuedMessage, QueuedWake } from './queued-message.ts';
import { parseTraceparent } from './traceparent.ts';

/** What came out of a queue; undefined for anything that is not ours, so that nobody's junk is taken for a delivery. */
export function parseQueuedMessage(value: unknown): QueuedMessage | undefined {
  if (!isObject(value) || value['schema'] !== 1) return undefined;
  switch (value['kind']) {
    case 'delivery':
      return parseQueuedDelivery(value);
    case 'wake':
      return parseWake(value);
    default:
      return undefined;
  }
}

export function parseQueuedDelivery(value: unknown): QueuedDelivery | undefined {
  if (!isObject(value) || value['schema'] !== 1 || value['kind'] !== 'delivery') return undefined;
  const { delivery, event, bodySha256, receivedAt, traceparent, installation, payload, omitted } = value;
  if (!isText(delivery, /^[!-~]{1,100}$/) || !isText(event, /^[a-z_]{1,100}$/)) return undefined;
  if (!isText(bodySha256, /^[0-9a-f]{64}$/) || !isTrace(traceparent)) return undefined;
  if (!isCount(receivedAt) || !isCount(installation) || !isObject(payload)) return undefined;
  const texts = omitted === undefined ? [] : Array.isArray(omitted) ? omitted.map(parseOmitted) : [undefined];
  if (texts.some((text) => text === undefined)) return undefined;
  const left = texts.filter((text) => text !== undefined);
  return {
    ...{ kind: 'delivery', schema: 1, delivery, event, bodySha256, receivedAt, traceparent, installation, payload },
    ...(left.length > 0 && { omitted: left }),
  };
}

function parseWake(value: Readonly<Record<string, unknown>>): QueuedWake | undefined {
  const { key, traceparent } = value;
  if (!isText(key, /^github\/[\x21-\x7e]{1,200}$/) || !isTrace(traceparent)) return undefined;
  return { kind: 'wake', schema: 1, key, traceparent };
}

function parseOmitted(value: unknown): OmittedText | undefined {
  if (!isObject(value) || !isObject(value['of'])) return undefined;
  const { at, repository, sha256, of } = value;
  if (!isText(at, /^[a-z_]{1,60}$/) || !isText(repository, /^[\x21-\x7e]{1,140}$/)) return undefined;
  if (!isText(sha256, /^[0-9a-f]{64}$/)) return undefined;
  const { kind, number, id, pull } = of;
  if (kind === 'issue' && isCount(number)) return { at, repository, sha256, of: { kind, number } };
  if (kind === 'comment' && isCount(id)) return { at, repository, sha256, of: { kind, id } };
  const isOfPull = kind === 'review' || kind === 'line-comment';
  if (isOfPull && isCount(id) && isCount(pull)) return { at, repository, sha256, of: { kind, pull, id } };
  return undefined;
}

function isText(value: unknown, form: RegExp): value is string {
  return typeof value === 'string' && form.test(value);
}

function isTrace(value: unknown): value is string {
  return typeof value === 'string' && parseTraceparent(value) !== undefined;
}
