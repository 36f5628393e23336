import { isCount, isObject } from './json-shape.ts';

/**
 * Says whether plain data has the shape that a type promises, member by member. What is not named is left alone, so that an older
 * version which changes a record of a newer one takes nothing out of it.
 */
export interface Shape<Value> {
  /** Undefined: it has the shape. */
  wrong(value: unknown, field: string): Wrong | undefined;
  /** Never there: it carries the type. */
  readonly of?: Value;
}

export interface Wrong {
  /** `issue.labels.0`; empty: all of it. */
  readonly field: string;
  /** `text`, `a whole number from 0 on`. */
  readonly wanted: string;
}

type OptionalNames<T> = { [Name in keyof T]-?: object extends Pick<T, Name> ? Name : never }[keyof T];

/** One shape for each member of the type; those that may be absent stand apart. */
export interface Members<T extends object> {
  readonly required: { readonly [Name in Exclude<keyof T, OptionalNames<T>>]: Shape<T[Name]> };
  readonly optional: { readonly [Name in OptionalNames<T>]-?: Shape<Exclude<T[Name], undefined>> };
}

export const text: Shape<string> = simple('text', (value) => typeof value === 'string');
export const count: Shape<number> = simple('a whole number from 0 on', isCount);
/** Of things that may be less than nothing, as what somebody wrote down by mistake, and of shares. */
export const finite: Shape<number> = simple('a number', (value) => Number.isFinite(value));
export const plainData: Shape<Readonly<Record<string, unknown>>> = simple('a group of members', isObject);

export function oneOf<Value extends string | number>(values: readonly Value[]): Shape<Value> {
  return simple(`one of ${values.join(', ')}`, (value) => values.some((known) => known === value));
}

export function listOf<Value>(shape: Shape<Value>): Shape<readonly Value[]> {
  return {
    wrong: (value, field) => {
      if (!Array.isArray(value)) return { field, wanted: 'a list' };
      return first(value.entries(), ([at, entry]) => shape.wrong(entry, below(field, String(at))));
    },
  };
}

export function mapOf<Value>(shape: Shape<Value>): Shape<Readonly<Record<string, Value>>> {
  return {
    wrong: (value, field) => {
      if (!isObject(value)) return { field, wanted: 'a group of members' };
      return first(Object.entries(value), ([name, entry]) => shape.wrong(entry, below(field, name)));
    },
  };
}

export function groupOf<T extends object>({ required, optional }: Members<T>): Shape<T> {
  const needed = Object.entries<Shape<unknown>>(required);
  const possible = Object.entries<Shape<unknown>>(optional);
  return {
    wrong: (value, field) => {
      if (!isObject(value)) return { field, wanted: 'a group of members' };
      const look = ([name, shape]: readonly [string, Shape<unknown>]) => shape.wrong(value[name], below(field, name));
      const there = possible.filter(([name]) => value[name] !== undefined);
      return first([...needed, ...there], look);
    },
  };
}

/** The very same data as what it is, or what is wrong with it. */
export function readShape<Value>(
  shape: Shape<Value>,
  value: unknown,
): { readonly kind: 'read'; readonly value: Value } | ({ readonly kind: 'wrong' } & Wrong) {
  const wrong = shape.wrong(value, '');
  return wrong === undefined ? { kind: 'read', value: value as Value } : { kind: 'wrong', ...wrong };
}

/** `issue.number is not a whole number from 0 on`; never the value, which may be anybody's. */
export function wrongText({ field, wanted }: Wrong): string {
  return `${field === '' ? 'it' : field} is not ${wanted}`;
}

function simple<Value>(wanted: string, has: (value: unknown) => boolean): Shape<Value> {
  return { wrong: (value, field) => (has(value) ? undefined : { field, wanted }) };
}

function first<Entry>(entries: Iterable<Entry>, look: (entry: Entry) => Wrong | undefined): Wrong | undefined {
  for (const entry of entries) {
    const wrong = look(entry);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

function below(field: string, name: string): string {
  return field === '' ? name : `${field}.${name}`;
}
