import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { ChangeNumbering, Numbered } from '../../ports/change-numbering.ts';
import type { Clock } from '../../ports/clock.ts';
import { type Attributes, fromAttributes, toAttributes } from './attribute-values.ts';
import { type ChangeIdentity, identityOf } from './change-identity.ts';
import { contend } from './contend.ts';
import type { DynamoTable } from './dynamo-table.ts';
import { foundEvent, foundRecord } from './found-record.ts';
import { keyText } from './item-keys.ts';
import { logWriteCount, logWrites, readLogEnd } from './log-event-item.ts';
import { numberedKey, toldBookKey } from './log-keys.ts';
import { type BookTold, booksOfEvents, readToldBooks, tellOpenings } from './opened-books.ts';
import { eventsOfChange, type ItemChange, tellsEvents, type UnnumberedEvent } from './stream-events.ts';

/** A change with what it means, before the log gave it a place. */
interface Unit {
  readonly index: number;
  readonly identity: ChangeIdentity;
  readonly events: readonly UnnumberedEvent[];
  readonly change: ItemChange;
}

/** A transaction of DynamoDB holds 100 items and 4 MB. */
const mostWrites = 100;
const mostBytes = 3_000_000;
/** So long a change waits for the one before it: a shard that is read late, or a function that is slow. Then that one is lost. */
const lostAfterMs = 15 * 60_000;
/** Changes that are looked at for one transaction; more when all of these wait for others. */
const window = 50;

/**
 * Numbers what the table's stream tells: 1, 2, 3 … without holes, each change once, every item's changes in their order.
 * One transaction holds the events, the end of the log and how far each item has been numbered, on condition that all of it
 * is as it was read. So any number of archivers may read any shards at once, twice, and be ended anywhere.
 */
export function createDynamoNumbering(table: DynamoTable, clock: Clock): ChangeNumbering<ItemChange> {
  return { number: (changes) => numberChanges(table, clock, changes) };
}

async function numberChanges(table: DynamoTable, clock: Clock, changes: readonly ItemChange[]): Promise<Numbered> {
  const { units, unreadable } = unitsOf(changes);
  let waiting: readonly Unit[] = units;
  let numbered = 0;
  while (waiting.length > 0) {
    const { events, settled } = await contend<Plan>(table, 'the activity log', async () => {
      const few = await planOne(table, clock, waiting.slice(0, window));
      const plan = few.settled.size > 0 ? few : await planOne(table, clock, waiting);
      if (plan.writes.length === 0) return plan;
      const outcome = await table.transact(plan.writes);
      return outcome.kind === 'written' ? plan : { kind: 'changed', goneBooks: [] };
    });
    if (settled.size === 0) break;
    numbered += events;
    waiting = waiting.filter((unit) => !settled.has(unit));
  }
  const first = waiting[0];
  const stuck = [
    ...(unreadable === undefined ? [] : [unreadable]),
    ...(first === undefined ? [] : [{ index: first.index, reason: gap(first) }]),
  ].sort((a, b) => a.index - b.index)[0];
  return { events: units.flatMap(({ events }) => events), numbered, ...(stuck && { stuck }) };
}

/** Up to the first change that cannot be understood: what comes after it is read again with it. */
function unitsOf(changes: readonly ItemChange[]) {
  const units: Unit[] = [];
  for (const [index, change] of changes.entries()) {
    try {
      const events = eventsOfChange(change);
      const identity = identityOf(change);
      // Also without events: the next change of the item comes after this one.
      const told = events.length > 0 || tellsEvents(change);
      if (told && identity !== undefined) units.push({ index, identity, events, change });
    } catch (error) {
      return { units, unreadable: { index, reason: error instanceof Error ? error.message : String(error) } };
    }
  }
  return { units, unreadable: undefined };
}

function gap({ identity: { item, from, to } }: Unit): string {
  return `version ${to} of ${item.pk} comes after version ${from}, which was not numbered yet`;
}

function isLate({ change: { writtenAt } }: Unit, clock: Clock): boolean {
  return writtenAt !== undefined && clock.now() - writtenAt > lostAfterMs;
}

