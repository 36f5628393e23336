import { EntropyError } from '../../domain/error.ts';
import { isCount } from '../../domain/json-shape.ts';
import { readShape, type Shape, type Wrong, wrongText } from '../../domain/shape.ts';
import { type Attributes, fromAttributes } from './attribute-values.ts';

type Plain = Readonly<Record<string, unknown>>;

/** An item whose record lies in it as JSON, exactly as the domain has it, with what is kept beside the record. */
export interface ReadItem<Rec> {
  readonly item: Plain;
  readonly record: Rec;
  /** Grows with every write, so a write on condition of it replaces just this. */
  readonly version: number;
}

/** `what`: `a task`. The whole record is looked at: whatever wrote the item, nothing of another shape gets any further. */
export function readItem<Rec>(attributes: Attributes, what: string, shape: Shape<Rec>): ReadItem<Rec> {
  const item = fromAttributes(attributes);
  const { record: json, version } = item;
  const record = readMember(item, { what, name: 'record', value: parseJson(json) }, shape);
  if (isCount(version)) return { item, record, version };
  throw unreadable(item, what, { field: 'version', wanted: 'a whole number from 0 on' });
}

/** One member of an item, or (name `''`) all of it; E710 names the item and the field that is wrong. */
export function readMember<Value>(
  item: Plain,
  {
    what,
    name,
    value = name === '' ? item : item[name],
  }: { readonly what: string; readonly name: string; readonly value?: unknown },
  shape: Shape<Value>,
): Value {
  const read = readShape(shape, value);
  if (read.kind === 'read') return read.value;
  throw unreadable(item, what, { ...read, field: [name, read.field].filter((part) => part !== '').join('.') });
}

export function readList(attributes: Attributes, name: string, what: string): readonly unknown[] {
  const item = fromAttributes(attributes);
  const list = item[name] === undefined ? [] : parseJson(item[name]);
  if (Array.isArray(list)) return list;
  throw unreadable(item, what, { field: name, wanted: 'a list' });
}

/** Who changed it last, and when. */
export function readChanger(item: Plain, what: string): { readonly actor: string; readonly at: number } {
  const { actor, at } = item;
  if (typeof actor === 'string' && isCount(at)) return { actor, at };
  throw unreadable(item, what);
}

export function unreadable(item: Plain, what: string, wrong?: Wrong): EntropyError {
  const why = wrong === undefined ? '' : `: ${wrongText(wrong)}`;
  return new EntropyError({
    code: 'E710',
    message: `the item ${String(item['pk'])} holds ${what} that this version cannot read${why}`,
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
