import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { isObject } from '../../domain/json-shape.ts';
import type { Row } from './row.ts';
import { statement } from './statement.ts';
import { readTask, writeTask } from './task-rows.ts';

type Plain = Readonly<Record<string, unknown>>;

/** One table that may hold something of a person: how its rows are read and written as plain data. */
export interface PersonalKind {
  readonly kind: string;
  /** Names of the rows behind this one, in their order. */
  readonly namesAfter: (db: DatabaseSync, after: SQLInputValue, limit: number) => readonly (string | number)[];
  readonly first: SQLInputValue;
  readonly read: (db: DatabaseSync, name: string) => Plain | undefined;
  readonly write: (db: DatabaseSync, name: string, data: Plain) => void;
}

interface JsonTable {
  readonly kind: string;
  readonly table: string;
  readonly key: string;
  readonly first: SQLInputValue;
  /** Columns that are written, each with its value; JSON is written as text. */
  readonly columns: readonly string[];
  readonly json: readonly string[];
  /** Other columns that say again what the JSON says. */
  readonly copies?: (data: Plain) => Readonly<Record<string, SQLInputValue>>;
}

const record = (data: Plain): Plain => (isObject(data['record']) ? data['record'] : {});
const textIn = (from: Plain, name: string): SQLInputValue => (typeof from[name] === 'string' ? from[name] : null);

const jsonTables: readonly JsonTable[] = [
  { kind: 'event', table: 'activity', key: 'seq', first: 0, columns: ['actor', 'change'], json: ['change'] },
  {
    kind: 'claim',
    table: 'claims',
    key: 'key',
    first: '',
    columns: ['record'],
    json: ['record'],
    copies: (data) => {
      const holder = record(data)['holder'];
      return { owner: isObject(holder) ? textIn(holder, 'owner') : null };
    },
  },
  { kind: 'limits', table: 'budget_caps', key: 'scope', first: '', columns: ['caps'], json: ['caps'] },
  { kind: 'run', table: 'runs', key: 'id', first: '', columns: ['record'], json: ['record'] },
  { kind: 'message', table: 'messages', key: 'position', first: 0, columns: ['message'], json: ['message'] },
  { kind: 'work', table: 'queue', key: 'seq', first: 0, columns: ['body', 'detail'], json: ['body'] },
  {
    kind: 'api-key',
    table: 'api_keys',
    key: 'id',
    first: '',
    columns: ['record'],
    json: ['record'],
    copies: (data) => ({ name: textIn(record(data), 'name') }),
  },
];

/** In their order; answers that were kept for a repetition are left out: they are gone within a day. */
export const personalKinds: readonly PersonalKind[] = [
  {
    kind: 'task',
    first: '',
    namesAfter: (db, after, limit) =>
      statement(db, 'SELECT key FROM tasks WHERE key > ? ORDER BY key LIMIT ?').all(after, limit).map(nameIn('key')),
    read: (db, name) => {
      const task = readTask(db, name);
      return task && { record: task };
    },
    write: (db, name, data) => {
      const before = readTask(db, name);
      // What was read as a task, and had texts and names in it changed, is one still.
      if (before !== undefined) writeTask(db, { ...before, ...record(data) }, before);
    },
  },
  ...jsonTables.map(kindOf),
];

function kindOf({ kind, table, key, first, columns, json, copies }: JsonTable): PersonalKind {
  return {
    kind,
    first,
    namesAfter: (db, after, limit) =>
      statement(db, `SELECT ${key} FROM ${table} WHERE ${key} > ? ORDER BY ${key} LIMIT ?`)
        .all(after, limit)
        .map(nameIn(key)),
    read: (db, name) => {
      const row = statement(db, `SELECT ${columns.join(', ')} FROM ${table} WHERE ${key} = ?`).get(name);
      if (row === undefined) return undefined;
      const values = columns.map((column) => [column, json.includes(column) ? parsed(row[column]) : row[column]]);
      return Object.fromEntries(values.filter(([, value]) => value !== null));
    },
    write: (db, name, data) => {
      const own = columns.map((column) => [
        column,
        json.includes(column) ? JSON.stringify(data[column]) : textIn(data, column),
      ]);
      const values: Readonly<Record<string, SQLInputValue>> = { ...Object.fromEntries(own), ...copies?.(data) };
      const sets = Object.keys(values).map((column) => `${column} = $${column}`);
      statement(db, `UPDATE ${table} SET ${sets.join(', ')} WHERE ${key} = $name`).run({ ...values, name });
    },
  };
}

function nameIn(key: string): (row: Row) => string | number {
  return (row) => row[key] as string | number;
}

/** Only our own stores write these columns. */
function parsed(value: unknown): unknown {
  return typeof value === 'string' ? JSON.parse(value) : value;
}
