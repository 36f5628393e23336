import { describe, expect, it } from 'vitest';
import { clockSkewMs } from '../../src/domain/claim.ts';
import { taskMoves } from '../../src/domain/coordination/task-moves.ts';
import { defaultStaleAfterMs } from '../../src/domain/query/context.ts';
import { parseTaskQuery } from '../../src/domain/query/task-query.ts';
import type { TaskStore } from '../../src/ports/task-store.ts';
import { sampleAgent, sampleIssue, sampleKey } from '../fakes/coordination-samples.ts';
import { simulatedClock } from '../fakes/simulated-clock.ts';
import { claimed, type OpenCoordination } from './coordination.fixture.ts';

async function found(tasks: TaskStore, text: string, page = { offset: 0, limit: 50 }) {
  const parsed = parseTaskQuery(text, {});
  if (parsed.kind === 'error') throw new Error(text);
  const { tasks: views, total } = await tasks.search(parsed.query, { now: 0, staleAfterMs: defaultStaleAfterMs }, page);
  return { numbers: views.map(({ issue }) => issue.number), total, views };
}

/** What every task store promises about tasks; `dependencies.contract.ts` tells the rest. */
export function taskStoreContract(name: string, open: OpenCoordination): void {
  describe(`${name} keeps tasks`, () => {
    it('mirrors an issue as an open task and shows it to everybody, as GitHub told it', async () => {
      await using fixture = await open(simulatedClock());
      const issue = sampleIssue(1, {
        labels: ['bug', 'Zebra', 'bug fix'],
        assignees: ['mona', 'bob'],
        milestone: 'v1',
      });
      const task = await fixture.client().tasks.mirror(issue, 'github/mona');
      expect(task).toEqual({
        ...{ schema: 1, key: 'github/octo/slug/issues/1', issue, state: 'open', priority: 2, progress: 0 },
        ...{ checkpoints: { done: [], next: [] }, fence: 0, attempts: 0, costMicroUsd: 0, version: 1 },
      });
      const view = await fixture.client().tasks.read(task.key);
      expect(view).toEqual({ ...task, blockedBy: [], blocks: [], openBlockers: 0, ready: true });
      expect(await fixture.client().tasks.read(sampleKey(2))).toBeUndefined();
    });

    it('keeps texts as they are, whatever they hold', async () => {
      await using fixture = await open(simulatedClock());
      const odd = `'; DROP TABLE tasks; -- "%_\u0000\u{1f600}\n\t`;
      const issue = sampleIssue(1, { title: odd, body: odd.repeat(50), labels: [odd], milestone: odd });
      const { tasks } = fixture.client();
      await tasks.mirror(issue, 'github');
      expect((await tasks.read(sampleKey(1)))?.issue).toEqual(issue);
    });

    it('takes over what is newer and nothing that is older; a closed issue is done, a reopened one open', async () => {
      await using fixture = await open(simulatedClock());
      const { tasks } = fixture.client();
      await tasks.mirror(sampleIssue(1, { updatedAt: 5_000, labels: ['a', 'b'] }), 'github');
      expect((await tasks.mirror(sampleIssue(1, { updatedAt: 4_999, title: 'Old' }), 'github')).issue.title).toBe(
        'Issue 1',
      );
      const closed = sampleIssue(1, { updatedAt: 6_000, forgeState: 'closed', closedAt: 6_000, labels: ['b'] });
      expect(await tasks.mirror(closed, 'github')).toMatchObject({ state: 'done', progress: 1, issue: closed });
      expect((await tasks.read(sampleKey(1)))?.issue).toEqual(closed);
      expect(await tasks.mirror(sampleIssue(1, { updatedAt: 7_000 }), 'github')).toMatchObject({ state: 'open' });
      expect((await tasks.read(sampleKey(1)))?.issue).not.toHaveProperty('closedAt');
    });

    it('refuses an illegal move and names those that are allowed', async () => {
      await using fixture = await open(simulatedClock());
      const { tasks } = fixture.client();
      const task = await tasks.mirror(sampleIssue(1), 'github');
      const result = await tasks.change({ key: task.key, actor: 'mona', to: 'in_review' });
      expect(result).toEqual({ kind: 'illegal', task, allowed: taskMoves.open });
      expect(await tasks.change({ key: sampleKey(9), actor: 'mona', to: 'ready' })).toEqual({ kind: 'missing' });
    });

    it('lets whoever holds the claim work, and tells the facts to everybody', async () => {
      await using fixture = await open(simulatedClock());
      const client = fixture.client();
      await client.tasks.mirror(sampleIssue(1), 'github');
      const lease = await claimed(client, 'a');
      const agent = sampleAgent('a', { capabilities: ['typescript', 'sql'] });
      const move = { key: lease.key, actor: agent.id, lease };
      await client.tasks.change({ ...move, to: 'claimed', facts: { runId: 'a', agent } });
      const facts = {
        ...{ stage: 'working', progress: 0.25, branch: 'agent/1/f1-x', pullRequest: 7, costMicroUsd: 1_500 },
        checkpoints: { done: ['found it'], next: ['fix it', 'test it'] },
      };
      const working = await client.tasks.change({ ...move, to: 'in_progress', facts });
      expect(working).toMatchObject({
        kind: 'changed',
        task: { ...facts, state: 'in_progress', fence: 1, runId: 'a', agent },
      });
      const view = await fixture.client().tasks.read(lease.key);
      expect(view).toMatchObject({ ...facts, agent, claim: { holder: { runId: 'a' }, fence: 1 }, ready: false });
      const events = await client.activity.read({ task: lease.key, run: 'a', limit: 10 });
      expect(events.map(({ change }) => change.type)).toContain('task.moved');
    });

    it('refuses a change under a lease that somebody else has taken since, and changes nothing', async () => {
      const clock = simulatedClock();
      await using fixture = await open(clock);
      const client = fixture.client();
      await client.tasks.mirror(sampleIssue(1), 'github');
      const old = await claimed(client, 'a');
      await client.tasks.change({ key: old.key, actor: 'a', to: 'claimed', lease: old });
      clock.advance(60_000 + clockSkewMs + 1);
      const current = await claimed(fixture.client(), 'b');
      const late = await client.tasks.change({ key: old.key, actor: 'a', facts: { progress: 1 }, lease: old });
      expect(late).toMatchObject({ kind: 'stale', task: { progress: 0, version: 2 } });
      const anew = await client.tasks.change({ key: old.key, actor: 'b', to: 'in_progress', lease: current });
      expect(anew).toMatchObject({ kind: 'changed', task: { fence: 2 } });
      await client.claims.release(current);
      const released = await client.tasks.change({ key: old.key, actor: 'b', to: 'in_review', lease: current });
      expect(released.kind).toBe('stale');
      expect((await client.tasks.change({ key: old.key, actor: 'b', to: 'claimed' })).kind).toBe('stale');
    });

    it('makes one of many changes that exclude each other', async () => {
      await using fixture = await open(simulatedClock());
      const task = await fixture.client().tasks.mirror(sampleIssue(1, { forgeState: 'closed' }), 'github');
      const reopen = { key: task.key, actor: 'mona', to: 'open' as const };
      await fixture.client().tasks.change(reopen);
      const moves = (['ready', 'blocked', 'needs_info', 'abandoned'] as const).map((to) =>
        fixture.client().tasks.change({ key: task.key, actor: 'mona', to, facts: { reason: to } }),
      );
      const results = await Promise.all(moves);
      const end = await fixture.client().tasks.read(task.key);
      const changes = results.filter(({ kind }) => kind === 'changed').length;
      expect(end?.version).toBe(task.version + 1 + changes);
      expect(end?.reason).toBe(end?.state);
    });

    it('gives a task up after its last attempt, and hands it out again once redriven', async () => {
      await using fixture = await open(simulatedClock());
      const client = fixture.client();
      await client.tasks.mirror(sampleIssue(1), 'github');
      const lease = await claimed(client, 'a');
      const base = { key: lease.key, actor: 'a', lease };
      await client.tasks.change({ ...base, to: 'claimed' });
      const facts = { attempts: 3, lastFailure: 'the tests fail', reason: 'given up: the tests fail' };
      expect(await client.tasks.change({ ...base, to: 'ready', facts })).toMatchObject({
        task: { state: 'abandoned' },
      });
      await client.claims.release(lease);
      expect((await found(client.tasks, 'is:ready')).total).toBe(0);
      expect((await found(client.tasks, 'state:abandoned')).views).toMatchObject([facts]);
      await client.tasks.change({ key: lease.key, actor: 'mona', to: 'ready' });
      expect((await found(client.tasks, 'is:ready')).views).toMatchObject([{ attempts: 0, state: 'ready' }]);
    });

    it('finds tasks by query, by priority then age, page by page', async () => {
      await using fixture = await open(simulatedClock());
      const { tasks } = fixture.client();
      for (const number of [5, 1, 4, 2, 3]) {
        const labels = number % 2 === 0 ? ['P1'] : [];
        await tasks.mirror(sampleIssue(number, { labels, forgeState: number === 5 ? 'closed' : 'open' }), 'github');
      }
      expect(await found(tasks, '')).toMatchObject({ numbers: [2, 4, 1, 3, 5], total: 5 });
      expect(await found(tasks, '', { offset: 1, limit: 2 })).toMatchObject({ numbers: [4, 1], total: 5 });
      expect(await found(tasks, '', { offset: 9, limit: 2 })).toMatchObject({ numbers: [], total: 5 });
      expect(await found(tasks, 'is:open -label:P1')).toMatchObject({ numbers: [1, 3] });
      expect(await found(tasks, 'sort:created-desc is:open')).toMatchObject({ numbers: [4, 3, 2, 1] });
    });

    it('counts as ready what is open, free and not blocked, and as claimed what somebody holds', async () => {
      await using fixture = await open(simulatedClock());
      const client = fixture.client();
      for (const number of [1, 2, 3]) await client.tasks.mirror(sampleIssue(number), 'github');
      await client.tasks.addDependency(
        { kind: 'blocks', from: sampleKey(1), to: sampleKey(2), source: 'text' },
        'github',
      );
      const lease = await claimed(client, 'a', 3);
      expect((await found(client.tasks, 'is:ready')).numbers).toEqual([1]);
      expect((await found(client.tasks, 'is:claimed')).numbers).toEqual([3]);
      expect((await found(client.tasks, 'is:blocked')).numbers).toEqual([2]);
      await client.claims.release(lease);
      expect((await found(client.tasks, 'is:ready')).numbers).toEqual([1, 3]);
    });
  });
}
