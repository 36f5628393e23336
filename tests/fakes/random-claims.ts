import fc from 'fast-check';
import type { Lease } from '../../src/domain/claim.ts';
import { nothing } from '../../src/domain/coordination/amounts.ts';
import type { BudgetStore } from '../../src/ports/budget-store.ts';
import type { ClaimStore } from '../../src/ports/claim-store.ts';
import type { SimulatedClock } from './simulated-clock.ts';

const keys = ['github/octo/slug/issues/1', 'github/octo/slug/issues/2', 'locks/release'] as const;
const scope = 'repository/octo/slug';

/** What somebody may do to a store of claims; numbers choose among the leases that were given out so far. */
export const claimSteps = fc.array(
  fc.record({
    what: fc.constantFrom('acquire', 'acquire', 'take-over', 'renew', 'release', 'effect', 'limit', 'wait'),
    key: fc.constantFrom(...keys),
    number: fc.nat({ max: 90 }),
    human: fc.boolean(),
  }),
  { maxLength: 25 },
);
export type ClaimStep = typeof claimSteps extends fc.Arbitrary<readonly (infer One)[]> ? One : never;

export interface ClaimWorld {
  readonly clock: SimulatedClock;
  readonly claims: ClaimStore;
  readonly budgets: BudgetStore;
  readonly leases: Lease[];
}

/** Does one step; what is granted joins the leases. */
export async function takeClaimStep(world: ClaimWorld, { what, key, number, human }: ClaimStep): Promise<void> {
  const { clock, claims, budgets, leases } = world;
  const name = `${leases.length}-${number}`;
  const holder = { owner: name, runId: `run-${name}`, kind: human ? 'human' : 'agent', reason: 'because' } as const;
  const asked = { key, holder, leaseId: `lease-${name}`, ttlMs: 30_000 };
  const lease = leases[number % Math.max(1, leases.length)];
  switch (what) {
    case 'acquire': {
      const draws = [
        { key: scope, caps: { turns: 50 } },
        { key: `${scope}/day/2026-11-02`, caps: { runs: 2 } },
      ];
      const reserve = { draws, amounts: { ...nothing, turns: number % 9 } };
      const result = await claims.acquire({ ...asked, reserve, holderIsDead: async () => false });
      if (result.kind === 'granted') leases.push(result.lease);
      return;
    }
    case 'take-over': {
      const result = await claims.takeOver(asked);
      if (result.kind === 'granted') leases.push(result.lease);
      return;
    }
    case 'renew':
      if (lease !== undefined) await claims.renew(lease, 30_000, human);
      return;
    case 'release':
      if (lease !== undefined) await claims.release(lease, human ? { ...nothing, turns: number % 4 } : undefined);
      return;
    case 'effect':
      if (lease !== undefined) await claims.beginEffect(lease, `effect-${number % 3}`);
      return;
    case 'limit':
      await budgets.setCaps(human ? scope : `${scope}/day`, { turns: number }, 'github/bob');
      return;
    case 'wait':
      clock.advance(number * 1_000);
      return;
    default:
      what satisfies never;
  }
}
