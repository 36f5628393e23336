import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ClaimRecord, clockSkewMs, isCurrent, type Lease, leaseOf } from '../../../../src/domain/claim.ts';
import type { ActivityChange } from '../../../../src/domain/coordination/activity.ts';
import { addAmounts, nothing } from '../../../../src/domain/coordination/amounts.ts';
import type { BudgetsSeen } from '../../../../src/domain/coordination/budget-decisions.ts';
import {
  type Changes,
  decideAcquisition,
  decideRelease,
  decideRenewal,
  decideTakingOver,
} from '../../../../src/domain/coordination/claim-decisions.ts';
import { emptyReplay, type ReplayedClaims, replayClaims } from '../../../../src/domain/coordination/replay-claims.ts';

const keys = ['github/octo/slug/issues/1', 'github/octo/slug/issues/2', 'locks/release'] as const;
const cap = 5;
const budget = 'repository/octo/slug';

const steps = fc.array(
  fc.record({
    what: fc.constantFrom('acquire', 'acquire', 'takeOver', 'renew', 'release', 'wait', 'skew'),
    key: fc.constantFrom(...keys),
    human: fc.boolean(),
    dead: fc.integer({ min: 0, max: 9 }).map((number) => number === 0),
    /** Which of the leases given out so far a renewal or a release shows; often one that is long lost. */
    lease: fc.nat(),
    turns: fc.nat({ max: 3 }),
    spent: fc.nat({ max: 3 }),
    seconds: fc.nat({ max: 90 }),
  }),
  { maxLength: 40 },
);

/** The stored state is what the changes add up to; nothing else is kept. */
interface World {
  readonly state: ReplayedClaims;
  readonly stream: ActivityChange[];
  readonly leases: Lease[];
  readonly budgets: BudgetsSeen;
  now: number;
}

function emptyWorld(): World {
  const state = emptyReplay();
  const budgets: BudgetsSeen = { book: (key) => state.budgets.get(key), caps: (scope) => state.caps.get(scope) };
  return { state, stream: [], leases: [], budgets, now: 1_000_000_000 };
}

function write(world: World, changes: Changes): void {
  for (const change of changes) {
    world.stream.push(change);
    replayClaims(world.state, change);
  }
}

type Step = typeof steps extends fc.Arbitrary<readonly (infer One)[]> ? One : never;

/** Does one step and checks what must hold about it. Returns the record that was granted, when one was. */
function take(world: World, step: Step, at: number): void {
  const before = world.state.claims.get(step.key);
  const ttlMs = 30_000;
  const holder = {
    owner: `o${at}`,
    runId: `run-${at}`,
    kind: step.human ? 'human' : 'agent',
    reason: 'because',
  } as const;
  const request = { key: step.key, holder, leaseId: `lease-${at}`, ttlMs, now: world.now };
  const lease = world.leases[step.lease % Math.max(1, world.leases.length)];
  switch (step.what) {
    case 'wait':
      world.now += step.seconds * 1_000;
      return;
    case 'skew':
      world.now -= step.seconds * 100;
      return;
    case 'acquire': {
      const reserve = {
        draws: [{ key: budget, caps: { turns: cap, runs: 2 } }],
        amounts: { ...nothing, turns: step.turns },
      };
      const decision = decideAcquisition(before, { ...request, reserve, holderIsDead: step.dead }, world.budgets);
      const held = before?.state === 'held';
      const human = held && before.holder.kind === 'human';
      const late = held && before.expiresAt + clockSkewMs < world.now;
      const mayTake = !held || (!human && (late || step.dead));
      if (decision.kind === 'granted' || decision.kind === 'over-budget') expect(mayTake).toBe(true);
      if (decision.kind === 'refused') expect(mayTake).toBe(false);
      if (decision.kind === 'granted') granted(world, before, decision);
      return;
    }
    case 'takeOver': {
      const decision = decideTakingOver(before, { ...request, ...(before && { expectedFence: before.fence }) });
      expect(decision.kind).toBe('granted');
      if (decision.kind === 'granted') granted(world, before, decision);
      return;
    }
    case 'renew': {
      if (lease === undefined) return;
      const known = world.state.claims.get(lease.key);
      const decision = decideRenewal(known, lease, { ttlMs, now: world.now, progress: step.dead });
      expect(decision.kind).toBe(isCurrent(known, lease) ? 'renewed' : 'not-mine');
      if (decision.kind !== 'renewed') return;
      expect(decision.record.expiresAt).toBeGreaterThanOrEqual(known?.expiresAt ?? 0);
      write(world, decision.changes);
      expect(world.state.claims.get(lease.key)).toEqual(decision.record);
      return;
    }
    case 'release': {
      if (lease === undefined) return;
      const known = world.state.claims.get(lease.key);
      const decision = decideRelease(known, lease, { ...nothing, turns: step.spent });
      expect(decision.kind === 'released').toBe(isCurrent(known, lease));
      if (decision.kind !== 'released') return;
      write(world, decision.changes);
      expect(decideRelease(world.state.claims.get(lease.key), lease).kind).toBe('already-released');
      return;
    }
    default:
      step.what satisfies never;
  }
}

function granted(
  world: World,
  before: ClaimRecord | undefined,
  { record, changes }: { readonly record: ClaimRecord; readonly changes: Changes },
): void {
  expect(record.fence).toBe((before?.fence ?? 0) + 1);
  write(world, changes);
  expect(world.state.claims.get(record.key)).toEqual(record);
  world.leases.push(leaseOf(record));
}

function checkWorld(world: World): void {
  for (const key of keys) {
    const record = world.state.claims.get(key);
    const current = world.leases.filter((lease) => lease.key === key && isCurrent(record, lease));
    expect(current).toHaveLength(record?.state === 'held' ? 1 : 0);
  }
  const held = [...world.state.claims.values()].flatMap((record) =>
    record.state === 'held' && record.reservation !== undefined ? [record.reservation.amounts] : [],
  );
  const book = world.state.budgets.get(budget);
  if (book === undefined) return;
  expect(book.reserved).toEqual(held.reduce(addAmounts, nothing));
  expect(book.runs).toBe(held.length);
  expect(book.runs).toBeLessThanOrEqual(2);
}

describe('the algebra of claims', () => {
  it('holds over any sequence of acquiring, stealing, taking over, renewing and releasing, with any clock', () => {
    fc.assert(
      fc.property(steps, (sequence) => {
        const world = emptyWorld();
        for (const [at, step] of sequence.entries()) {
          take(world, step, at);
          checkWorld(world);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('is wholly told by its changes: replaying them gives the same claims and books', () => {
    fc.assert(
      fc.property(steps, (sequence) => {
        const world = emptyWorld();
        for (const [at, step] of sequence.entries()) take(world, step, at);
        const replayed = emptyReplay();
        for (const change of JSON.parse(JSON.stringify(world.stream))) replayClaims(replayed, change);
        expect(replayed).toEqual(world.state);
      }),
      { numRuns: 200 },
    );
  });

  it('never promises more of a budget than is left, as long as nobody spends more than was reserved', () => {
    const frugal = steps.map((sequence) => sequence.map((step) => ({ ...step, spent: 0 })));
    fc.assert(
      fc.property(frugal, (sequence) => {
        const world = emptyWorld();
        for (const [at, step] of sequence.entries()) {
          take(world, step, at);
          const book = world.state.budgets.get(budget);
          if (book !== undefined) expect(book.spent.turns + book.reserved.turns).toBeLessThanOrEqual(cap);
        }
      }),
      { numRuns: 300 },
    );
  });
});
