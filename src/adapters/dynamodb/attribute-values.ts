import type { AttributeValue } from '@aws-sdk/client-dynamodb';

export type Attributes = Record<string, AttributeValue>;

/** Plain values as DynamoDB's own. Interfaces of the domain are given as they are, hence `object`. */
export function toAttributes(item: object): Attributes {
  const given = Object.entries(item).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([name, value]) => [name, toValue(value)]));
}

export function toValue(value: unknown): AttributeValue {
  switch (typeof value) {
    case 'string':
      return { S: value };
    case 'number':
      return { N: String(value) };
    case 'boolean':
      return { BOOL: value };
    case 'object':
      if (Array.isArray(value)) return { L: value.map(toValue) };
      if (value !== null) return { M: toAttributes(value) };
  }
  throw new TypeError(`${value === null ? 'null' : typeof value} cannot be stored`);
}

/** Back to plain values, to be parsed: nothing that lies in a table is believed to have the shape that it should. */
export function fromAttributes(attributes: Attributes): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, fromValue(value)]));
}

function fromValue(value: AttributeValue): unknown {
  if (value.S !== undefined) return value.S;
  if (value.N !== undefined) return Number(value.N);
  if (value.BOOL !== undefined) return value.BOOL;
  if (value.L !== undefined) return value.L.map(fromValue);
  if (value.M !== undefined) return fromAttributes(value.M);
  return undefined;
}
