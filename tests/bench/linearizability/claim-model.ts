import type { ClaimAnswer, ClaimCall, ClaimOperation } from './claim-operation.ts';
import { afterStale, type ClaimState, highestFence, isCurrent, isReleased, shownAs } from './claim-state.ts';
import type { SequentialModel } from './history.ts';

export interface ClaimRules {
  /** How long after a lease's end a thief has to wait: the ε of the design. */
  readonly waitMs: number;
  /** How far any clock that a store reads may be from the one that the history is told in. */
  readonly clockErrorMs: number;
  /**
   * Whose each fence is, as far as any answer of the history shows: a fence is given once, so a call that nobody heard of
   * cannot have got one that is shown to be another's. Only spares the search what would fail later.
   */
  readonly leaseOfFence?: ReadonlyMap<number, string>;
  /** Grants (`gripName`) for which a renewal is on its way of which nothing was heard and whose effect may come any time. */
  readonly mayBeRenewed?: ReadonlySet<string>;
  /** Effects of which the same is true. */
  readonly mayBeBegun?: ReadonlySet<string>;
}

type Grant = Extract<ClaimCall, { readonly kind: 'acquire' | 'take-over' }>;
type Granted = Extract<ClaimAnswer, { readonly kind: 'granted' }>;
type Refused = Extract<ClaimAnswer, { readonly kind: 'refused' }>;
type Change = (state: ClaimState, operation: ClaimOperation) => ClaimState | undefined;

/**
 * The claim algebra for one key, written down a second time and on purpose not with the code of the stores. Time is left
 * open only where it must be: a grant tells the moment by the store's clock at which it was decided (its end less its
 * length), so whether it came too early for the lease before is exact; a refusal does not, so it is wrong only when the
 * lease before had ended by every clock already when the call began.
 */
