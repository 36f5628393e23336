import { describe, expect, it } from 'vitest';
import type { QueuedWork, ReceivedWork, TaskQueue } from '../../src/ports/task-queue.ts';

export interface TaskQueueFixture extends AsyncDisposable {
  /** Another client of the same queue, as another machine would have. */
  client(): TaskQueue;
  now(): number;
  /** Lets time go by: a simulated clock is moved, a real one is waited for. */
  pass(ms: number): Promise<void>;
}

/** What services differ in; a case that needs more than one of them offers is left out for it. */
export interface TaskQueuePromises {
  /** Strictly by priority, then age; else only as good as can be done. */
  readonly order: 'exact' | 'best effort';
  /** A receipt whose time is over, while nobody else has the work yet. */
  readonly lateReceipt: 'counts' | 'does not count';
  /** How far the service's own dates may be from the clock of the fixture. */
  readonly datesWithinMs: number;
  /** How long an id is remembered. */
  readonly deduplicationMs: number;
  readonly maxDeliveries: number;
  /** `real`: cases that would have to wait longer than a few seconds are left out. */
  readonly time: 'simulated' | 'real';
}

const second = 1_000;
const minute = 60_000;

function work(id: string, more: Partial<QueuedWork> = {}): QueuedWork {
  return { id, task: 'github/octo/slug/issues/1', role: 'coder', body: { event: id }, ...more };
}

const idsOf = (received: readonly ReceivedWork[]) => received.map(({ work: { id } }) => id);

