import { toAttributes } from './attribute-values.ts';
import type { Update } from './dynamo-table.ts';
import type { ItemKey } from './item-keys.ts';

export interface ItemChanges {
  readonly key: ItemKey;
  /** New values by the path of their attribute: `record.rotatedAt`. */
  readonly set?: Readonly<Record<string, string | number | object>>;
  /** Takes what another attribute held before this change. */
  readonly copy?: Readonly<Record<string, string>>;
  readonly remove?: readonly string[];
  /** Only if it is so, with attributes as `#name` and the `values` as `:name`: `attribute_exists(pk) AND #hash <> :hash`. */
  readonly when: string;
  readonly values?: Readonly<Record<string, string | number>>;
}

/** One conditional write of some attributes. Each is named by a placeholder, so no word of DynamoDB's own is in the way. */
export function changeItem({ key, set = {}, copy = {}, remove = [], when, values = {} }: ItemChanges): Update {
  const settings = Object.keys(set).map((path, at) => `${placeholder(path)} = :set${at}`);
  const copies = Object.entries(copy).map(([to, from]) => `${placeholder(to)} = ${placeholder(from)}`);
  const parts = [
    ...(settings.length + copies.length > 0 ? [`SET ${[...copies, ...settings].join(', ')}`] : []),
    ...(remove.length > 0 ? [`REMOVE ${remove.map(placeholder).join(', ')}`] : []),
  ];
  const UpdateExpression = parts.join(' ');
  const named = [...`${UpdateExpression} ${when}`.matchAll(/#(\w+)/g)].map(([, name = '']) => [`#${name}`, name]);
  const given = [
    ...Object.values(set).map((value, at) => [`:set${at}`, value] as const),
    ...Object.entries(values).map(([name, value]) => [`:${name}`, value] as const),
  ];
  return {
    key,
    UpdateExpression,
    ConditionExpression: when,
    ExpressionAttributeNames: Object.fromEntries(named),
    ExpressionAttributeValues: toAttributes(Object.fromEntries(given)),
  };
}

function placeholder(path: string): string {
  return path
    .split('.')
    .map((name) => `#${name}`)
    .join('.');
}
