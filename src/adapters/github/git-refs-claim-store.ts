import { createHash } from 'node:crypto';
import {
  type ClaimKey,
  type ClaimRecord,
  decideAcquire,
  decideTakeOver,
  isCurrent,
  isExpired,
  issueClaimKey,
  type Lease,
  leaseOf,
  released,
  renewed,
} from '../../domain/claim.ts';
import { parseClaimRecord } from '../../domain/claim-record.ts';
import { decideRelease } from '../../domain/coordination/claim-decisions.ts';
import { passes } from '../../domain/coordination/claim-filter.ts';
import { EntropyError } from '../../domain/error.ts';
import type { RepositoryRef } from '../../domain/repository.ts';
import type { AcquireOptions, AcquireResult, ClaimStore } from '../../ports/claim-store.ts';
import type { GitHubApi } from './api.ts';
import { promiseTime } from './promise-time.ts';
import { type ChainHead, createRecordChains } from './record-chain.ts';
import { createRefBudgets, type RefBudgets, type SeenLedgers } from './ref-budgets.ts';

export interface GitRefsClaimStoreOptions {
  readonly api: GitHubApi;
  /** A new, never repeated name for each call. */
  readonly newId: () => string;
}

interface StoredClaim {
  readonly head: ChainHead;
  readonly record: ClaimRecord;
}

const folder = 'agents/claims/';
const maxRaces = 10;

/**
 * Claims without any infrastructure: `refs/agents/claims/<issue>` points at a commit that carries the record; every
 * change is a new commit on top (see record-chain.ts for what makes it atomic). The fence is cooperative: whoever holds a
 * token with `contents: write` can force the ref, so it guards against accidents and races, not against a writer
 * who means harm. One read and two writes for each change of a claim, and the same for each budget that it draws from.
 */
export function createGitRefsClaimStore({ api, newId }: GitRefsClaimStoreOptions): ClaimStore {
  const { clock } = api;
  const promising = promiseTime(clock);
  const chains = createRecordChains({ api, newId });

  const load = async (key: ClaimKey, forWriting = false): Promise<StoredClaim | undefined> => {
    const ref = claimRef(key, api.repository);
    const head = await (forWriting ? chains.readToWrite(ref) : chains.read(ref));
    return head === undefined ? undefined : { head, record: recordAt(head) };
  };

  const budgets = createRefBudgets({ api, chains, readClaim: async (key) => (await load(key))?.record });

  /** Puts a record on top of what was loaded; false when somebody else was faster. */
  const store = async (current: StoredClaim | undefined, record: ClaimRecord): Promise<boolean> => {
    const subject = `claim ${record.key}: ${record.state}, fence ${record.fence}`;
    const ref = current?.head.ref ?? claimRef(record.key, api.repository);
    return (await chains.append({ ref, head: current?.head, subject, record })) === 'appended';
  };

  /** Changes the record while the lease still is the current one. */
  const change = async (lease: Lease, next: (record: ClaimRecord) => ClaimRecord): Promise<ClaimRecord | undefined> => {
    for (let race = 1; race <= maxRaces; race += 1) {
      const current = await load(lease.key);
      if (current === undefined || !isCurrent(current.record, lease)) return undefined;
      const record = next(current.record);
      if (await store(current, record)) return record;
    }
    throw contended(lease.key);
  };

  const draw = (claimed: Claimed) => drawFromBudgets(budgets, change, claimed);

  return {
    acquire: async (options) => {
      const { key, holder, leaseId, ttlMs, reserve } = options;
      for (let race = 1; race <= maxRaces; race += 1) {
        const current = await load(key, race === 1);
        const holderIsDead = await askAboutHolder(current?.record, options, clock.now());
        const request = { key, holder, leaseId, ttlMs, now: clock.now(), holderIsDead, ...(reserve && { reserve }) };
        const asked = decideAcquire(current?.record, request);
        const granted = asked.kind === 'granted';
        const decision = granted ? decideAcquire(current?.record, { ...request, now: promising() }) : asked;
        if (decision.kind === 'refused') return decision;
        if (decision.kind === 'already-mine') return draw({ record: decision.record, options });
        const look = reserve && (await budgets.look(decision.record, reserve));
        if (look?.kind === 'over-budget') return look;
        const { record, stolenFrom } = decision;
        if (await store(current, record)) {
          return draw({ record, options, ...(stolenFrom && { stolenFrom }), ...(look && { seen: look.seen }) });
        }
      }
      throw contended(key);
    },

    takeOver: async (options) => {
      for (let race = 1; race <= maxRaces; race += 1) {
        const current = await load(options.key);
        const decision = decideTakeOver(current?.record, { ...options, now: promising() });
        if (decision.kind === 'refused') return decision;
        if (decision.kind === 'already-mine') return { kind: 'granted', lease: leaseOf(decision.record) };
        const { record, takenFrom } = decision;
        if (!(await store(current, record))) continue;
        if (takenFrom?.reservation !== undefined) await budgets.settle(takenFrom, takenFrom.reservation);
        return { kind: 'granted', lease: leaseOf(record), ...(takenFrom && { takenFrom }) };
      }
      throw contended(options.key);
    },

    renew: async (lease, ttlMs, progress = false) => {
      const record = await change(lease, (held) => renewed(held, { ttlMs, now: promising(), progress }));
      return record === undefined ? undefined : leaseOf(record);
    },

    // The books first: a process that dies after them leaves a held claim, which the next one ends again, and no share.
    release: async (lease, spent) => {
      for (let race = 1; race <= maxRaces; race += 1) {
        const current = await load(lease.key);
        const decision = decideRelease(current?.record, lease, spent);
        if (decision.kind !== 'released' || current === undefined) return decision;
        const { record } = current;
        if (record.reservation !== undefined) await budgets.settle(lease, record.reservation, spent);
        if (await store(current, released(record))) return { kind: 'released' };
      }
      throw contended(lease.key);
    },

    // Effects are not kept here: each would cost two more writes, and GitHub itself shows what was done.
    beginEffect: async (lease) => {
      const record = (await load(lease.key))?.record;
      if (isCurrent(record, lease)) return { kind: 'may-act', before: 'unknown' };
      return record === undefined ? { kind: 'stale' } : { kind: 'stale', record };
    },

    read: async (key) => (await load(key))?.record,

    list: async function* (filter) {
      const records = (await chains.list(folder)).map(recordAt);
      records.sort((a, b) => (a.key < b.key ? -1 : 1));
      for (const record of records) if (passes(record, filter)) yield record;
    },
  };
}

