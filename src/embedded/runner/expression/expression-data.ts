import { data } from '@actions/expressions';
import type { Json } from '../json.ts';

type Data = data.ExpressionData;

const converted = new WeakMap<object, Data>();

/** JSON as the expression library wants it. Objects are remembered: an event's payload is converted once a run. */
export function toExpressionData(value: Json): Data {
  if (value === null) return new data.Null();
  if (typeof value === 'string') return new data.StringData(value);
  if (typeof value === 'number') return new data.NumberData(value);
  if (typeof value === 'boolean') return new data.BooleanData(value);
  return converted.get(value) ?? convertObject(value);
}

/** A new dictionary each time, for contexts that grow while the job runs. */
export function contextData(contexts: Readonly<Record<string, Json>>): data.Dictionary {
  return new data.Dictionary(...pairsOf(contexts));
}

export function fromExpressionData(value: Data): Json {
  switch (value.kind) {
    case data.Kind.Null:
      return null;
    case data.Kind.String:
    case data.Kind.Number:
    case data.Kind.Boolean:
      return value.value;
    case data.Kind.Array:
      return value.values().map(fromExpressionData);
    case data.Kind.Dictionary:
      return Object.fromEntries(value.pairs().map((pair) => [pair.key, fromExpressionData(pair.value)]));
    default:
      throw new TypeError('an expression gave a value of no known kind');
  }
}

/** What GitHub puts in place of `${{ … }}` inside a text. */
export function expressionText(value: Json): string {
  return toExpressionData(value).coerceString();
}

export function isTruthy(value: Json): boolean {
  return value !== null && value !== false && value !== 0 && value !== '' && !Number.isNaN(value);
}

function convertObject(value: Exclude<Json, string | number | boolean | null>): Data {
  const made = Array.isArray(value)
    ? new data.Array(...value.map(toExpressionData))
    : new data.Dictionary(...pairsOf(value as Readonly<Record<string, Json>>));
  // Frozen objects cannot change, so only they may be answered from memory.
  if (Object.isFrozen(value)) converted.set(value, made);
  return made;
}

function pairsOf(record: Readonly<Record<string, Json>>): { readonly key: string; readonly value: Data }[] {
  return Object.entries(record).map(([key, item]) => ({ key, value: toExpressionData(item) }));
}
