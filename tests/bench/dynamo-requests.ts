import { createDynamoClaimStore } from '../../src/adapters/dynamodb/claim-store.ts';
import type { ClaimHolder } from '../../src/domain/claim.ts';
import type { Reservation } from '../../src/domain/coordination/budget-record.ts';
import type { ClaimStore } from '../../src/ports/claim-store.ts';
import { dynamoTestTable, waiting } from '../fakes/dynamo-test-table.ts';
import { simulatedClock } from '../fakes/simulated-clock.ts';

/** What one call of a claim store sends to DynamoDB, in order: `['UpdateItem']`. */
export interface DynamoRequests {
  readonly acquire: readonly string[];
  /** The claim is somebody else's. */
  readonly acquireRefused: readonly string[];
  /** The holder's lease has run out. */
  readonly steal: readonly string[];
  readonly acquireWithBudgets: readonly string[];
  readonly renew: readonly string[];
  readonly effect: readonly string[];
  readonly release: readonly string[];
  readonly releaseWithBudgets: readonly string[];
}

const holder: ClaimHolder = { owner: 'octo', runId: 'run', kind: 'agent', reason: 'measured' };
const ttlMs = 60_000;
const amounts = { microUsd: 1_000_000, tokens: 1_000, turns: 10, minutes: 5, githubPoints: 10 };
const reserve: Reservation = {
  amounts,
  draws: ['issue/octo/slug/1', 'repository/octo/slug', 'organisation/octo'].map((key) => ({
    key,
    caps: { microUsd: 9_000_000, runs: 3 },
  })),
};

/** Counts behind the SDK's retries, so that a request that had to be sent again counts twice. */
export async function countDynamoRequests(endpoint: string): Promise<DynamoRequests> {
  const clock = simulatedClock();
  await using table = await dynamoTestTable(endpoint, clock);
  let sent: string[] = [];
  const store = createDynamoClaimStore(
    table.open({ endpoint, onRequest: (operation) => sent.push(operation) }),
    waiting(clock),
  );
  const requestsOf = async (call: () => Promise<unknown>): Promise<readonly string[]> => {
    sent = [];
    await call();
    return [...sent];
  };
  const claim = (leaseId: string, more: { readonly reserve?: Reservation } = {}) =>
    store.acquire({ key: 'locks/measured', holder, leaseId, ttlMs, holderIsDead: async () => false, ...more });

  // Once a minute each process reads above which fence it goes on.
  await store.acquire({ key: 'locks/other', holder, leaseId: 'other', ttlMs, holderIsDead: async () => false });
  const acquire = await requestsOf(() => claim('first'));
  const acquireRefused = await requestsOf(() => claim('second'));
  clock.advance(2 * ttlMs);
  const steal = await requestsOf(() => claim('third'));
  const lease = await leaseFrom(store);
  const renew = await requestsOf(() => store.renew(lease, ttlMs));
  const effect = await requestsOf(() => store.beginEffect(lease, 'open-pull-request'));
  const release = await requestsOf(() => store.release(lease));
  const acquireWithBudgets = await requestsOf(() => claim('fourth', { reserve }));
  const drawing = await leaseFrom(store);
  const releaseWithBudgets = await requestsOf(() => store.release(drawing, amounts));
  return { acquire, acquireRefused, steal, acquireWithBudgets, renew, effect, release, releaseWithBudgets };
}

async function leaseFrom(store: ClaimStore) {
  const record = await store.read('locks/measured');
  if (record?.state !== 'held') throw new Error('the measured claim is not held');
  return record;
}