interface Claimed {
  readonly record: ClaimRecord;
  readonly options: AcquireOptions;
  readonly stolenFrom?: ClaimRecord;
  readonly seen?: SeenLedgers;
}

/** The second half of an acquisition: the claim is ours, the books follow; without room the claim is given back. */
async function drawFromBudgets(
  budgets: RefBudgets,
  change: (lease: Lease, next: (record: ClaimRecord) => ClaimRecord) => Promise<ClaimRecord | undefined>,
  { record, options, stolenFrom, seen }: Claimed,
): Promise<AcquireResult> {
  const { reserve } = options;
  const lease = leaseOf(record);
  if (stolenFrom?.reservation !== undefined) {
    // What the new grant draws from too is settled in the same write as its own share.
    const ours = new Set(reserve?.draws.map((draw) => draw.key));
    const keys = stolenFrom.reservation.keys.filter((key) => !ours.has(key));
    await budgets.settle(stolenFrom, { ...stolenFrom.reservation, keys });
  }
  const wanted = record.reservation === undefined ? undefined : reserve;
  const drawn = wanted && (await budgets.reserve(record, wanted, seen));
  if (drawn?.kind === 'over-budget') {
    await change(lease, released);
    return drawn;
  }
  return { kind: 'granted', lease, ...(stolenFrom && { stolenFrom }) };
}

/** GitHub is only asked about a run when its answer can matter. */
async function askAboutHolder(record: ClaimRecord | undefined, options: AcquireOptions, now: number): Promise<boolean> {
  if (record === undefined || record.state === 'free') return false;
  const mine = record.leaseId === options.leaseId;
  const byPerson = record.holder.kind === 'human';
  if (mine || byPerson || isExpired(record, now) || record.holder.workflowRun === undefined) return false;
  return options.holderIsDead(record);
}

/** `agents/claims/42` for an issue of this very repository, whatever its name by now; a hash for any other key. */
export function claimRef(key: ClaimKey, repository: RepositoryRef): string {
  const number = /\/issues\/([1-9][0-9]{0,9})$/.exec(key)?.[1];
  const ours = number !== undefined && key === issueClaimKey(repository.owner, repository.name, Number(number));
  return `${folder}${ours ? number : createHash('sha256').update(key).digest('hex').slice(0, 32)}`;
}

function recordAt({ ref, record }: ChainHead): ClaimRecord {
  const claim = parseClaimRecord(record);
  if (claim !== undefined) return claim;
  throw new EntropyError({
    code: 'E701',
    message: `the claim in refs/${ref} cannot be read`,
    why: 'the newest commit of this ref was not written by entropy-playground, so nobody can tell who holds the issue',
    fix: `find the last good commit (git fetch origin refs/${ref} && git log FETCH_HEAD) and push it: git push --force origin SHA:refs/${ref}`,
  });
}

function contended(key: ClaimKey): EntropyError {
  return new EntropyError({
    code: 'E700',
    message: `the claim ${key} changed hands ${maxRaces} times while it was asked for`,
    fix: 'try again in a minute',
    retryable: true,
  });
}
