import {
  type Caller,
  isReservedName,
  mayTouchKey,
  prefixWithin,
  recordedActor,
  repositoriesOf,
} from '../../domain/access/caller.ts';
import { defaultBudget } from '../../domain/budget.ts';
import type { ClaimHolder, ClaimKey, ClaimRecord, Lease } from '../../domain/claim.ts';
import type { Amounts } from '../../domain/coordination/amounts.ts';
import { believedSpent } from '../../domain/coordination/believed-spent.ts';
import type { Reservation } from '../../domain/coordination/budget-record.ts';
import { ceilingOf } from '../../domain/coordination/run-amounts.ts';
import { defaultStaleAfterMs } from '../../domain/query/context.ts';
import { reservationFor } from '../../flows/reservation-for.ts';
import { sweepClaims as sweep } from '../../flows/sweep-claims.ts';
import type { BudgetStore } from '../../ports/budget-store.ts';
import type { ClaimStore } from '../../ports/claim-store.ts';
import type { Clock } from '../../ports/clock.ts';
import {
  acquireClaim,
  beginEffect,
  listClaims,
  readClaim,
  releaseClaim,
  renewClaim,
  sweepClaims,
  takeOverClaim,
} from '../../wire/endpoints/claims.ts';
import type { AppParts } from '../app-options.ts';
import { humanClaimProblem } from '../human-claim.ts';
import { pageOf } from '../page-of.ts';
import { answer, missing, type Route, refusal, route, touchesNothing } from '../route.ts';
import { tooWide } from '../too-wide.ts';

export function claimRoutes({ coordination, clock, github, newId }: AppParts): readonly Route[] {
  const { claims, tasks, runs, budgets } = coordination;
  return [
    route(
      acquireClaim,
      ({ body }) => ({
        keys: [body.key],
        budgets: body.reserve?.draws.map((draw) => draw.key) ?? [],
        names: namesOf(body.holder),
      }),
      async ({ body, caller }) => {
        const { deadLeaseId, holder, reserve: asked, ...request } = body;
        const problem = humanClaimProblem(caller, holder.kind);
        if (problem !== undefined) return { kind: 'problem', problem };
        const reserve = await reservationOf({ budgets, clock, caller }, body, asked);
        const acquired = await claims.acquire({
          ...request,
          ...(reserve && { reserve }),
          holder: honestHolder(caller, holder),
          holderIsDead: (record) => holderIsDead(github?.holderIsDead, record, deadLeaseId),
        });
        return acquired.kind === 'granted' ? answer(acquired) : refusal(acquired);
      },
    ),
    route(
      takeOverClaim,
      ({ body }) => ({ keys: [body.key], names: namesOf(body.holder) }),
      async ({ body, caller }) => {
        const taken = await claims.takeOver({ ...body, holder: honestHolder(caller, body.holder) });
        return taken.kind === 'granted' ? answer(taken) : refusal(taken);
      },
    ),
    route(
      renewClaim,
      ({ body }) => ({ keys: [body.lease.key] }),
      async ({ body }) => {
        const lease = await claims.renew(body.lease, body.ttlMs, body.progress);
        return lease === undefined ? refusal({ kind: 'stale' } as const) : answer({ lease });
      },
    ),
    route(
      releaseClaim,
      ({ body }) => ({ keys: [body.lease.key] }),
      async ({ body: { lease, spent: told }, caller }) => {
        const spent = told && (await spentOf(claims, { caller, lease, told }));
        const released = await claims.release(lease, spent);
        return released.kind === 'not-mine' ? refusal(released) : answer({ kind: released.kind });
      },
    ),
    route(
      beginEffect,
      ({ body }) => ({ keys: [body.lease.key] }),
      async ({ body }) => {
        const effect = await claims.beginEffect(body.lease, body.effect);
        return effect.kind === 'may-act' ? answer(effect) : refusal(effect);
      },
    ),
    route(listClaims, touchesNothing, async ({ query, caller }) => {
      const within = prefixWithin(caller, query.prefix);
      if (within.kind === 'refused') return tooWide(within.choices);
      const { state, kind, expired, after, limit } = query;
      const filter = {
        ...(state !== undefined && { state }),
        ...(kind !== undefined && { kind }),
        ...(within.prefix !== undefined && { prefix: within.prefix }),
        ...(expired === true && { expiredAt: clock.now() }),
      };
      const { items, next } = await pageOf(claims.list(filter), { after, limit });
      const visible = items.filter(({ key }) => mayTouchKey(caller, key));
      return answer({ claims: visible, ...(next !== undefined && { next }) });
    }),
    route(
      readClaim,
      ({ params }) => ({ keys: [params.key] }),
      async ({ params }) => {
        const claim = await claims.read(params.key);
        return claim === undefined ? missing : answer({ claim });
      },
    ),
    route(sweepClaims, touchesNothing, async ({ body, caller, signal }) => {
      const within = prefixWithin(caller, body.prefix);
      if (within.kind === 'refused') return tooWide(within.choices);
      const report = await sweep(
        {
          claims,
          tasks,
          runs,
          clock,
          newId,
          holderIsDead: github?.holderIsDead ?? (async () => false),
        },
        {
          ...(within.prefix !== undefined && { prefix: within.prefix }),
          staleAfterMs: body.staleAfterMs ?? defaultStaleAfterMs,
          ...(body.dryRun !== undefined && { dryRun: body.dryRun }),
        },
        signal,
      );
      return answer(report);
    }),
  ];
}

