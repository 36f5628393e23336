import { gripName } from '../linearizability/claim-model.ts';
import type { ClaimOperation } from '../linearizability/claim-operation.ts';
import { fencesShown } from '../linearizability/fences-shown.ts';

/** What was counted in a history, and what must not be in it, found without any model. */
export interface ClaimEvidence {
  readonly operations: number;
  readonly attempts: number;
  readonly granted: number;
  readonly refused: number;
  /** Taken from a holder whose lease was over, or whose process was found dead. */
  readonly stolen: number;
  readonly takenFromDead: number;
  readonly takenOver: number;
  readonly renewed: number;
  readonly released: number;
  /** Renewals, releases and writes refused to a lease that was no longer the current one. */
  readonly stale: number;
  /** Calls whose answer nobody heard, because the caller was killed or the store failed. */
  readonly unheard: number;
  /** One fence of one key shown to be of two leases. */
  readonly doubleGrants: number;
  /** Grants whose fence is not above that of a grant that had ended before they began. */
  readonly fencesNotRising: number;
  /** Times at which two holders of one key could both believe in their lease. */
  readonly holdersAtOnce: number;
}

export function addEvidence(a: ClaimEvidence, b: ClaimEvidence): ClaimEvidence {
  const names = Object.keys(a) as (keyof ClaimEvidence)[];
  return Object.fromEntries(names.map((name) => [name, a[name] + b[name]])) as unknown as ClaimEvidence;
}

export interface EvidenceRules {
  /** A holder stops so long before its lease ends, counted from before it asked. */
  readonly stopEarlyMs: number;
  /** When the process of this operation ended; undefined when it lived on. */
  readonly endOf: (process: string) => number | undefined;
}

/** Looks at the operations of one key. */
export function evidenceOf(operations: readonly ClaimOperation[], rules: EvidenceRules): ClaimEvidence {
  const count = (is: (operation: ClaimOperation) => boolean) => operations.filter(is).length;
  const answered = (kind: string) => count(({ result }) => result?.kind === kind);
  const acquired = (is: (result: ClaimOperation['result'] & { readonly kind: 'granted' }) => boolean) =>
    count(({ call, result }) => call.kind === 'acquire' && result?.kind === 'granted' && is(result));
  const takenFromDead = acquired(
    ({ from, toldDead }) => from !== undefined && toldDead?.includes(from.leaseId) === true,
  );
  return {
    operations: operations.length,
    attempts: count(({ call }) => call.kind === 'acquire'),
    granted: answered('granted'),
    refused: answered('refused'),
    stolen: acquired(({ from }) => from !== undefined) - takenFromDead,
    takenFromDead,
    takenOver: count(
      ({ call, result }) => call.kind === 'take-over' && result?.kind === 'granted' && result.from !== undefined,
    ),
    renewed: answered('renewed'),
    released: answered('released'),
    stale: answered('stale'),
    unheard: count(({ result }) => result === undefined),
    doubleGrants: doubleGrants(operations),
    fencesNotRising: fencesNotRising(operations),
    holdersAtOnce: holdersAtOnce(operations, rules),
  };
}

function doubleGrants(operations: readonly ClaimOperation[]): number {
  const leaseOfFence = new Map<number, string>();
  const doubled = new Set<number>();
  for (const { fence, leaseId } of fencesShown(operations)) {
    const known = leaseOfFence.get(fence);
    if (known !== undefined && known !== leaseId) doubled.add(fence);
    leaseOfFence.set(fence, leaseId);
  }
  return doubled.size;
}

/** One lease's grip on the key, as far as its holder can know. */
interface Grip {
  readonly process: string;
  readonly fence: number;
  readonly leaseId: string;
  readonly byPerson: boolean;
  readonly ttlMs: number;
  /** `a living one`: from a holder that a person decided about, or whose process was found dead. */
  readonly taking: 'a lease that is over' | 'a living one';
  /** When it asked first, and when it first heard. */
  readonly askedAt: number;
  readonly grantedAt: number;
}

/** Each lease and fence that its holder heard of, in the order of fences. */
function gripsIn(operations: readonly ClaimOperation[]): readonly Grip[] {
  const grips = new Map<string, Grip>();
  for (const { process, call, result, start, end } of operations) {
    if (result?.kind !== 'granted' || (call.kind !== 'acquire' && call.kind !== 'take-over')) continue;
    const { leaseId, ttlMs, holder } = call;
    const { fence, from, toldDead = [] } = result;
    const known = grips.get(gripName({ fence, leaseId }));
    const foundDead = from !== undefined && toldDead.includes(from.leaseId);
    const living = known?.taking === 'a living one' || call.kind === 'take-over' || foundDead;
    grips.set(gripName({ fence, leaseId }), {
      ...{ process, fence, leaseId, ttlMs },
      byPerson: holder === 'human',
      taking: living ? 'a living one' : 'a lease that is over',
      askedAt: Math.min(known?.askedAt ?? start, start),
      grantedAt: Math.min(known?.grantedAt ?? end, end),
    });
  }
  return [...grips.values()].sort((a, b) => a.fence - b.fence);
}

function fencesNotRising(operations: readonly ClaimOperation[]): number {
  const grips = gripsIn(operations);
  const byEnd = [...grips].sort((a, b) => a.grantedAt - b.grantedAt);
  let [next, highest, wrong] = [0, 0, 0];
  for (const grip of [...grips].sort((a, b) => a.askedAt - b.askedAt)) {
    for (; next < byEnd.length; next += 1) {
      const ended = byEnd[next];
      if (ended === undefined || ended.grantedAt >= grip.askedAt) break;
      highest = Math.max(highest, ended.fence);
    }
    if (grip.fence <= highest) wrong += 1;
  }
  return wrong;
}

/**
 * A holder works from the moment it heard of its grant until it asks to release it, its process ends, or its lease is over
 * as it counts it. People's own claims have no end, and whom a person takes a claim from is not asked: only the fence
 * stops that one.
 */
function holdersAtOnce(operations: readonly ClaimOperation[], { stopEarlyMs, endOf }: EvidenceRules): number {
  const stops = new Map<string, number>();
  const renewedUntil = new Map<string, number>();
  for (const { call, result, start } of operations) {
    if (call.kind !== 'release' && call.kind !== 'renew') continue;
    const name = gripName(call);
    if (call.kind === 'release') stops.set(name, Math.min(stops.get(name) ?? start, start));
    if (call.kind === 'renew' && result?.kind === 'renewed') {
      renewedUntil.set(name, Math.max(renewedUntil.get(name) ?? 0, start + call.ttlMs - stopEarlyMs));
    }
  }

  let wrong = 0;
  let workingUntil = Number.NEGATIVE_INFINITY;
  for (const grip of gripsIn(operations)) {
    if (grip.taking === 'a lease that is over' && grip.grantedAt < workingUntil) wrong += 1;
    const leaseEnd = grip.byPerson ? Number.POSITIVE_INFINITY : grip.askedAt + grip.ttlMs - stopEarlyMs;
    const until = Math.min(
      Math.max(leaseEnd, renewedUntil.get(gripName(grip)) ?? 0),
      stops.get(gripName(grip)) ?? Number.POSITIVE_INFINITY,
      endOf(grip.process) ?? Number.POSITIVE_INFINITY,
    );
    workingUntil = grip.taking === 'a lease that is over' ? Math.max(workingUntil, until) : until;
  }
  return wrong;
}
