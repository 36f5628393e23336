import type { ClaimKey, Lease } from '../../domain/claim.ts';
import type { Amounts } from '../../domain/coordination/amounts.ts';
import { scopeOf } from '../../domain/coordination/budget-decisions.ts';
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

/**
 * All books of one repository (its issues, itself, its days), or of one organisation, and what a person set for their
 * scopes: one ref, so that a claim's whole reservation is one change. The book that was changed last comes last.
 */
export interface Ledger {
  readonly schema: 1;
  /** `repository/octo/slug` or `organisation/octo`. */
  readonly about: BudgetScope;
  readonly caps: Readonly<Record<BudgetScope, BudgetCaps>>;
  readonly books: readonly LedgerBook[];
}

export type LedgerChange = { readonly kind: 'changed'; readonly ledger: Ledger } | LedgerShortage;
export interface LedgerShortage {
  readonly kind: 'over-budget';
  readonly shortage: BudgetShortage;
  readonly holds: readonly Hold[];
}

type Grant = Pick<Lease, 'key' | 'leaseId' | 'fence'>;

/** Of books that nobody draws from now, those of this many issues and days are kept; the ref's history has the older. */
const keptIdle = 100;

export function emptyLedger(about: BudgetScope): Ledger {
  return { schema: 1, about, caps: {}, books: [] };
}

/** Which ledger a book is kept in. */
export function ledgerOf(scope: BudgetScope | BudgetKey): BudgetScope {
  const [kind, owner, name] = scope.split('/');
  return kind === 'organisation' ? `organisation/${owner}` : `repository/${owner}/${name}`;
}

/** What a person set for the scope goes before what the claim says, which may have changed since the book was opened. */
function limited(ledger: Ledger, draw: BudgetDraw): LedgerBook {
  const caps = ledger.caps[scopeOf(draw.key)] ?? draw.caps;
  const book = bookOf(ledger, draw.key) ?? { budget: openBudget({ key: draw.key, caps }), holds: [] };
  const same = JSON.stringify(book.budget.caps) === JSON.stringify(caps);
  return same ? book : { ...book, budget: { ...book.budget, caps } };
}

export function bookOf(ledger: Ledger, key: BudgetKey): LedgerBook | undefined {
  return ledger.books.find((book) => book.budget.key === key);
}

export function isHeldBy(hold: Hold, { key, leaseId, fence }: Grant): boolean {
  return hold.claim === key && hold.leaseId === leaseId && hold.fence === fence;
}

/** A grant's share of one book. Of the same claim's older grants nobody can say what they spent: booked in full. */
export function reserveIn(ledger: Ledger, draw: BudgetDraw, hold: Hold): LedgerChange {
  const before = limited(ledger, draw);
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
  const books = [...ledger.books.filter((other) => other !== before), book];
  const idle = books.filter(({ holds, budget }) => holds.length === 0 && budget.key !== ledger.about);
  const forgotten = new Set(idle.slice(0, Math.max(0, idle.length - keptIdle)));
  return { ...ledger, books: books.filter((kept) => !forgotten.has(kept)) };
}

/** Undefined for anything that is no ledger, so that nobody's junk is taken for empty books. */
export function parseLedger(value: unknown): Ledger | undefined {
  if (!isObject(value) || value['schema'] !== 1) return undefined;
  const { about, caps: set, books: listed } = value;
  if (typeof about !== 'string' || !Array.isArray(listed) || !isObject(set)) return undefined;
  const caps: Record<BudgetScope, BudgetCaps> = {};
  for (const [scope, given] of Object.entries(set)) {
    const read = parseCaps(given);
    if (read === undefined) return undefined;
    caps[scope] = read;
  }
  const books = listed.flatMap((book) => parseBook(book) ?? []);
  if (books.length !== listed.length) return undefined;
  return { schema: 1, about, caps, books };
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
