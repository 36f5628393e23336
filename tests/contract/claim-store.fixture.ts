import type { ClaimHolder, ClaimRecord, Lease } from '../../src/domain/claim.ts';
import type { ClaimFilter } from '../../src/domain/coordination/claim-filter.ts';
import type { AcquireOptions, AcquireResult, ClaimStore, TakeOverOptions } from '../../src/ports/claim-store.ts';

export interface ClaimStoreFixture extends AsyncDisposable {
  /** Another client of the same store, as another machine would have. */
  client(): ClaimStore;
  /** Ends whatever serves the store and starts it anew on the same data; absent where nothing runs. */
  reopen?(): Promise<void>;
}

export const minute = 60_000;
export const key = 'github/octo/slug/issues/1';

export function holder(name: string, more: Partial<ClaimHolder> = {}): ClaimHolder {
  return {
    owner: name,
    runId: `run-${name}`,
    kind: 'agent',
    reason: 'issue #1',
    workflowRun: { id: 7, attempt: 1, url: 'https://github.com/octo/slug/actions/runs/7' },
    ...more,
  };
}

export function person(login: string): ClaimHolder {
  return { owner: login, runId: `cli-${login}`, kind: 'human', reason: 'wants to do it by hand' };
}

export function request(name: string, more: Partial<AcquireOptions> = {}): AcquireOptions {
  return {
    key,
    holder: holder(name),
    leaseId: `lease-${name}`,
    ttlMs: 30 * minute,
    holderIsDead: async () => false,
    ...more,
  };
}

export function takeover(login: string, more: Partial<TakeOverOptions> = {}): TakeOverOptions {
  return { key, holder: person(login), leaseId: `lease-${login}`, ttlMs: 30 * minute, ...more };
}

export function granted(result: AcquireResult): Lease {
  if (result.kind === 'refused') throw new Error(`refused: held by ${result.record.holder.owner}`);
  if (result.kind === 'over-budget') throw new Error(`refused: over the budget ${result.shortage.budget.key}`);
  return result.lease;
}

export async function listed(store: ClaimStore, filter: ClaimFilter): Promise<ClaimRecord[]> {
  const records: ClaimRecord[] = [];
  for await (const record of store.list(filter)) records.push(record);
  return records;
}
