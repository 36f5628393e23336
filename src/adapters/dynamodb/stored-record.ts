import { EntropyError } from '../../domain/error.ts';
import { isCount, isObject } from '../../domain/json-shape.ts';
import { type Attributes, fromAttributes } from './attribute-values.ts';

type Plain = Readonly<Record<string, unknown>>;

/** An item whose record lies in it as JSON, exactly as the domain has it, with what is kept beside the record. */
export interface ReadItem {
  readonly item: Plain;
  readonly record: Plain;
  /** Grows with every write, so a write on condition of it replaces just this. */
  readonly version: number;
}

/** `what`: `a task`. The record is one of this version's schema; what is in it only this program wrote. */
export function readItem(attributes: Attributes, what: string): ReadItem {
  const item = fromAttributes(attributes);
  const { record: json, version } = item;
  const record = parseJson(json);
  if (isObject(record) && record['schema'] === 1 && isCount(version)) return { item, record, version };
  throw unreadable(item, what);
}

export function readList(attributes: Attributes, name: string, what: string): readonly unknown[] {
  const item = fromAttributes(attributes);
  const list = item[name] === undefined ? [] : parseJson(item[name]);
  if (Array.isArray(list)) return list;
  throw unreadable(item, what);
}

/** Who changed it last, and when. */
export function readChanger(item: Plain, what: string): { readonly actor: string; readonly at: number } {
  const { actor, at } = item;
  if (typeof actor === 'string' && isCount(at)) return { actor, at };
  throw unreadable(item, what);
}

export function unreadable(item: Plain, what: string): EntropyError {
  return new EntropyError({
    code: 'E710',
    message: `the item ${String(item['pk'])} holds ${what} that this version cannot read`,
    fix: 'update this program if a newer one wrote it; else look who else writes into the table',
  });
}

function parseJson(text: unknown): unknown {
  if (typeof text !== 'string') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // Told by the caller, with the item's key: it is no record.
    return undefined;
  }
}
