import { describe, expect, it } from 'vitest';
import { idsOf, ifPromised, minute, second, type TaskQueueSubject, take, takeOne, work } from './task-queue.fixture.ts';

/** What becomes of work that nobody finished, and what can be seen of it. */
export function deadLetterContract({ name, open, promises }: TaskQueueSubject): void {
  const { maxDeliveries } = promises;
  const suite = promises.time === 'real' ? describe.concurrent : describe;
  suite(`${name} keeps dead letters`, () => {
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

    ifPromised(promises.time === 'simulated')(
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
      await queue.send(work('dead'));
      await queue.release((await takeOne(queue)).receipt, { kind: 'reject', detail: 'x' });
      await queue.send(work('out'));
      await take(queue, { visibilityMs: minute });
      await queue.send(work('held back'), { delayMs: minute });
      await queue.send(work('waits'));
      await fixture.pass(2 * second);
      await queue.send(work('waits too'));
      const depth = await queue.depth();
      expect(depth).toMatchObject({ waiting: 2, delayed: 1, inFlight: 1, dead: 1 });
      const oldestMs = depth.oldestMs ?? 0;
      if (promises.ages === 'told') expect(Math.abs(oldestMs - 2 * second)).toBeLessThanOrEqual(promises.datesWithinMs);
    });
  });
}
