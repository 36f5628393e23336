import { describe, expect, it } from 'vitest';
import { queueRules } from '../../src/domain/coordination/queue-rules.ts';
import { idsOf, ifPromised, minute, second, type TaskQueueSubject, take, takeOne, work } from './task-queue.fixture.ts';

/** Who gets which work, and for how long. */
export function taskQueueContract({ name, open, promises }: TaskQueueSubject): void {
  // Waiting for a real service is done by all cases together.
  const suite = promises.time === 'real' ? describe.concurrent : describe;
  suite(`${name} hands out work`, () => {
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
      const queue = fixture.client();
      const { receipt } = await takeOne(queue);
      expect(await queue.acknowledge(receipt)).toBe(true);
      expect(await queue.acknowledge(receipt)).toBe(false);
      if (promises.receipts === 'exact') expect(await fixture.client().acknowledge(receipt)).toBe(false);
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

    ifPromised(promises.receipts === 'exact')('takes a late receipt while nobody else has the work', async () => {
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
      const holder = fixture.client();
      const { receipt } = await takeOne(fixture.client());
      await fixture.pass(second);
      expect(await holder.extend(receipt, 3 * second)).toBe(true);
      await fixture.pass(2 * second);
      expect(await take(fixture.client())).toEqual([]);
      const last = promises.receipts === 'exact' ? fixture.client() : holder;
      expect(await last.acknowledge(receipt)).toBe(true);
    });

    ifPromised(promises.roles === 'chosen')('hands work out by role, and all of it to who names none', async () => {
      await using fixture = await open();
      const queue = fixture.client();
      for (const role of ['coder', 'reviewer', 'tester']) await queue.send(work(role, { role }));
      expect(idsOf(await take(queue, { roles: ['reviewer'] }))).toEqual(['reviewer']);
      expect(await take(queue, { roles: ['reviewer', 'issue-reader'] })).toEqual([]);
      expect(await take(queue, { roles: [] })).toEqual([]);
      expect(idsOf(await take(queue)).sort()).toEqual(['coder', 'tester']);
    });

    ifPromised(promises.order === 'exact')('hands out by priority, then by age, in every role', async () => {
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

    ifPromised(promises.order === 'exact')('gives work that comes back its old place', async () => {
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

    ifPromised(promises.deduplicationMs > 0)(
      'does not take in the same id twice, not even when the first is done',
      async () => {
        await using fixture = await open();
        const queue = fixture.client();
        expect(await queue.send(work('a', { body: { version: 1 } }))).toBe('sent');
        expect(await queue.send(work('a', { body: { version: 2 } }))).toBe('duplicate');
        const { receipt, work: received } = await takeOne(queue);
        expect(received.body).toEqual({ version: 1 });
        await queue.acknowledge(receipt);
        expect(await queue.send(work('a'))).toBe('duplicate');
        expect(await take(queue)).toEqual([]);
      },
    );

    ifPromised(promises.time === 'simulated')('takes the same id in again after its window', async () => {
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
      ['a body over the limit', work('a', { body: { text: 'é'.repeat(queueRules.bodyBytes / 2) } }), {}],
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
