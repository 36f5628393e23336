import { EntropyError } from '../../domain/error.ts';
import { isObject } from '../../domain/json-shape.ts';
import { type Attributes, fromAttributes, toValue } from './attribute-values.ts';
import type { ItemKey } from './item-keys.ts';

type Plain = Readonly<Record<string, unknown>>;

/** Items that may hold something of a person, by what their sort keys begin with. */
const kinds: Readonly<Record<string, string>> = {
  CLAIM: 'claim',
  EFFECT: 'effect',
  CAPS: 'limits',
  TASK: 'task',
  EDGES: 'dependencies',
  RUN: 'run',
  AGENT: 'agent',
  MESSAGE: 'message',
  'API-KEY': 'api-key',
  WAITING: 'waiting',
};
/** Attributes that lie in their items as JSON. */
const asJson = new Set(['record', 'changes', 'change', 'asked']);

export interface ReadPersonalItem {
  readonly kind: string;
  readonly name: string;
  readonly key: ItemKey;
  readonly data: Plain;
}

/** Undefined for items that hold nothing of anybody: books, indexes, marks, and what time to live takes away. */
export function readPersonalItem(attributes: Attributes): ReadPersonalItem | undefined {
  const { pk, sk, ...rest } = fromAttributes(attributes);
  if (typeof pk !== 'string' || typeof sk !== 'string') return undefined;
  const [begin = ''] = sk.split('#');
  const kind = /^LOG#/.test(pk) ? 'event' : kinds[begin];
  if (kind === undefined) return undefined;
  const subject = pk.slice(pk.indexOf('#') + 1);
  const name =
    kind === 'event' ? String(Number(sk)) : kind === 'message' ? `${subject} ${Number(sk.split('#')[1])}` : subject;
  const parsed = Object.entries(rest).map(([member, value]) => [member, asJson.has(member) ? parse(value) : value]);
  return { kind, name, key: { pk, sk }, data: withBody(Object.fromEntries(parsed)) };
}

/** The attributes that are no longer as they were, each with its former value. */
export function changedAttributes(
  attributes: Attributes,
  data: Plain,
): readonly { readonly name: string; readonly value: unknown; readonly before: Attributes[string] }[] {
  const plain = withoutBody(data);
  return Object.entries(attributes).flatMap(([name, before]) => {
    if (name === 'pk' || name === 'sk') return [];
    const wasJson = asJson.has(name) && before.S !== undefined;
    const value = wasJson ? JSON.stringify(plain[name]) : plain[name];
    return JSON.stringify(toValue(value)) === JSON.stringify(ordered(before)) ? [] : [{ name, value, before }];
  });
}

/** As `toValue` writes it: what came from the table names the members of a map in any order. */
function ordered(value: Attributes[string]): Attributes[string] {
  return toValue(fromAttributes({ value })['value']);
}

/** A task's body lies beside its record; its author is in the record, so they are looked at together. */
function withBody(data: Plain): Plain {
  const { record, body } = data;
  if (typeof body !== 'string' || !isObject(record) || !isObject(record['issue'])) return data;
  const { body: _body, ...rest } = data;
  return { ...rest, record: { ...record, issue: { ...record['issue'], body } } };
}

function withoutBody(data: Plain): Plain {
  const { record } = data;
  if (!isObject(record) || !isObject(record['issue']) || !('body' in record['issue'])) return data;
  const { body, ...issue } = record['issue'];
  return { ...data, record: { ...record, issue }, body };
}

function parse(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch (error) {
    throw new EntropyError({
      code: 'E710',
      message: 'an item of the table holds JSON that cannot be read',
      fix: 'look who else writes into the table',
      cause: error,
    });
  }
}
