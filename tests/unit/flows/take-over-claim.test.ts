import { describe, expect, it } from 'vitest';
import { issueClaimKey, type Lease } from '../../../src/domain/claim.ts';
import { nothing } from '../../../src/domain/coordination/amounts.ts';
import { beginRun } from '../../../src/flows/begin-run.ts';
import { openRun } from '../../../src/flows/open-run.ts';
import { reservationFor } from '../../../src/flows/reservation-for.ts';
import { takeOverClaim } from '../../../src/flows/take-over-claim.ts';
import { issueOf, type LocalBooks, localBooks } from '../../fakes/local-books.ts';

const key = issueClaimKey('octo', 'slug', 1);
const request = { key, actor: 'person/bob', reason: 'mine' };
const reserved = { ...nothing, microUsd: 2_000_000, tokens: 4_000_000 };

async function atWork(books: LocalBooks): Promise<Lease> {
  await books.tasks.mirror(issueOf(1), 'test');
  const agent = { id: 'coder/a', role: 'coder', version: '1', model: 'm' } as const;
  const granted = await books.claims.acquire({
    key,
    holder: { owner: agent.id, runId: 'a', kind: 'agent', reason: '' },
    leaseId: 'lease-a',
    ttlMs: 90_000,
    reserve: await reservationFor(books.budgets, { key, amounts: reserved, now: books.clock.now() }),
    holderIsDead: async () => false,
  });
  if (granted.kind !== 'granted') throw new Error(`not granted: ${granted.kind}`);
  await openRun(books, { runId: 'a', agent, lease: granted.lease });
  await beginRun(books, 'a', granted.lease);
  return granted.lease;
}

const killed = async () => Promise.reject(new Error('killed'));

async function expectOver(books: LocalBooks): Promise<void> {
  expect(await books.claims.read(key)).toMatchObject({ state: 'held', holder: { owner: 'person/bob', kind: 'human' } });
  expect(await books.runs.read('a')).toMatchObject({ state: 'cancelled', spent: reserved });
  expect(await books.tasks.read(key)).toMatchObject({ state: 'ready', costMicroUsd: reserved.microUsd });
  expect(await books.budgets.read('issue/octo/slug/1')).toMatchObject({ runs: 0, reserved: nothing, spent: reserved });
}

describe('taking over from a run', () => {
  it('counts all that it had reserved, in run, task and budgets, when it never told a figure', async () => {
    await using books = await localBooks();
    await atWork(books);
    expect(await takeOverClaim(books, request)).toMatchObject({ kind: 'granted', lease: { fence: 2 } });
    await expectOver(books);
  });

  it('counts what it told, when it did', async () => {
    await using books = await localBooks();
    await atWork(books);
    const spent = { ...nothing, microUsd: 300_000 };
    await books.runs.change('a', { facts: { spent }, actor: 'coder/a' });
    await takeOverClaim(books, request);
    expect(await books.runs.read('a')).toMatchObject({ state: 'cancelled', spent });
    expect(await books.tasks.read(key)).toMatchObject({ costMicroUsd: 300_000 });
  });

  it.each([
    ['before it ends the run', (books: LocalBooks) => ({ ...books, runs: { ...books.runs, change: killed } })],
    ['before it hands the task back', (books: LocalBooks) => ({ ...books, tasks: { ...books.tasks, change: killed } })],
  ])('is finished by repeating it when it dies %s', async (_, dying) => {
    await using books = await localBooks();
    const lease = await atWork(books);
    await expect(takeOverClaim(dying(books), request)).rejects.toThrow('killed');
    expect(await books.claims.beginEffect(lease, 'push')).toMatchObject({ kind: 'stale' });
    expect(await books.tasks.read(key)).toMatchObject({ state: 'in_progress' });
    expect(await takeOverClaim(books, request)).toMatchObject({ kind: 'granted', lease: { fence: 3 } });
    const [run, task] = [await books.runs.read('a'), await books.tasks.read(key)];
    expect(run).toMatchObject({ state: 'cancelled' });
    // Whatever the run counts as, its task counts the same.
    expect(task).toMatchObject({ state: 'ready', costMicroUsd: run?.spent.microUsd });
    expect(await books.budgets.read('issue/octo/slug/1')).toMatchObject({ reserved: nothing, spent: reserved });
  });

  it('whose answer was lost is told as done when it is repeated for the fence seen then, and finished without it', async () => {
    await using books = await localBooks();
    await atWork(books);
    const takeOver: LocalBooks['claims']['takeOver'] = async (asked) => {
      await books.claims.takeOver(asked);
      throw new Error('no answer');
    };
    const lossy = { ...books, claims: { ...books.claims, takeOver } };
    await expect(takeOverClaim(lossy, { ...request, expectedFence: 1 })).rejects.toThrow('no answer');
    const again = await takeOverClaim(books, { ...request, expectedFence: 1 });
    expect(again).toMatchObject({ kind: 'refused', record: { fence: 2, holder: { owner: 'person/bob' } } });
    expect(await takeOverClaim(books, request)).toMatchObject({ kind: 'granted', lease: { fence: 3 } });
    expect(await books.tasks.read(key)).toMatchObject({ state: 'ready' });
    expect(await books.runs.read('a')).toMatchObject({ state: 'cancelled' });
  });

  it('leaves a task where it went meanwhile', async () => {
    await using books = await localBooks();
    await atWork(books);
    const read: LocalBooks['tasks']['read'] = async (asked) => {
      const task = await books.tasks.read(asked);
      const updatedAt = issueOf(1).updatedAt + 1;
      await books.tasks.mirror(issueOf(1, { forgeState: 'closed', updatedAt }), 'webhook/github');
      return task;
    };
    const racing = { ...books, tasks: { ...books.tasks, read } };
    expect(await takeOverClaim(racing, request)).toMatchObject({ kind: 'granted' });
    expect(await books.tasks.read(key)).toMatchObject({ state: 'done' });
    expect(await books.runs.read('a')).toMatchObject({ state: 'cancelled' });
  });
});

it('taking what nobody holds, of no task, is a claim like any other', async () => {
  await using books = await localBooks();
  const taken = await takeOverClaim(books, { ...request, key: 'locks/deploy' });
  expect(taken).toMatchObject({ kind: 'granted', lease: { fence: 1 } });
  expect(taken).not.toHaveProperty('takenFrom');
});
