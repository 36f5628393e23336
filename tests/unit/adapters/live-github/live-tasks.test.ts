import { describe, expect, it } from 'vitest';
import { createLiveRuns } from '../../../../src/adapters/live-github/live-runs.ts';
import { createLiveTasks } from '../../../../src/adapters/live-github/live-tasks.ts';
import type { ClaimKey } from '../../../../src/domain/claim.ts';
import type { Dependency } from '../../../../src/domain/coordination/dependency.ts';
import type { TaskState } from '../../../../src/domain/coordination/task-record.ts';
import { parseQuery } from '../../../../src/domain/query/parser.ts';
import { everything, type Query } from '../../../../src/domain/query/syntax.ts';
import type { TaskStore } from '../../../../src/ports/task-store.ts';
import { issueKey, issueOf, type LocalBooks, localBooks } from '../../../fakes/local-books.ts';
import { memoryClaimStore } from '../../../fakes/memory-claim-store.ts';
import { drawFrom } from '../../../fakes/seeded-numbers.ts';
import { simulatedClock } from '../../../fakes/simulated-clock.ts';

const context = { now: Date.UTC(2026, 10, 2), staleAfterMs: 1_000 };
const page = { offset: 0, limit: 100 };

function query(text: string): Query {
  const parsed = parseQuery(text);
  return parsed.kind === 'ok' ? parsed.query : everything;
}

/** Everything here is told by the issues themselves: GitHub's search has no part in it. */
async function notAsked(): Promise<never> {
  throw new Error('GitHub was asked');
}

function holder(name: string) {
  return { owner: `coder/${name}`, runId: name, kind: 'agent', reason: 'x' } as const;
}

describe('tasks of plain GitHub', () => {
  it('are asked for once, with the first question', async () => {
    const claims = memoryClaimStore(simulatedClock());
    let asked = 0;
    const tasks = createLiveTasks({
      claims,
      find: notAsked,
      fill: async (store) => {
        asked += 1;
        await store.mirror(issueOf(1), 'github');
        expect(await store.read(issueKey(1))).toMatchObject({ state: 'open' });
      },
    });
    expect(asked).toBe(0);
    const found = await Promise.all([tasks.search(everything, context, page), tasks.read(issueKey(1))]);
    expect(found).toMatchObject([{ total: 1 }, { ready: true }]);
    expect(await tasks.read(issueKey(2))).toBeUndefined();
    expect(asked).toBe(1);
  });

  it('answer as the local store does about the same issues, edges and claims', async () => {
    const draw = drawFrom(7);
    const keys = Array.from({ length: 40 }, (_, index) => index + 1);
    const edges: Dependency[] = keys.slice(1).flatMap((number) =>
      draw.chance(0.5)
        ? [
            {
              kind: draw.one(['blocks', 'parent'] as const),
              from: issueKey(1 + draw.below(number - 1)),
              to: issueKey(number),
              source: 'github',
            },
          ]
        : [],
    );
    const fill = async (store: TaskStore): Promise<void> => {
      for (const number of keys) {
        const closed = number % 5 === 0 ? ({ forgeState: 'closed', closedAt: 1 } as const) : {};
        await store.mirror(
          issueOf(number, { labels: [`P${number % 5}`, number % 2 ? 'bug' : 'docs'], ...closed }),
          'github',
        );
      }
      const byTeller = Map.groupBy(edges, ({ kind, from, to }) => (kind === 'blocks' ? to : from));
      for (const [key, told] of byTeller) await store.mirrorDependencies(key, 'github', told, 'github');
    };
    await using books = await localBooks();
    await fill(books.tasks);
    for (const number of [2, 7, 12, 21]) await hold(books, issueKey(number));
    const live = createLiveTasks({ claims: books.claims, fill, find: notAsked });
    for (const text of [
      '',
      'is:ready',
      'is:open is:blocked',
      'label:bug -is:claimed',
      'is:claimed sort:created-desc',
    ]) {
      const [ours, theirs] = await Promise.all(
        [live, books.tasks].map((store) => store.search(query(text), context, page)),
      );
      const facts = (found: typeof ours) =>
        found?.tasks.map(({ key, openBlockers, ready, claim }) => [key, openBlockers, ready, claim?.fence]);
      expect(facts(ours), text).toEqual(facts(theirs));
      expect(ours?.total).toBe(theirs?.total);
    }
    expect((await live.search(query('is:ready'), context, { offset: 1, limit: 2 })).tasks).toHaveLength(2);
  });

  it('are changed by their claim and by nothing else', async () => {
    await using books = await localBooks();
    const live = createLiveTasks({
      claims: books.claims,
      find: notAsked,
      fill: async (store) => void (await store.mirror(issueOf(1), 'x')),
    });
    const lease = await hold(books, issueKey(1));
    const change = (to: TaskState, more = {}) => live.change({ key: issueKey(1), actor: 'x', to, ...more });
    expect(await change('claimed', { lease })).toMatchObject({
      kind: 'changed',
      task: { state: 'claimed', runId: 'r' },
    });
    expect(await change('claimed', { lease: { ...lease, fence: 9 } })).toMatchObject({ kind: 'stale' });
    expect(await live.change({ key: issueKey(9), actor: 'x' })).toEqual({ kind: 'missing' });
    await expect(change('blocked', { lease })).rejects.toMatchObject({ code: 'E725' });
    await expect(
      live.addDependency({ kind: 'blocks', from: 'a', to: 'b', source: 'person' }, 'x'),
    ).rejects.toMatchObject({
      code: 'E725',
    });
  });
});

describe('runs of plain GitHub', () => {
  it('are the claims that agents hold, as long as they hold them', async () => {
    await using books = await localBooks();
    const runs = createLiveRuns({ claims: books.claims, version: '1' });
    const lease = await hold(books, issueKey(1));
    expect(await runs.list({ limit: 9 })).toMatchObject([{ id: 'r', task: issueKey(1), state: 'running', fence: 1 }]);
    expect(await runs.list({ limit: 9, states: ['queued'] })).toEqual([]);
    expect(await runs.list({ limit: 9, taskPrefix: 'github/octo/other/' })).toEqual([]);
    await expect(runs.requestStop('r', { by: 'x', reason: '' })).rejects.toMatchObject({ code: 'E725' });
    expect(await runs.requestStop('other', { by: 'x', reason: '' })).toEqual({ kind: 'missing' });
    await books.claims.release(lease);
    expect(await runs.read('r')).toBeUndefined();
    expect(await runs.change('r', { to: 'failed', actor: 'x' })).toEqual({ kind: 'missing' });
  });
});

async function hold({ claims }: LocalBooks, key: ClaimKey) {
  const result = await claims.acquire({
    key,
    holder: holder('r'),
    leaseId: `l-${key}`,
    ttlMs: 1_000_000,
    holderIsDead: async () => false,
  });
  if (result.kind !== 'granted') throw new Error(result.kind);
  return result.lease;
}