/** What every queue of work promises. `open` gives an empty one. */
export function taskQueueContract(
  name: string,
  open: () => Promise<TaskQueueFixture>,
  promises: TaskQueuePromises,
): void {
  const { maxDeliveries } = promises;
  const take = (queue: TaskQueue, more: Partial<Parameters<TaskQueue['receive']>[0]> = {}) =>
    queue.receive({ limit: 10, visibilityMs: 2 * second, ...more });
  const takeOne = async (queue: TaskQueue): Promise<ReceivedWork> => {
    const [first] = await take(queue, { limit: 1 });
    if (first === undefined) throw new Error('nothing was handed out');
    return first;
  };

  describe(`${name} keeps work`, () => {
    it('hands out what was sent, as it was sent, and tells until when it is kept from others', async () => {
      await using fixture = await open();
      const sent = work('a', { body: { text: 'naïve 😀 "quoted"\n', list: [1, null, { deep: true }] } });
      expect(await fixture.client().send(sent)).toBe('sent');
      const before = fixture.now();
      const [received, ...more] = await take(fixture.client());
      expect(more).toEqual([]);
      expect(received?.work).toEqual(sent);
      expect(received?.deliveries).toBe(1);
      expect(Math.abs((received?.sentAt ?? 0) - before)).toBeLessThanOrEqual(promises.datesWithinMs);
      const visibleAgain = (received?.visibleAgainAt ?? 0) - before - 2 * second;
      expect(Math.abs(visibleAgain)).toBeLessThanOrEqual(promises.datesWithinMs);
    });

    it('keeps it from others until then, and hands it out again when nobody acknowledged it', async () => {
      await using fixture = await open();
      await fixture.client().send(work('a'));
      const first = await takeOne(fixture.client());
      expect(await take(fixture.client())).toEqual([]);
      await fixture.pass(2 * second);
      const again = await takeOne(fixture.client());
      expect(again).toMatchObject({ work: { id: 'a' }, deliveries: 2, sentAt: first.sentAt });
      expect(again.receipt).not.toBe(first.receipt);
    });

    it('forgets what is acknowledged, once', async () => {
      await using fixture = await open();
      await fixture.client().send(work('a'));
      const { receipt } = await takeOne(fixture.client());
      expect(await fixture.client().acknowledge(receipt)).toBe(true);
      expect(await fixture.client().acknowledge(receipt)).toBe(false);
      await fixture.pass(3 * second);
      expect(await take(fixture.client())).toEqual([]);
      expect(await fixture.client().depth()).toEqual({ waiting: 0, delayed: 0, inFlight: 0, dead: 0 });
    });

    it('lets an old receipt do nothing once somebody else has the work', async () => {
      await using fixture = await open();
      const queue = fixture.client();
      await queue.send(work('a'));
      const old = await takeOne(queue);
      await fixture.pass(2 * second);
      const current = await takeOne(fixture.client());
      expect(await queue.acknowledge(old.receipt)).toBe(false);
      expect(await queue.extend(old.receipt, minute)).toBe(false);
      expect(await queue.release(old.receipt, { kind: 'retry' })).toBe(false);
      expect(await queue.release(old.receipt, { kind: 'reject', detail: 'late' })).toBe(false);
      expect(await take(queue)).toEqual([]);
      expect(await fixture.client().acknowledge(current.receipt)).toBe(true);
    });

    it('acknowledges nothing for a receipt that it never gave', async () => {
      await using fixture = await open();
      await fixture.client().send(work('a'));
      await takeOne(fixture.client());
      expect(await fixture.client().acknowledge('1')).toBe(false);
      expect(await fixture.client().extend('', second)).toBe(false);
      expect(await fixture.client().depth()).toMatchObject({ inFlight: 1 });
    });

    it.runIf(promises.lateReceipt === 'counts')('takes a late receipt while nobody else has the work', async () => {
      await using fixture = await open();
      await fixture.client().send(work('a'));
      const { receipt } = await takeOne(fixture.client());
      await fixture.pass(5 * second);
      expect(await fixture.client().acknowledge(receipt)).toBe(true);
      expect(await take(fixture.client())).toEqual([]);
    });

    it('keeps work for longer when its holder asks in time', async () => {
      await using fixture = await open();
      await fixture.client().send(work('a'));
      const { receipt } = await takeOne(fixture.client());
      await fixture.pass(second);
      expect(await fixture.client().extend(receipt, 3 * second)).toBe(true);
      await fixture.pass(2 * second);
      expect(await take(fixture.client())).toEqual([]);
      expect(await fixture.client().acknowledge(receipt)).toBe(true);
    });

    it('hands work out by role, and all of it to who names none', async () => {
      await using fixture = await open();
      const queue = fixture.client();
      for (const role of ['coder', 'reviewer', 'tester']) await queue.send(work(role, { role }));
      expect(idsOf(await take(queue, { roles: ['reviewer'] }))).toEqual(['reviewer']);
      expect(await take(queue, { roles: ['reviewer', 'issue-reader'] })).toEqual([]);
      expect(await take(queue, { roles: [] })).toEqual([]);
      expect(idsOf(await take(queue)).sort()).toEqual(['coder', 'tester']);
    });

    it.runIf(promises.order === 'exact')('hands out by priority, then by age, in every role', async () => {
      await using fixture = await open();
      const queue = fixture.client();
      const sent = [
        ['late', 4],
        ['usual', undefined],
        ['urgent', 0],
        ['second usual', 2],
        ['soon', 1],
      ] as const;
      for (const [index, [id, priority]] of sent.entries()) {
        const role = index % 2 === 0 ? 'coder' : 'reviewer';
        await queue.send(work(id, { role }), priority === undefined ? {} : { priority });
      }
      expect(idsOf(await take(queue, { limit: 2 }))).toEqual(['urgent', 'soon']);
      const rest = await take(queue, { roles: ['reviewer', 'coder'] });
      expect(idsOf(rest)).toEqual(['usual', 'second usual', 'late']);
    });

    it.runIf(promises.order === 'exact')('gives work that comes back its old place', async () => {
      await using fixture = await open();
      const queue = fixture.client();
      for (const id of ['a', 'b']) await queue.send(work(id));
      const first = await takeOne(queue);
      await queue.release(first.receipt, { kind: 'retry' });
      expect(idsOf(await take(queue))).toEqual(['a', 'b']);
    });

    it('hands out no more than asked for', async () => {
      await using fixture = await open();
      const queue = fixture.client();
      for (let index = 0; index < 5; index += 1) await queue.send(work(`w${index}`));
      expect(await take(queue, { limit: 3 })).toHaveLength(3);
      expect(await take(queue, { limit: 3 })).toHaveLength(2);
    });

    it('does not take in the same id twice, not even when the first is done', async () => {
      await using fixture = await open();
      const queue = fixture.client();
      expect(await queue.send(work('a', { body: { version: 1 } }))).toBe('sent');
      expect(await queue.send(work('a', { body: { version: 2 } }))).toBe('duplicate');
      const { receipt, work: received } = await takeOne(queue);
      expect(received.body).toEqual({ version: 1 });
      await queue.acknowledge(receipt);
      expect(await queue.send(work('a'))).toBe('duplicate');
      expect(await take(queue)).toEqual([]);
    });

    it.runIf(promises.time === 'simulated')('takes the same id in again after its window', async () => {
      await using fixture = await open();
      const queue = fixture.client();
      await queue.send(work('a'));
      await queue.acknowledge((await takeOne(queue)).receipt);
      await fixture.pass(promises.deduplicationMs - 1);
      expect(await queue.send(work('a'))).toBe('duplicate');
      await fixture.pass(1);
      expect(await queue.send(work('a'))).toBe('sent');
    });

    it('holds work back for its delay', async () => {
      await using fixture = await open();
      const queue = fixture.client();
      await queue.send(work('a'), { delayMs: 2 * second });
      expect(await take(queue)).toEqual([]);
      expect(await queue.depth()).toMatchObject({ waiting: 0, delayed: 1 });
      await fixture.pass(2 * second);
      expect(idsOf(await take(queue))).toEqual(['a']);
    });

    it('puts work back at once or after a delay when its holder gives it up', async () => {
      await using fixture = await open();
      const queue = fixture.client();
      await queue.send(work('a'));
      expect(await queue.release((await takeOne(queue)).receipt, { kind: 'retry' })).toBe(true);
      const retried = await takeOne(queue);
      expect(retried.deliveries).toBe(2);
      expect(await queue.release(retried.receipt, { kind: 'retry', delayMs: 2 * second })).toBe(true);
      expect(await queue.acknowledge(retried.receipt)).toBe(false);
      expect(await take(queue)).toEqual([]);
      await fixture.pass(2 * second);
      expect(await takeOne(queue)).toMatchObject({ deliveries: 3 });
    });

    it.each(['is given back', 'runs out'])('gives work up when the last of its deliveries %s', async (last) => {
      await using fixture = await open();
      const queue = fixture.client();
      await queue.send(work('a'));
      for (let delivery = 1; delivery <= maxDeliveries; delivery += 1) {
        const { receipt, deliveries } = await takeOne(queue);
        expect(deliveries).toBe(delivery);
        const givenBack = delivery === maxDeliveries ? last === 'is given back' : delivery % 2 === 0;
        if (givenBack) await queue.release(receipt, { kind: 'retry' });
        else await fixture.pass(2 * second);
      }
      expect(await take(queue)).toEqual([]);
      const [dead, ...more] = await queue.deadLetters({ limit: 10 });
      expect(more).toEqual([]);
      expect(dead).toMatchObject({ work: work('a'), reason: 'too-many-deliveries', deliveries: maxDeliveries });
      expect(await queue.depth()).toEqual({ waiting: 0, delayed: 0, inFlight: 0, dead: 1 });
    });

    it('hands out nothing past its time to live, and says so', async () => {
      await using fixture = await open();
      const queue = fixture.client();
      await queue.send(work('old'), { timeToLiveMs: 2 * second });
      await queue.send(work('young'), { timeToLiveMs: minute });
      await fixture.pass(2 * second);
      expect(idsOf(await take(queue))).toEqual(['young']);
      expect(await queue.deadLetters({ limit: 10 })).toMatchObject([
        { work: { id: 'old' }, reason: 'expired', deliveries: 0 },
      ]);
    });

    it('lets work that was handed out in time be finished after its time to live', async () => {
      await using fixture = await open();
      const queue = fixture.client();
      await queue.send(work('a'), { timeToLiveMs: second });
      const { receipt } = await takeOne(queue);
      await fixture.pass(1.5 * second);
      expect(await queue.acknowledge(receipt)).toBe(true);
      expect(await queue.deadLetters({ limit: 10 })).toEqual([]);
    });

    it('puts work that its holder rejects among the dead letters, with what the holder said', async () => {
      await using fixture = await open();
      const queue = fixture.client();
      await queue.send(work('a'));
      const { receipt } = await takeOne(queue);
      const before = fixture.now();
      expect(await queue.release(receipt, { kind: 'reject', detail: 'no such branch' })).toBe(true);
      expect(await queue.release(receipt, { kind: 'reject', detail: 'again' })).toBe(false);
      await fixture.pass(3 * second);
      expect(await take(queue)).toEqual([]);
      const [dead] = await queue.deadLetters({ limit: 10 });
      expect(dead).toMatchObject({ work: work('a'), reason: 'rejected', detail: 'no such branch', deliveries: 1 });
      expect(Math.abs((dead?.diedAt ?? 0) - before)).toBeLessThanOrEqual(promises.datesWithinMs);
    });

    it('hands dead letters out anew, those named or all, with the count of deliveries at zero', async () => {
      await using fixture = await open();
      const queue = fixture.client();
      for (const id of ['a', 'b', 'c']) await queue.send(work(id), { timeToLiveMs: minute });
      for (const { receipt } of await take(queue)) await queue.release(receipt, { kind: 'reject', detail: 'x' });
      expect(await queue.redrive(['b', 'unknown'])).toBe(1);
      expect(await take(queue)).toMatchObject([{ work: work('b'), deliveries: 1 }]);
      expect(await queue.redrive()).toBe(2);
      expect(idsOf(await take(queue)).sort()).toEqual(['a', 'c']);
      expect(await queue.deadLetters({ limit: 10 })).toEqual([]);
      expect(await queue.redrive()).toBe(0);
    });

    it.runIf(promises.time === 'simulated')(
      'gives what expired a whole time to live when it is handed out anew',
      async () => {
        await using fixture = await open();
        const queue = fixture.client();
        await queue.send(work('a'), { timeToLiveMs: minute });
        await fixture.pass(10 * minute);
        expect(await queue.redrive()).toBe(1);
        await fixture.pass(minute - 1);
        expect(idsOf(await take(queue))).toEqual(['a']);
      },
    );

    it('counts what waits, is held back, is at work and is dead, and how old the oldest is', async () => {
      await using fixture = await open();
      const queue = fixture.client();
      expect(await queue.depth()).toEqual({ waiting: 0, delayed: 0, inFlight: 0, dead: 0 });
      await queue.send(work('dead', { role: 'd' }));
      await queue.send(work('out', { role: 'o' }));
      const [dead] = await take(queue, { roles: ['d'] });
      await queue.release(dead?.receipt ?? '', { kind: 'reject', detail: 'x' });
      await take(queue, { roles: ['o'], visibilityMs: minute });
      await queue.send(work('held back'), { delayMs: minute });
      await queue.send(work('waits'));
      await fixture.pass(2 * second);
      await queue.send(work('waits too'));
      const depth = await queue.depth();
      expect(depth).toMatchObject({ waiting: 2, delayed: 1, inFlight: 1, dead: 1 });
      expect(Math.abs((depth.oldestMs ?? 0) - 2 * second)).toBeLessThanOrEqual(promises.datesWithinMs);
    });

    it('gives each piece of work to one of many who ask at the same moment', async () => {
      await using fixture = await open();
      const ids = Array.from({ length: 40 }, (_, index) => `w${index}`);
      await Promise.all(ids.map((id) => fixture.client().send(work(id))));
      const askers = Array.from({ length: 12 }, () => fixture.client());
      const received = await Promise.all(askers.map((queue) => take(queue, { limit: 5, visibilityMs: minute })));
      const given = received.flatMap(idsOf);
      expect(new Set(given).size).toBe(given.length);
      const rest = idsOf(await take(fixture.client(), { limit: 10 }));
      expect([...given, ...rest].sort()).toEqual([...ids].sort());
    });

    it.each([
      ['a body over 64 KiB', work('a', { body: { text: 'é'.repeat(33_000) } }), {}],
      ['a priority that there is not', work('a'), { priority: 5 }],
      ['an empty id', work(''), {}],
      ['a time to live of nothing', work('a'), { timeToLiveMs: 0 }],
      ['a delay into the past', work('a'), { delayMs: -1 }],
    ])('refuses %s and queues nothing', async (_, sent, options) => {
      await using fixture = await open();
      await expect(fixture.client().send(sent, options)).rejects.toMatchObject({ code: 'E100' });
      expect(await fixture.client().depth()).toMatchObject({ waiting: 0, delayed: 0 });
    });
  });
}
