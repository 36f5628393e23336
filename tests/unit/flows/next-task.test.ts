import { describe, expect, it } from 'vitest';
import { nothing } from '../../../src/domain/coordination/amounts.ts';
import { defaultStaleAfterMs } from '../../../src/domain/query/context.ts';
import { everything } from '../../../src/domain/query/syntax.ts';
import { type NextRequest, nextTask } from '../../../src/flows/next-task.ts';
import { issueKey, issueOf, type LocalBooks, localBooks } from '../../fakes/local-books.ts';

function request(books: LocalBooks, name: string, more: Partial<NextRequest> = {}): NextRequest {
  return {
    query: everything,
    context: { now: books.clock.now(), staleAfterMs: defaultStaleAfterMs },
    agent: { id: `coder/${name}`, role: 'coder', version: '1', model: 'scripted' },
    runId: `run-${name}`,
    leaseId: `lease-${name}`,
    ttlMs: 90_000,
    kind: 'agent',
    reason: 'next',
    amounts: { ...nothing, microUsd: 2_000_000, turns: 60 },
    ...more,
  };
}

async function withIssues(...numbers: readonly number[]): Promise<LocalBooks> {
  const books = await localBooks();
  for (const number of numbers) await books.tasks.mirror(issueOf(number), 'test');
  return books;
}

describe('the next task', () => {
  it('is the most urgent ready one, then the oldest; claimed, its run opened, its budget reserved', async () => {
    await using books = await withIssues(3, 2);
    await books.tasks.mirror(issueOf(9, { labels: ['P1'] }), 'test');
    const first = await nextTask(books, request(books, 'a'));
    expect(first).toMatchObject({
      kind: 'claimed',
      task: { key: issueKey(9), state: 'claimed', runId: 'run-a', fence: 1 },
      lease: { key: issueKey(9), leaseId: 'lease-a', fence: 1 },
      run: { id: 'run-a', state: 'queued', attempt: 1, task: issueKey(9) },
    });
    expect(await nextTask(books, request(books, 'b'))).toMatchObject({ task: { key: issueKey(2) } });
    expect(await nextTask(books, request(books, 'c'))).toMatchObject({ task: { key: issueKey(3) } });
    expect(await nextTask(books, request(books, 'd'))).toEqual({ kind: 'none' });
    expect(await books.budgets.read('repository/octo/slug')).toMatchObject({ runs: 3, caps: { runs: 5 } });
    expect(await books.budgets.read('organisation/octo/day/2026-11-02')).toMatchObject({
      reserved: { microUsd: 6_000_000 },
      caps: { microUsd: 200_000_000 },
    });
  });

  it('is never one that waits for another, is closed, or is held', async () => {
    await using books = await withIssues(1, 2, 3);
    const blocks = { kind: 'blocks', from: issueKey(3), to: issueKey(1), source: 'person' } as const;
    await books.tasks.addDependency(blocks, 'test');
    await books.tasks.mirror(issueOf(2, { forgeState: 'closed', closedAt: 1, updatedAt: books.clock.now() }), 'test');
    expect(await nextTask(books, request(books, 'a'))).toMatchObject({ task: { key: issueKey(3) } });
    expect(await nextTask(books, request(books, 'b'))).toEqual({ kind: 'none' });
  });

  it('goes to each of many who ask at once exactly once', async () => {
    await using books = await withIssues(...Array.from({ length: 12 }, (_, index) => index + 1));
    await books.budgets.setCaps('repository/octo/slug', { runs: 100 }, 'test');
    const asked = Array.from({ length: 16 }, (_, index) => nextTask(books, request(books, `w${index}`)));
    const results = await Promise.all(asked);
    const keys = results.flatMap((result) => (result.kind === 'claimed' ? [result.task.key] : []));
    expect(keys).toHaveLength(12);
    expect(new Set(keys).size).toBe(12);
    expect(results.filter(({ kind }) => kind === 'none')).toHaveLength(4);
  });

  it('tells which budget is short, and takes nothing', async () => {
    await using books = await withIssues(1, 2);
    await books.budgets.setCaps('repository/octo/slug', { runs: 1 }, 'test');
    expect(await nextTask(books, request(books, 'a'))).toMatchObject({ kind: 'claimed' });
    expect(await nextTask(books, request(books, 'b'))).toMatchObject({
      kind: 'over-budget',
      shortage: { limit: 'runs', cap: 1, used: 1, budget: { key: 'repository/octo/slug' } },
    });
    expect(await books.claims.read(issueKey(2))).toBeUndefined();
  });

  it('passes over an issue that has used up its own budget', async () => {
    await using books = await withIssues(1, 2);
    await books.budgets.setCaps('issue/octo/slug/1', { microUsd: 1 }, 'test');
    expect(await nextTask(books, request(books, 'a'))).toMatchObject({ kind: 'claimed', task: { key: issueKey(2) } });
  });

  it('gives a claim back when the task was finished between the search and the claim', async () => {
    await using books = await withIssues(1, 2);
    const acquire: LocalBooks['claims']['acquire'] = async (options) => {
      if (options.key === issueKey(1)) {
        await books.tasks.mirror(
          issueOf(1, { forgeState: 'closed', closedAt: 1, updatedAt: books.clock.now() }),
          'test',
        );
      }
      return books.claims.acquire(options);
    };
    const racing = { ...books, claims: { ...books.claims, acquire } };
    expect(await nextTask(racing, request(books, 'a'))).toMatchObject({ kind: 'claimed', task: { key: issueKey(2) } });
    expect(await books.claims.read(issueKey(1))).toMatchObject({ state: 'free' });
    expect(await books.budgets.read('issue/octo/slug/1')).toMatchObject({ runs: 0, spent: nothing, reserved: nothing });
  });

  it('ends the contest when others are always faster', async () => {
    await using books = await withIssues(...Array.from({ length: 80 }, (_, index) => index + 1));
    const record = { holder: { owner: 'x' } };
    const acquire = async () => ({ kind: 'refused', record }) as never;
    const losing = { ...books, claims: { ...books.claims, acquire } };
    expect(await nextTask(losing, request(books, 'a'))).toEqual({ kind: 'contended', tried: 64 });
  });
});
