import type { BudgetKey } from '../../domain/coordination/budget-record.ts';
import { type Attributes, fromAttributes } from './attribute-values.ts';
import { readBudget } from './budget-item.ts';
import type { DynamoTable } from './dynamo-table.ts';
import { budgetKey, keyText } from './item-keys.ts';
import { toldBookKey } from './log-keys.ts';
import type { UnnumberedEvent } from './stream-events.ts';

/** `early`: told by a reservation that was read before the one that opened the book. */
export type BookTold = 'early' | 'opened';

export interface ToldBooks {
  readonly told: Map<BudgetKey, BookTold>;
  /** What lies in the table of books that the log has not told of. */
  readonly stored: ReadonlyMap<BudgetKey, Attributes>;
}

export async function readToldBooks(table: DynamoTable, events: readonly UnnumberedEvent[]): Promise<ToldBooks> {
  const keys = [...new Set(booksOfEvents(events))];
  const opening = new Set(events.flatMap(openedBy));
  const marked = await table.getMany(keys.map(toldBookKey));
  const told = new Map<BudgetKey, BookTold>();
  for (const key of keys) {
    const item = marked.get(keyText(toldBookKey(key)));
    if (item !== undefined) told.set(key, fromAttributes(item)['told'] === 'early' ? 'early' : 'opened');
  }
  const toTell = keys.filter((key) => !told.has(key) || opening.has(key));
  const items = await table.getMany(toTell.map(budgetKey));
  const stored = toTell.flatMap((key) => {
    const item = items.get(keyText(budgetKey(key)));
    return item === undefined ? [] : [[key, item] as const];
  });
  return { told, stored: new Map(stored) };
}

/** The books that a change draws from. */
export function booksOfEvents(events: readonly UnnumberedEvent[]): readonly BudgetKey[] {
  return events.flatMap(({ change }) => (change.type === 'budget.reserved' ? change.reservation.keys : []));
}

function openedBy({ change }: UnnumberedEvent): readonly BudgetKey[] {
  return change.type === 'budget.reserved' ? change.opened.map(({ key }) => key) : [];
}

/**
 * Puts cause before effect between claims: the stream may give a reservation before the one that opened its book, so the
 * first of the two that is numbered tells of the opening. It tells the book's limits of now: those that were set after the
 * opening are told before it or after it, and either way the replayed book ends with the newest.
 */
export function tellOpenings(event: UnnumberedEvent, { told, stored }: ToldBooks): UnnumberedEvent {
  const { change } = event;
  if (change.type !== 'budget.reserved') return event;
  const opened = change.reservation.keys.flatMap((key) => {
    const before = told.get(key);
    const opening = change.opened.find((draw) => draw.key === key);
    const item = stored.get(key);
    const caps = item === undefined ? opening?.caps : readBudget(item).caps;
    // Told already; or somebody removed the book, and this claim did not open it.
    if (caps === undefined) return [];
    if (opening !== undefined) told.set(key, 'opened');
    if (before === undefined && opening === undefined) told.set(key, 'early');
    // Opened a second time: somebody had removed it in between.
    const again = before === 'opened' && opening !== undefined;
    return before === undefined || again ? [{ key, caps }] : [];
  });
  return { ...event, change: { ...change, opened } };
}
