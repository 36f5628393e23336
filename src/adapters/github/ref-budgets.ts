import { createHash } from 'node:crypto';
import { type ClaimKey, type ClaimRecord, isCurrent, type Lease } from '../../domain/claim.ts';
import { type Amounts, nothing } from '../../domain/coordination/amounts.ts';
import type {
  BudgetDraw,
  BudgetScope,
  BudgetShortage,
  HeldReservation,
  Reservation,
} from '../../domain/coordination/budget-record.ts';
import { EntropyError } from '../../domain/error.ts';
import type { GitHubApi } from './api.ts';
import {
  buryIn,
  emptyLedger,
  type Hold,
  type Ledger,
  type LedgerChange,
  ledgerOf,
  parseLedger,
  reserveIn,
  settleIn,
} from './budget-ledger.ts';
import type { ChainHead, RecordChains } from './record-chain.ts';

export type Grant = Pick<Lease, 'key' | 'leaseId' | 'fence'>;
export type ReserveResult =
  | { readonly kind: 'reserved' }
  | { readonly kind: 'over-budget'; readonly shortage: BudgetShortage };

export type SeenLedgers = ReadonlyMap<BudgetScope, ReadLedger>;
export type LookResult =
  | { readonly kind: 'room'; readonly seen: SeenLedgers }
  | Exclude<ReserveResult, { kind: 'reserved' }>;

/** Budgets as the claims in git refs draw from them. */
export interface RefBudgets {
  /** Whether there is room for a grant; writes nothing. */
  look(grant: Grant, reserve: Reservation): Promise<LookResult>;
  /** All draws or none. Done twice for one grant, it is done once. `seen`: need not be read again unless it has changed. */
  reserve(grant: Grant, reserve: Reservation, seen?: SeenLedgers): Promise<ReserveResult>;
  /** Done twice for one grant, or for one that never reserved, it changes nothing. */
  settle(grant: Grant, reservation: HeldReservation, spent?: Amounts): Promise<void>;
  /** Reads, changes and writes one scope's books until nobody was faster. */
  change(scope: BudgetScope, why: string, next: (ledger: Ledger) => Ledger): Promise<void>;
  read(scope: BudgetScope): Promise<Ledger | undefined>;
  list(): Promise<readonly Ledger[]>;
}

export interface RefBudgetsOptions {
  readonly api: GitHubApi;
  readonly chains: RecordChains;
  readonly readClaim: (key: ClaimKey) => Promise<ClaimRecord | undefined>;
}

interface ReadLedger {
  readonly head: ChainHead | undefined;
  readonly ledger: Ledger;
}

const folder = 'agents/budgets/';
/** With dozens of runs at one book each waits for its turn; pauses keep them from meeting again and again. */
const maxRaces = 60;
const longestPauseMs = 1_000;

/**
 * Budgets without infrastructure: `refs/agents/budgets/<ledger>` holds the books of a repository, changed by compare and
 * swap like the claims. There is no transaction over several refs: the claim is written first and names what it
 * reserves, the books follow. Each share in a book names its grant, so whoever finds the work of a process that died
 * in between can finish or undo it: the same claim's next holder, or anybody for whom the book has no room.
 */
