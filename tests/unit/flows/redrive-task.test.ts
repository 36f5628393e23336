import { describe, expect, it } from 'vitest';
import type { TaskFacts } from '../../../src/domain/coordination/activity.ts';
import { nothing } from '../../../src/domain/coordination/amounts.ts';
import type { TaskState } from '../../../src/domain/coordination/task-record.ts';
import { redriveTask } from '../../../src/flows/redrive-task.ts';
import { issueKey, issueOf, type LocalBooks, localBooks } from '../../fakes/local-books.ts';

const key = issueKey(1);
const actor = 'person/alice';

/** As a run moves it under its claim, and leaves it there. */
async function movedTo(books: LocalBooks, ...states: readonly TaskState[]): Promise<void> {
  await books.tasks.mirror(issueOf(1), 'test');
  const granted = await books.claims.acquire({
    key,
    holder: { owner: 'coder/a', runId: 'a', kind: 'agent', reason: '' },
    leaseId: 'lease-a',
    ttlMs: 90_000,
    holderIsDead: async () => false,
  });
  if (granted.kind !== 'granted') throw new Error(`not granted: ${granted.kind}`);
  const facts: TaskFacts = { attempts: 2, progress: 0.4, costMicroUsd: 900_000 };
  for (const to of states) {
    const change = await books.tasks.change({ key, actor: 'coder/a', to, facts, lease: granted.lease });
    if (change.kind !== 'changed') throw new Error(`${to}: ${change.kind}`);
  }
  await books.claims.release(granted.lease, nothing);
}

const paths = {
  abandoned: ['ready', 'claimed', 'in_progress', 'abandoned'],
  blocked: ['ready', 'claimed', 'in_progress', 'blocked'],
  needs_info: ['ready', 'claimed', 'in_progress', 'needs_info'],
  in_review: ['ready', 'claimed', 'in_progress', 'in_review'],
} as const;

describe('redriving a task', () => {
  it.each(Object.keys(paths) as (keyof typeof paths)[])(
    'that is %s hands it out anew: its failures no longer count, its cost does',
    async (from) => {
      await using books = await localBooks();
      await movedTo(books, ...paths[from]);
      const redriven = await redriveTask(books.tasks, { key, actor });
      const facts = { state: 'ready', attempts: 0, progress: 0, costMicroUsd: 900_000 };
      expect(redriven).toMatchObject({ kind: 'redriven', from, task: facts });
      expect(await books.tasks.read(key)).toMatchObject({ ...facts, reason: `handed out again by ${actor}` });
    },
  );

  it('says why, when a reason is given', async () => {
    await using books = await localBooks();
    await movedTo(books, ...paths.abandoned);
    await redriveTask(books.tasks, { key, actor, reason: 'the key works again' });
    expect(await books.tasks.read(key)).toMatchObject({ reason: 'the key works again' });
  });

  it.each([
    ['ready', ['ready']],
    ['in_progress', ['ready', 'claimed', 'in_progress']],
    ['done', ['done']],
  ] as const)('that is %s changes nothing: nothing stands in its way', async (state, path) => {
    await using books = await localBooks();
    await movedTo(books, ...path);
    const before = await books.tasks.read(key);
    expect(await redriveTask(books.tasks, { key, actor })).toMatchObject({ kind: 'not-waiting', task: { state } });
    expect(await books.tasks.read(key)).toEqual(before);
  });

  it('finds nothing where there is no task', async () => {
    await using books = await localBooks();
    expect(await redriveTask(books.tasks, { key, actor })).toEqual({ kind: 'missing' });
  });

  it('whose answer was lost finds on the repetition that it is done', async () => {
    await using books = await localBooks();
    await movedTo(books, ...paths.abandoned);
    const change: LocalBooks['tasks']['change'] = async (asked) => {
      await books.tasks.change(asked);
      throw new Error('no answer');
    };
    await expect(redriveTask({ ...books.tasks, change }, { key, actor })).rejects.toThrow('no answer');
    const again = await redriveTask(books.tasks, { key, actor });
    expect(again).toMatchObject({ kind: 'not-waiting', task: { state: 'ready', attempts: 0 } });
  });

  it('that was closed since it was looked at leaves it done', async () => {
    await using books = await localBooks();
    await movedTo(books, ...paths.blocked);
    const read: LocalBooks['tasks']['read'] = async (asked) => {
      const task = await books.tasks.read(asked);
      await books.tasks.change({ key, actor: 'webhook/github', to: 'done' });
      return task;
    };
    const raced = await redriveTask({ ...books.tasks, read }, { key, actor });
    expect(raced).toMatchObject({ kind: 'not-waiting', task: { state: 'done' } });
    expect(await books.tasks.read(key)).toMatchObject({ state: 'done' });
  });
});
