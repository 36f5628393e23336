import type { ClaimKey, Lease } from '../../domain/claim.ts';
import type { Amounts } from '../../domain/coordination/amounts.ts';
import {
  type BudgetCaps,
  type BudgetDraw,
  type BudgetKey,
  type BudgetRecord,
  type BudgetScope,
  type BudgetShortage,
  openBudget,
  reserved,
  settled,
  shortageOf,
} from '../../domain/coordination/budget-record.ts';
import { parseAmounts, parseBudgetRecord, parseCaps } from '../../domain/coordination/parse-budget.ts';
import { isCount, isObject } from '../../domain/json-shape.ts';

/** Which grant of which claim took something from a book. Named, so that booking it twice changes nothing. */
export interface Hold {
  readonly claim: ClaimKey;
  readonly leaseId: string;
  readonly fence: number;
  readonly amounts: Amounts;
}

export interface LedgerBook {
  readonly budget: BudgetRecord;
  readonly holds: readonly Hold[];
}

/** All books of one scope, of a daily one those of the last days, and what a person set for it: one ref. */
export interface Ledger {
  readonly schema: 1;
  readonly scope: BudgetScope;
  readonly caps?: BudgetCaps;
  readonly books: readonly LedgerBook[];
}

export type LedgerChange = { readonly kind: 'changed'; readonly ledger: Ledger } | LedgerShortage;
export interface LedgerShortage {
  readonly kind: 'over-budget';
  readonly shortage: BudgetShortage;
  readonly holds: readonly Hold[];
}

type Grant = Pick<Lease, 'key' | 'leaseId' | 'fence'>;

/** Daily books that nobody draws from any more are kept so long; the ref's history has the older ones. */
const keptDays = 14;

export function emptyLedger(scope: BudgetScope): Ledger {
  return { schema: 1, scope, books: [] };
}

export function bookOf(ledger: Ledger, key: BudgetKey): LedgerBook | undefined {
  return ledger.books.find((book) => book.budget.key === key);
}

export function isHeldBy(hold: Hold, { key, leaseId, fence }: Grant): boolean {
  return hold.claim === key && hold.leaseId === leaseId && hold.fence === fence;
}

/** A grant's share of one book. Of the same claim's older grants nobody can say what they spent: booked in full. */
export function reserveIn(ledger: Ledger, draw: BudgetDraw, hold: Hold): LedgerChange {
  const opened = { budget: openBudget({ key: draw.key, caps: ledger.caps ?? draw.caps }), holds: [] };
  const before = bookOf(ledger, draw.key) ?? opened;
  const grant = { key: hold.claim, leaseId: hold.leaseId, fence: hold.fence };
  const book = withoutHolds(before, (old) => old.claim === hold.claim && old.fence < hold.fence);
  const there = book.holds.some((held) => isHeldBy(held, grant));
  if (there) return { kind: 'changed', ledger: withBook(ledger, book) };
  const shortage = shortageOf(book.budget, hold.amounts);
  if (shortage !== undefined) return { kind: 'over-budget', shortage, holds: book.holds };
  const next = { budget: reserved(book.budget, hold.amounts), holds: [...book.holds, hold] };
  return { kind: 'changed', ledger: withBook(ledger, next) };
}

/** Gives a grant's share back and books what it spent; in full without a figure. Not there (any more): no change. */
export function settleIn(ledger: Ledger, grant: Grant, settlement: { key: BudgetKey; spent?: Amounts }): Ledger {
  const book = bookOf(ledger, settlement.key);
  if (book === undefined) return ledger;
  return withBook(
    ledger,
    withoutHolds(book, (hold) => isHeldBy(hold, grant), settlement.spent),
  );
}

/** Shares of grants that are no longer current: whoever held them died without a word, so all of it counts as spent. */
export function buryIn(ledger: Ledger, key: BudgetKey, dead: readonly Hold[]): Ledger {
  const book = bookOf(ledger, key);
  return book === undefined
    ? ledger
    : withBook(
        ledger,
        withoutHolds(book, (hold) => dead.includes(hold)),
      );
}

function withoutHolds(book: LedgerBook, ended: (hold: Hold) => boolean, spent?: Amounts): LedgerBook {
  const leaving = book.holds.filter(ended);
  if (leaving.length === 0) return book;
  const budget = leaving.reduce((now, hold) => settled(now, hold.amounts, spent), book.budget);
  return { budget, holds: book.holds.filter((hold) => !ended(hold)) };
}

function withBook(ledger: Ledger, book: LedgerBook): Ledger {
  const before = bookOf(ledger, book.budget.key);
  if (before === book) return ledger;
  const others = ledger.books.filter((other) => other !== before);
  const books = [...others, book].sort((a, b) => (a.budget.key < b.budget.key ? -1 : 1));
  const idle = books.filter(({ holds, budget }) => holds.length === 0 && budget.key !== ledger.scope);
  const forgotten = new Set(idle.slice(0, Math.max(0, books.length - keptDays)));
  return { ...ledger, books: books.filter((kept) => !forgotten.has(kept)) };
}

/** Undefined for anything that is no ledger, so that nobody's junk is taken for empty books. */
export function parseLedger(value: unknown): Ledger | undefined {
  if (!isObject(value) || value['schema'] !== 1) return undefined;
  const { scope, books: listed } = value;
  if (typeof scope !== 'string' || !Array.isArray(listed)) return undefined;
  const caps = parseCaps(value['caps']);
  if (value['caps'] !== undefined && caps === undefined) return undefined;
  const books = listed.flatMap((book) => parseBook(book) ?? []);
  if (books.length !== listed.length) return undefined;
  return { schema: 1, scope, books, ...(caps && { caps }) };
}

function parseBook(value: unknown): LedgerBook | undefined {
  if (!isObject(value)) return undefined;
  const budget = parseBudgetRecord(value['budget']);
  const listed: unknown = value['holds'];
  if (budget === undefined || !Array.isArray(listed)) return undefined;
  const holds = listed.flatMap((hold) => parseHold(hold) ?? []);
  return holds.length === listed.length ? { budget, holds } : undefined;
}

function parseHold(value: unknown): Hold | undefined {
  if (!isObject(value)) return undefined;
  const { claim, leaseId, fence } = value;
  const amounts = parseAmounts(value['amounts']);
  if (typeof claim !== 'string' || typeof leaseId !== 'string' || !isCount(fence)) return undefined;
  return amounts === undefined ? undefined : { claim, leaseId, fence, amounts };
}
