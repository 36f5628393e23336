import { describe, expect, it } from 'vitest';
import { clockSkewMs } from '../../src/domain/claim.ts';
import type { ActivityEvent } from '../../src/domain/coordination/activity.ts';
import { nothing } from '../../src/domain/coordination/amounts.ts';
import type { ActivityLog } from '../../src/ports/activity-log.ts';
import type { BudgetStore } from '../../src/ports/budget-store.ts';
import type { ClaimStore } from '../../src/ports/claim-store.ts';
import { type SimulatedClock, simulatedClock } from '../fakes/simulated-clock.ts';
import { granted, holder, key, minute, request, takeover } from './claim-store.fixture.ts';

export interface ActivityLogFixture extends AsyncDisposable {
  readonly claims: ClaimStore;
  readonly budgets: BudgetStore;
  readonly activity: ActivityLog;
}

const deadline = () => AbortSignal.timeout(10_000);

async function follow(
  log: ActivityLog,
  { after, count, task }: { readonly after: number; readonly count: number; readonly task?: string },
): Promise<ActivityEvent[]> {
  const seen: ActivityEvent[] = [];
  for await (const event of log.follow({ after, ...(task !== undefined && { task }) }, deadline())) {
    seen.push(event);
    if (seen.length === count) break;
  }
  return seen;
}

/** What every activity log promises: every transition once, in order, in the transaction of what it changes. */
export function activityLogContract(name: string, open: (clock: SimulatedClock) => Promise<ActivityLogFixture>): void {
  describe(`${name} tells what happened`, () => {
    const all = { limit: 1_000 };

    it('tells every transition of a claim and its budgets, numbered without holes', async () => {
      const clock = simulatedClock();
      await using fixture = await open(clock);
      const { claims, activity } = fixture;
      const reserve = { draws: [{ key: 'repository/octo/slug', caps: { runs: 1 } }], amounts: nothing };
      const lease = granted(await claims.acquire(request('a', { reserve, ttlMs: minute })));
      await claims.renew(lease, minute);
      await claims.beginEffect(lease, 'open-pull-request');
      await claims.beginEffect(lease, 'open-pull-request');
      clock.advance(2 * minute + clockSkewMs + 1);
      granted(await claims.acquire(request('b', { ttlMs: minute })));
      const taken = await claims.takeOver(takeover('bob'));
      if (taken.kind === 'granted') await claims.release(taken.lease);
      await fixture.budgets.setCaps('organisation/octo', { runs: 3 }, 'person/bob');
      const events = await activity.read(all);
      expect(events.map(({ seq, change, actor }) => [seq, change.type, actor])).toEqual([
        [1, 'claim.acquired', 'a'],
        [2, 'budget.reserved', 'a'],
        [3, 'claim.renewed', 'a'],
        [4, 'claim.effect', 'a'],
        [5, 'budget.settled', 'b'],
        [6, 'claim.stolen', 'b'],
        [7, 'claim.taken-over', 'bob'],
        [8, 'claim.released', 'bob'],
        [9, 'budget.limited', 'person/bob'],
      ]);
      expect(events.map((event) => event.run)).toEqual([
        ...['run-a', 'run-a', 'run-a', 'run-a', 'run-a', 'run-b', 'cli-bob', 'cli-bob'],
        undefined,
      ]);
      expect(events[5]).toEqual({
        seq: 6,
        at: clock.now(),
        actor: 'b',
        task: key,
        run: 'run-b',
        change: {
          type: 'claim.stolen',
          claim: expect.objectContaining({ fence: 2 }),
          from: { runId: 'run-a', fence: 1 },
        },
      });
    });

    it('tells nothing of what was refused', async () => {
      await using fixture = await open(simulatedClock());
      const lease = granted(await fixture.claims.acquire(request('a')));
      await fixture.claims.acquire(request('b'));
      await fixture.claims.acquire(request('a'));
      await fixture.claims.takeOver(takeover('bob', { expectedFence: 9 }));
      await fixture.claims.renew({ ...lease, fence: 9 }, minute);
      await fixture.claims.release({ ...lease, leaseId: 'guessed' });
      await fixture.claims.beginEffect({ ...lease, fence: 9 }, 'merge');
      expect(await fixture.activity.read(all)).toHaveLength(1);
    });

    it('is read by position, moment, task, run, actor and repository', async () => {
      const clock = simulatedClock();
      await using fixture = await open(clock);
      const agent = (id: string) => ({ id, role: 'coder', version: '1.0.0', model: 'scripted' }) as const;
      const take = async (issue: string, name: string) =>
        granted(
          await fixture.claims.acquire(
            request(name, { key: issue, holder: holder(name, { agent: agent(`coder/${name}`) }) }),
          ),
        );
      const first = await take('github/octo/slug/issues/1', 'a');
      clock.advance(minute);
      await take('github/octo/slug/issues/2', 'b');
      await take('github/octo/slugger/issues/1', 'c');
      await take('locks/release', 'd');
      await fixture.claims.release(first);
      const seqs = async (filter: Omit<Parameters<ActivityLog['read']>[0], 'limit'>, limit = 100) =>
        (await fixture.activity.read({ ...filter, limit })).map((event) => event.seq);
      expect(await seqs({})).toEqual([1, 2, 3, 4, 5]);
      expect(await seqs({}, 2)).toEqual([1, 2]);
      expect(await seqs({ after: 3 })).toEqual([4, 5]);
      expect(await seqs({ since: clock.now() })).toEqual([2, 3, 4, 5]);
      expect(await seqs({ task: 'github/octo/slug/issues/1' })).toEqual([1, 5]);
      expect(await seqs({ run: 'run-b' })).toEqual([2]);
      expect(await seqs({ actor: 'coder/c' })).toEqual([3]);
      expect(await seqs({ actor: 'coder/' })).toEqual([1, 2, 3, 4, 5]);
      expect(await seqs({ taskPrefix: 'github/octo/slug/' })).toEqual([1, 2, 5]);
      expect(await seqs({ taskPrefix: 'github/octo/slug/', actor: 'coder/a', after: 1 })).toEqual([5]);
    });

    it('is followed from a position on: what is there, then what comes, each once', async () => {
      await using fixture = await open(simulatedClock());
      const store = fixture.claims;
      for (const name of ['a', 'b', 'c']) await store.acquire(request(name, { key: `locks/${name}` }));
      const following = follow(fixture.activity, { after: 1, count: 4 });
      for (const name of ['d', 'e']) await store.acquire(request(name, { key: `locks/${name}` }));
      expect((await following).map((event) => event.seq)).toEqual([2, 3, 4, 5]);
    });

    it('passes over, when followed, what the filter does not want', async () => {
      await using fixture = await open(simulatedClock());
      const following = follow(fixture.activity, { after: 0, count: 2, task: key });
      for (const name of ['x', 'y']) await fixture.claims.acquire(request(name, { key: `locks/${name}` }));
      await fixture.claims.release(granted(await fixture.claims.acquire(request('a'))));
      expect((await following).map((event) => event.change.type)).toEqual(['claim.acquired', 'claim.released']);
    });

    it('stops following when it is told to', async () => {
      await using fixture = await open(simulatedClock());
      await fixture.claims.acquire(request('a'));
      const stop = new AbortController();
      const seen: number[] = [];
      for await (const event of fixture.activity.follow({}, stop.signal)) {
        seen.push(event.seq);
        setTimeout(() => stop.abort(), 20);
      }
      expect(seen).toEqual([1]);
    });
  });
}