/**
 * Which budgets an agent's claim draws from, and their limits, is for the coordinator to say; the caller says how much it
 * may need. Only an admin can leave them out: without a figure everybody else reserves what a run may use when nobody says
 * anything. People's claims draw nothing.
 */
async function reservationOf(
  { budgets, clock, caller }: { budgets: BudgetStore; clock: Clock; caller: Caller },
  { key, holder }: { readonly key: ClaimKey; readonly holder: ClaimHolder },
  asked: Reservation | undefined,
): Promise<Reservation | undefined> {
  // Whoever may set the limits may name them.
  if (caller.kind === 'key' && caller.role === 'admin') return asked;
  if (holder.kind === 'human') return undefined;
  const amounts = asked?.amounts ?? ceilingOf(defaultBudget);
  const reserve = await reservationFor(budgets, { key, amounts, now: clock.now() });
  return reserve.draws.length === 0 ? undefined : reserve;
}

/**
 * What the caller found when it asked GitHub about this very lease, or what GitHub tells us. A caller that lies gains
 * nothing: it could take the claim over as well.
 */
async function holderIsDead(
  ask: ((record: ClaimRecord) => Promise<boolean>) | undefined,
  record: ClaimRecord,
  deadLeaseId: string | undefined,
): Promise<boolean> {
  if (record.holder.workflowRun === undefined) return false;
  if (deadLeaseId === record.leaseId) return true;
  return ask === undefined ? false : ask(record);
}

/** What a limited caller says that it spent is booked above its repository too, so it counts within reason only. */
async function spentOf(
  claims: Pick<ClaimStore, 'read'>,
  { caller, lease, told }: { readonly caller: Caller; readonly lease: Lease; readonly told: Amounts },
): Promise<Amounts> {
  if (repositoriesOf(caller) === undefined) return told;
  const { reservation } = (await claims.read(lease.key)) ?? {};
  return believedSpent(told, reservation?.amounts);
}

function namesOf({ agent }: ClaimHolder): readonly string[] {
  return agent === undefined ? [] : [agent.id];
}

/** Nobody holds a claim in a name that only the coordinator gives. */
function honestHolder(caller: Caller, holder: ClaimHolder): ClaimHolder {
  return isReservedName(holder.owner) ? { ...holder, owner: recordedActor(caller, holder.owner) } : holder;
}
