import { type ClaimRecord, isExpired } from '../../domain/claim.ts';
import type { ClaimFilter } from '../../domain/coordination/claim-filter.ts';
import type { AcquireOptions, AcquireResult, ClaimStore } from '../../ports/claim-store.ts';
import {
  acquireClaim,
  beginEffect,
  listClaims,
  readClaim,
  releaseClaim,
  renewClaim,
  takeOverClaim,
} from '../../wire/endpoints/claims.ts';
import type { CoordinatorApi } from './coordinator-api.ts';

/** So many dead holders in a row are asked about; more is a fleet dying, and the sweeper's business. */
const maxAsked = 3;

/** Claims at a coordinator. Whether a holder's workflow run still lives is asked from here, with our own token for GitHub. */
export function createCoordinatorClaims(api: CoordinatorApi): ClaimStore {
  return {
    acquire: async (options) => {
      let result = await acquire(api, options);
      for (let asked = 0; asked < maxAsked && result.kind === 'refused' && isAskable(result.record); asked += 1) {
        const { record } = result;
        if (!(await options.holderIsDead(record))) return result;
        result = await acquire(api, options, record.leaseId);
        if (result.kind === 'refused' && result.record.leaseId === record.leaseId) return result;
      }
      return result;
    },

    takeOver: async (body) => (await api.call(takeOverClaim, { body })).value,

    renew: async (lease, ttlMs, progress) => {
      const body = { lease, ttlMs, ...(progress !== undefined && { progress }) };
      const result = await api.call(renewClaim, { body });
      return result.kind === 'answer' ? result.value.lease : undefined;
    },

    release: async (lease, spent) =>
      (await api.call(releaseClaim, { body: { lease, ...(spent !== undefined && { spent }) } })).value,

    beginEffect: async (lease, effect) => (await api.call(beginEffect, { body: { lease, effect } })).value,

    read: async (key) => {
      const result = await api.call(readClaim, { params: { key } });
      return result.kind === 'answer' ? result.value.claim : undefined;
    },

    list: (filter) => list(api, filter),
  };
}

async function acquire(api: CoordinatorApi, options: AcquireOptions, deadLeaseId?: string): Promise<AcquireResult> {
  const { key, holder, leaseId, ttlMs, reserve } = options;
  const body = {
    key,
    holder,
    leaseId,
    ttlMs,
    ...(reserve !== undefined && { reserve }),
    ...(deadLeaseId !== undefined && { deadLeaseId }),
  };
  return (await api.call(acquireClaim, { body })).value;
}

function isAskable({ state, holder }: ClaimRecord): boolean {
  return state === 'held' && holder.kind === 'agent' && holder.workflowRun !== undefined;
}

/** Past its lease at which moment is judged here: the coordinator's own question is about its own now. */
async function* list(api: CoordinatorApi, filter: ClaimFilter): AsyncIterable<ClaimRecord> {
  const { prefix, expiredAt } = filter;
  const state = expiredAt === undefined ? filter.state : 'held';
  const kind = expiredAt === undefined ? filter.kind : 'agent';
  let after: string | undefined;
  do {
    const query = {
      ...(state !== undefined && { state }),
      ...(kind !== undefined && { kind }),
      ...(prefix !== undefined && { prefix }),
      ...(after !== undefined && { after }),
    };
    const { value } = await api.call(listClaims, { query });
    for (const claim of value.claims) if (expiredAt === undefined || isExpired(claim, expiredAt)) yield claim;
    after = value.next;
  } while (after !== undefined);
}