/** What came before is lost, so the record is told in whole; what says everything by itself is told as it is. */
function foundInstead({ change, events }: Unit): readonly UnnumberedEvent[] {
  const [first] = events;
  const found = change.after === undefined ? undefined : foundRecord(change.after);
  return found === undefined ? events : [foundEvent(found, first?.at ?? change.writtenAt ?? 0)];
}

interface Plan {
  readonly writes: readonly TransactWriteItem[];
  /** How many events they add. */
  readonly events: number;
  /** Numbered by these writes, or earlier. */
  readonly settled: ReadonlySet<Unit>;
}

async function planOne(table: DynamoTable, clock: Clock, units: readonly Unit[]): Promise<Plan> {
  // Before all else: whatever somebody numbers after this moment makes the write fail.
  const end = await readLogEnd(table);
  const versions = await readVersions(table, units);
  const books = await readToldBooks(
    table,
    units.flatMap((unit) => unit.events),
  );
  const seen = { versions: new Map(versions), told: new Map(books.told) };
  const events: UnnumberedEvent[] = [];
  const settled = new Set<Unit>();
  const marks = new Map<string, ChangeIdentity>();
  let bytes = 0;

  for (const unit of units) {
    const { item, from, to } = unit.identity;
    const name = keyText(item);
    const version = versions.get(name) ?? 0;
    if (version >= to) settled.add(unit);
    const early = version < from;
    if (version >= to || (early && !isLate(unit, clock))) continue;
    const told = early ? foundInstead(unit) : unit.events;
    const size = JSON.stringify(told).length * 3;
    const writes =
      1 + logWriteCount([...events, ...told]) + marks.size + 1 + booksOfEvents([...events, ...told]).length;
    if (events.length > 0 && (writes > mostWrites || bytes + size > mostBytes)) break;
    events.push(...told.map((event) => tellOpenings(event, books)));
    bytes += size;
    versions.set(name, to);
    marks.set(name, { item, from: seen.versions.get(name) ?? 0, to });
    settled.add(unit);
  }
  const writes =
    marks.size === 0
      ? []
      : [
          ...(events.length === 0 ? [] : logWrites(table.name, { end, events, now: clock.now() })),
          ...[...marks.values()].map((mark) => markItem(table.name, mark)),
          ...markBooks(table.name, seen.told, books.told),
        ];
  return { writes, events: events.length, settled };
}

async function readVersions(table: DynamoTable, units: readonly Unit[]): Promise<Map<string, number>> {
  const items = new Map(units.map(({ identity: { item } }) => [keyText(item), item]));
  const found = await table.getMany([...items.values()].map(numberedKey));
  const versions = new Map<string, number>();
  for (const [name, item] of items) {
    const mark = found.get(keyText(numberedKey(item)));
    if (mark !== undefined) versions.set(name, numberedVersion(mark));
  }
  return versions;
}

export function numberedVersion(mark: Attributes): number {
  return Number(fromAttributes(mark)['version']);
}

/** The item has been numbered up to `to`; it was up to `from`. */
export function markItem(tableName: string, { item, from, to }: ChangeIdentity): TransactWriteItem {
  return {
    Put: {
      TableName: tableName,
      Item: toAttributes({ ...numberedKey(item), version: to }),
      ...(from === 0
        ? { ConditionExpression: 'attribute_not_exists(pk)' }
        : { ConditionExpression: 'version = :seen', ExpressionAttributeValues: toAttributes({ ':seen': from }) }),
    },
  };
}

function markBooks(
  tableName: string,
  before: ReadonlyMap<string, BookTold>,
  after: ReadonlyMap<string, BookTold>,
): readonly TransactWriteItem[] {
  const moved = [...after].filter(([book, told]) => before.get(book) !== told);
  return moved.map(([book, told]) => {
    const seen = before.get(book);
    return {
      Put: {
        TableName: tableName,
        Item: toAttributes({ ...toldBookKey(book), told }),
        ...(seen === undefined
          ? { ConditionExpression: 'attribute_not_exists(pk)' }
          : { ConditionExpression: 'told = :seen', ExpressionAttributeValues: toAttributes({ ':seen': seen }) }),
      },
    };
  });
}