export function createRefBudgets({ api, chains, readClaim }: RefBudgetsOptions): RefBudgets {
  const { clock } = api;

  const load = async (scope: BudgetScope): Promise<ReadLedger> => {
    const head = await chains.read(budgetRef(scope));
    return { head, ledger: head === undefined ? emptyLedger(scope) : ledgerAt(head) };
  };

  const withoutDead = async (ledger: Ledger, draw: BudgetDraw, holds: readonly Hold[]): Promise<Ledger> => {
    const dead: Hold[] = [];
    for (const hold of holds) {
      const lease = { key: hold.claim, leaseId: hold.leaseId, fence: hold.fence, expiresAt: 0 };
      if (!isCurrent(await readClaim(hold.claim), lease)) dead.push(hold);
    }
    return dead.length === 0 ? ledger : buryIn(ledger, draw.key, dead);
  };

  const reserveAll = async (ledger: Ledger, draws: readonly BudgetDraw[], hold: Hold): Promise<LedgerChange> => {
    let now = ledger;
    for (const draw of draws) {
      let change = reserveIn(now, draw, hold);
      if (change.kind === 'over-budget') {
        const healed = await withoutDead(now, draw, change.holds);
        if (healed !== now) change = reserveIn(healed, draw, hold);
      }
      if (change.kind === 'over-budget') return change;
      now = change.ledger;
    }
    return { kind: 'changed', ledger: now };
  };

  const update = async (
    { scope, why }: { readonly scope: BudgetScope; readonly why: string },
    next: (ledger: Ledger) => Promise<LedgerChange>,
    known?: ReadLedger,
  ): Promise<ReserveResult> => {
    for (let race = 1; race <= maxRaces; race += 1) {
      const read = race === 1 && known !== undefined ? known : await load(scope);
      const change = await next(read.ledger);
      if (change.kind === 'over-budget') return { kind: 'over-budget', shortage: change.shortage };
      if (change.ledger === read.ledger) return { kind: 'reserved' };
      const entry = {
        ref: budgetRef(scope),
        head: read.head,
        subject: `budget ${scope}: ${why}`,
        record: change.ledger,
      };
      if ((await chains.append(entry)) === 'appended') return { kind: 'reserved' };
      await clock.sleep(Math.random() * Math.min(longestPauseMs, 20 * 2 ** race), api.signal);
    }
    throw contended(scope);
  };

  const settleKeys = async (grant: Grant, keys: readonly string[], spent: Amounts | undefined): Promise<void> => {
    for (const [about, ofLedger] of byLedger(keys.map((key) => ({ key, caps: {} })))) {
      const settlement = spent === undefined ? {} : { spent };
      const settled = (ledger: Ledger) =>
        ofLedger.reduce((now, { key }) => settleIn(now, grant, { key, ...settlement }), ledger);
      const why = `settled for ${grant.key}, fence ${grant.fence}`;
      await update({ scope: about, why }, async (ledger) => ({ kind: 'changed', ledger: settled(ledger) }));
    }
  };

  return {
    look: async (grant, { draws, amounts }) => {
      const seen = new Map<BudgetScope, ReadLedger>();
      for (const [about, ofLedger] of byLedger(draws)) {
        const read = await load(about);
        seen.set(about, read);
        const change = await reserveAll(read.ledger, ofLedger, holdOf(grant, amounts));
        if (change.kind === 'over-budget') return { kind: 'over-budget', shortage: change.shortage };
      }
      return { kind: 'room', seen };
    },

    reserve: async (grant, { draws, amounts }, seen) => {
      const done: BudgetDraw[] = [];
      for (const [about, ofLedger] of byLedger(draws)) {
        const reserved = (ledger: Ledger) => reserveAll(ledger, ofLedger, holdOf(grant, amounts));
        const why = `reserved for ${grant.key}, fence ${grant.fence}`;
        const result = await update({ scope: about, why }, reserved, seen?.get(about));
        if (result.kind === 'over-budget') {
          const keys = done.map(({ key }) => key);
          await settleKeys(grant, keys, nothing);
          return result;
        }
        done.push(...ofLedger);
      }
      return { kind: 'reserved' };
    },

    settle: (grant, reservation, spent) => settleKeys(grant, reservation.keys, spent),
    change: async (scope, why, next) => {
      await update({ scope: ledgerOf(scope), why }, async (ledger) => ({ kind: 'changed', ledger: next(ledger) }));
    },
    read: async (scope) => {
      const { head, ledger } = await load(ledgerOf(scope));
      return head === undefined ? undefined : ledger;
    },
    list: async () => (await chains.list(folder)).map(ledgerAt),
  };
}

/** Always in the same order, so that of two who draw from the same books the first at the first book gets them all. */
function byLedger(draws: readonly BudgetDraw[]): readonly (readonly [BudgetScope, readonly BudgetDraw[]])[] {
  const ledgers = Map.groupBy(draws, ({ key }) => ledgerOf(key));
  return [...ledgers].sort(([a], [b]) => (a < b ? -1 : 1));
}

function holdOf({ key, leaseId, fence }: Grant, amounts: Amounts): Hold {
  return { claim: key, leaseId, fence, amounts };
}

/** `agents/budgets/repository+octo+slug`; a hash for names that a ref could not carry. */
export function budgetRef(scope: BudgetScope): string {
  const name = scope.replaceAll('/', '+');
  const plain = /^[a-z0-9_+-]{1,120}$/.test(name) && !name.startsWith('-');
  return `${folder}${plain ? name : createHash('sha256').update(scope).digest('hex').slice(0, 32)}`;
}

function ledgerAt(head: ChainHead): Ledger {
  const ledger = parseLedger(head.record);
  if (ledger !== undefined) return ledger;
  throw new EntropyError({
    code: 'E701',
    message: `the budget in refs/${head.ref} cannot be read`,
    why: 'the newest commit of this ref was not written by entropy-playground, so nobody can tell what is left',
    fix: `find the last good commit (git fetch origin refs/${head.ref} && git log FETCH_HEAD) and push it: git push --force origin SHA:refs/${head.ref}`,
  });
}

function contended(scope: BudgetScope): EntropyError {
  return new EntropyError({
    code: 'E700',
    message: `the budget ${scope} changed ${maxRaces} times while it was drawn from`,
    fix: 'try again in a minute',
    retryable: true,
  });
}
