import { describe, expect, it } from 'vitest';
import type { MirroredIssue, TaskState } from '../../../src/domain/coordination/task-record.ts';
import { recordAdmission } from '../../../src/flows/coordinated-run.ts';
import { issueKey, issueOf, type LocalBooks, localBooks } from '../../fakes/local-books.ts';
import { sampleTask } from '../../fakes/sample-task.ts';

const key = issueKey(1);

async function admit(books: LocalBooks): Promise<void> {
  const holder = { owner: 'coder/r', runId: 'r', kind: 'agent', reason: '/agent fix' } as const;
  const request = { key, holder, leaseId: 'l', ttlMs: 60_000, holderIsDead: async () => false };
  const acquired = await books.claims.acquire(request);
  if (acquired.kind !== 'granted') throw new Error(acquired.kind);
  await recordAdmission({ books, clock: books.clock }, sampleTask({ runId: 'r', lease: acquired.lease }), {});
}

/** As the books had it last, older than what the gate sees. */
function known(more: Partial<MirroredIssue> = {}): MirroredIssue {
  return issueOf(1, { updatedAt: Date.UTC(2026, 9, 2), assignees: ['carol'], milestone: 'v1', ...more });
}

describe('an admitted run', () => {
  it('is in the books as running, of an issue that they did not know', async () => {
    await using books = await localBooks();
    await admit(books);
    expect(await books.tasks.read(key)).toMatchObject({ state: 'in_progress', runId: 'r', issue: { author: 'alice' } });
    expect(await books.runs.read('r')).toMatchObject({ state: 'running', fence: 1 });
  });

  it('takes over what the gate saw, and keeps what only the books know', async () => {
    await using books = await localBooks();
    await books.tasks.mirror(known({ title: 'old' }), 'github/alice');
    await admit(books);
    const issue = { title: 'slugify drops the last word', assignees: ['carol'], milestone: 'v1' };
    expect(await books.tasks.read(key)).toMatchObject({ state: 'in_progress', issue });
  });

  it('works on an issue whose reopening the books had missed', async () => {
    await using books = await localBooks();
    await books.tasks.mirror(known({ forgeState: 'closed', closedAt: Date.UTC(2026, 9, 2) }), 'github/alice');
    expect(await books.tasks.read(key)).toMatchObject({ state: 'done' });
    await admit(books);
    expect(await books.tasks.read(key)).toMatchObject({ state: 'in_progress', issue: { forgeState: 'open' } });
  });

  it.each<TaskState>(['abandoned', 'done', 'blocked', 'needs_info'])(
    'works on an issue that was %s, for a person asked',
    async (to) => {
      await using books = await localBooks();
      await books.tasks.mirror(known(), 'github/alice');
      expect((await books.tasks.change({ key, actor: 'person/bob', to })).kind).toBe('changed');
      await admit(books);
      expect(await books.tasks.read(key)).toMatchObject({ state: 'in_progress', attempts: 0 });
    },
  );
});
