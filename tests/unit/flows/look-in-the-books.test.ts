import { expect, it } from 'vitest';
import { pullClaimKey } from '../../../src/domain/claim.ts';
import { nothing } from '../../../src/domain/coordination/amounts.ts';
import { recordAdmission } from '../../../src/flows/coordinated-run.ts';
import { endRun } from '../../../src/flows/end-run.ts';
import { sweepClaims } from '../../../src/flows/sweep-claims.ts';
import { type LocalBooks, localBooks } from '../../fakes/local-books.ts';
import { sampleTask } from '../../fakes/sample-task.ts';

const key = pullClaimKey('octo', 'slug', 43, 'review');

async function admit(books: LocalBooks) {
  const holder = { owner: 'reviewer/r', runId: 'r', kind: 'agent', reason: 'review' } as const;
  const acquired = await books.claims.acquire({
    key,
    holder,
    leaseId: 'l',
    ttlMs: 60_000,
    holderIsDead: async () => false,
  });
  if (acquired.kind !== 'granted') throw new Error(acquired.kind);
  await recordAdmission({ books, clock: books.clock }, sampleTask({ runId: 'r', lease: acquired.lease }), {});
  return acquired.lease;
}

it('a review is a run of its own, and the task of no issue moves with it', async () => {
  await using books = await localBooks();
  const lease = await admit(books);
  expect(await books.runs.read('r')).toMatchObject({ state: 'running', task: key, attempt: 1 });
  expect(await books.tasks.read(key)).toBeUndefined();
  const end = { outcome: 'succeeded', reason: 'Two findings.', spent: nothing } as const;
  expect(await endRun(books, { runId: 'r', lease, end, actor: 'reviewer/r' })).toEqual({
    ...{ run: 'ended', task: { kind: 'kept' }, claim: 'released' },
  });
});

it('a review whose runner died is swept as any other run', async () => {
  await using books = await localBooks();
  await admit(books);
  const room = { ...books, newId: () => 'sweep', holderIsDead: async () => true };
  books.clock.advance(3_600_000);
  await sweepClaims(room, { staleAfterMs: 60_000 });
  expect(await books.runs.read('r')).toMatchObject({ state: 'failed' });
  expect(await books.claims.read(key)).toMatchObject({ state: 'free' });
});