export function claimModel(rules: ClaimRules): SequentialModel<ClaimState, ClaimCall, ClaimAnswer> {
  const { waitMs, clockErrorMs, leaseOfFence, mayBeRenewed, mayBeBegun } = rules;

  const grant: Change = (state, operation) => {
    const { call, result } = operation;
    if (call.kind !== 'acquire' && call.kind !== 'take-over') return undefined;
    const mine = state.claim?.state === 'held' && state.claim.leaseId === call.leaseId;
    switch (result?.kind) {
      case undefined:
        return mine ? state : unheardGrant(state, call, operation);
      case 'refused':
        return mine ? undefined : afterRefusal(state, { call, result, start: operation.start });
      case 'granted':
        return mine ? grantedAgain(state, result) : heardGrant(state, { ...operation, call, result });
      default:
        return undefined;
    }
  };

  /** Asked again after a lost answer: the same grant, as it stands by now. */
  function grantedAgain(state: ClaimState, { fence, expiresAt, from }: Granted): ClaimState | undefined {
    if (state.claim === undefined || from !== undefined) return undefined;
    return shownAs(state, { ...state.claim, fence, expiresAt });
  }

  function heardGrant(
    before: ClaimState,
    of: { readonly call: Grant; readonly result: Granted; readonly start: number; readonly end: number },
  ): ClaimState | undefined {
    const { call, result, start, end } = of;
    // Whoever takes a held claim is shown the record that it took it from, and nobody else is shown one.
    const state = result.from === undefined ? before : shownAs(before, result.from);
    const takes = state?.claim?.state === 'held';
    if (state === undefined || takes !== (result.from !== undefined)) return undefined;
    const decidedAt = result.expiresAt - call.ttlMs;
    const dated = decidedAt >= start - clockErrorMs && decidedAt <= end + clockErrorMs;
    const next = (state.claim?.fence ?? 0) + 1;
    const allowed =
      call.kind === 'take-over' ? sawRight(state, call) : mayTake(state, decidedAt, result.toldDead ?? []);
    if (!dated || !allowed || result.fence !== next) return undefined;
    return heldBy(state, call, { expiresAt: result.expiresAt, expiry: renewable(call, next) ?? 'exactly' });
  }

  function unheardGrant(state: ClaimState, call: Grant, { start, end }: ClaimOperation): ClaimState | undefined {
    const allowed = call.kind === 'take-over' ? sawRight(state, call) : mayTake(state, end + clockErrorMs, 'anyone');
    const next = (state.claim?.fence ?? 0) + 1;
    const known = leaseOfFence?.get(next) ?? call.leaseId;
    if (!allowed || known !== call.leaseId) return undefined;
    const expiresAt = start - clockErrorMs + call.ttlMs;
    return heldBy(state, call, { expiresAt, expiry: renewable(call, next) ?? 'at least' });
  }

  function renewable({ leaseId }: Grant, fence: number): 'or later' | undefined {
    return mayBeRenewed?.has(gripName({ leaseId, fence })) ? 'or later' : undefined;
  }

  /** Whether somebody else may have the claim at this moment. */
  function mayTake({ claim }: ClaimState, at: number, toldDead: readonly string[] | 'anyone'): boolean {
    if (claim === undefined || claim.state === 'free') return true;
    if (claim.holder === 'human') return false;
    const abandoned = toldDead === 'anyone' || toldDead.includes(claim.leaseId);
    return abandoned || claim.expiresAt + waitMs < at;
  }

  function afterRefusal(
    state: ClaimState,
    { call, result, start }: { readonly call: Grant; readonly result: Refused; readonly start: number },
  ): ClaimState | undefined {
    const seen = shownAs(state, result.seen);
    if (seen === undefined) return undefined;
    const takeable =
      call.kind === 'take-over' ? sawRight(seen, call) : mayTake(seen, start - clockErrorMs, result.toldDead ?? []);
    return takeable ? undefined : seen;
  }

  const renew: Change = (state, { call, result, start, end }) => {
    if (call.kind !== 'renew') return undefined;
    if (result?.kind === 'stale') return afterStale(state, call, result);
    const { claim } = state;
    if (claim === undefined || !isCurrent(state, call)) return undefined;
    if (result === undefined) {
      const expiresAt = Math.max(claim.expiresAt, start - clockErrorMs + call.ttlMs);
      return {
        ...state,
        claim: { ...claim, expiresAt },
        expiry: state.expiry === 'or later' ? 'or later' : 'at least',
      };
    }
    if (result.kind !== 'renewed' || result.fence !== claim.fence) return undefined;
    // A renewal never makes a lease shorter, so it may leave it as it was.
    const { expiresAt } = result;
    const kept = shownAs(state, { ...claim, expiresAt });
    const decidedBy = expiresAt - call.ttlMs;
    const dated = decidedBy >= start - clockErrorMs && decidedBy <= end + clockErrorMs;
    if (expiresAt < claim.expiresAt || !(dated || kept !== undefined)) return undefined;
    if (kept === state) return state;
    return { ...state, claim: { ...claim, expiresAt }, expiry: state.expiry === 'or later' ? 'or later' : 'exactly' };
  };

  const release: Change = (state, { call, result }) => {
    if (call.kind !== 'release') return undefined;
    if (result?.kind === 'stale') return isReleased(state, call) ? undefined : afterStale(state, call, result);
    if (result?.kind === 'already-released') return isReleased(state, call) ? state : undefined;
    const wellAnswered = result === undefined || result.kind === 'released';
    if (state.claim === undefined || !wellAnswered || !isCurrent(state, call)) return undefined;
    return { ...state, claim: { ...state.claim, state: 'free' } };
  };

  const effect: Change = (state, { call, result }) => {
    if (call.kind !== 'effect') return undefined;
    if (result?.kind === 'stale') return afterStale(state, call, result);
    if (!isCurrent(state, call)) return undefined;
    const begun = state.effects.includes(call.effect);
    if (result !== undefined) {
      if (result.kind !== 'may-act') return undefined;
      if (result.before === 'unknown') return state;
      const mayBe = begun || mayBeBegun?.has(call.effect) === true;
      if (result.before === 'begun' ? !mayBe : begun) return undefined;
    }
    return begun ? state : { ...state, effects: [...state.effects, call.effect].sort() };
  };

  const read: Change = (state, { result }) => {
    if (result?.kind !== 'read') return undefined;
    if (result.seen === undefined) return state.claim === undefined ? state : undefined;
    return shownAs(state, result.seen);
  };

  const changes: Readonly<Record<ClaimCall['kind'], Change>> = {
    acquire: grant,
    'take-over': grant,
    renew,
    release,
    effect,
    read,
  };

  return {
    initial: { expiry: 'exactly', effects: [] },
    step: (state, operation) => changes[operation.call.kind](state, operation),
    identity: ({ claim, expiry, effects }) =>
      claim === undefined
        ? `none ${effects.join()}`
        : `${claim.state} ${claim.holder} ${claim.fence} ${claim.leaseId} ${expiry} ${claim.expiresAt} ${effects.join()}`,
    canStillFollow: ({ claim }, { call, result }) => (claim?.fence ?? 0) <= highestFence(call, result),
  };
}

/** Whether a person who takes over saw the claim as it is now. */
function sawRight({ claim }: ClaimState, call: Grant): boolean {
  const expected = call.kind === 'take-over' ? call.expectedFence : undefined;
  return claim === undefined || expected === undefined || expected === claim.fence;
}

function heldBy(
  { claim, effects }: ClaimState,
  { holder, leaseId }: Grant,
  { expiresAt, expiry }: { readonly expiresAt: number; readonly expiry: ClaimState['expiry'] },
): ClaimState {
  const fence = (claim?.fence ?? 0) + 1;
  return { claim: { state: 'held', holder, leaseId, fence, expiresAt }, expiry, effects };
}

/** One grant of a claim: a lease may have been given more than one. */
export function gripName({ leaseId, fence }: { readonly leaseId: string; readonly fence: number }): string {
  return `${fence} ${leaseId}`;
}
