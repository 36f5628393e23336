import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maxDeliveries, maxMessageBytes } from '../../src/domain/coordination/message-delivery.ts';
import type { Mailbox } from '../../src/ports/mailbox.ts';
import { sampleKey, sampleMessage } from '../fakes/coordination-samples.ts';
import { simulatedClock } from '../fakes/simulated-clock.ts';
import type { OpenCoordination } from './coordination.fixture.ts';

const visibilityMs = 1_000;

async function receive(mailbox: Mailbox, to = 'reviewer', limit = 10) {
  return mailbox.receive(to, { limit, visibilityMs });
}

async function ids(mailbox: Mailbox, to?: string): Promise<string[]> {
  return (await receive(mailbox, to)).map(({ message }) => message.id);
}

/** What every mailbox promises. */
export function mailboxContract(name: string, open: OpenCoordination): void {
  describe(`${name} carries messages`, () => {
    it('delivers a message to its reader, whole and once, however often it is sent', async () => {
      await using fixture = await open(simulatedClock());
      const message = sampleMessage('m1', { inReplyTo: 'm0', body: { text: 'Ünï\u0000', list: [1, { a: null }] } });
      expect(await fixture.client().mailbox.send(message)).toBe('sent');
      expect(await fixture.client().mailbox.send({ ...message, body: {} })).toBe('duplicate');
      const { mailbox } = fixture.client();
      expect(await receive(mailbox, 'coder')).toEqual([]);
      const [first, ...more] = await receive(mailbox);
      expect(first).toMatchObject({ message, deliveries: 1 });
      expect(more).toEqual([]);
      expect(await mailbox.acknowledge(first?.receipt ?? '')).toBe(true);
      expect(await mailbox.send(message)).toBe('duplicate');
      expect(await receive(mailbox)).toEqual([]);
    });

    it('keeps the order within a task: the second comes when the first is acknowledged', async () => {
      await using fixture = await open(simulatedClock());
      const { mailbox } = fixture.client();
      for (const id of ['a1', 'a2', 'a3']) await mailbox.send(sampleMessage(id));
      for (const id of ['b1', 'b2']) await mailbox.send(sampleMessage(id, { task: sampleKey(2) }));
      await mailbox.send(sampleMessage('c1', { to: 'coder/9' }));
      const [first, second, ...more] = await receive(mailbox);
      expect([first?.message.id, second?.message.id, more.length]).toEqual(['a1', 'b1', 0]);
      expect(await ids(mailbox)).toEqual([]);
      await mailbox.acknowledge(first?.receipt ?? '');
      expect(await ids(mailbox)).toEqual(['a2']);
      expect(await ids(mailbox, 'coder/9')).toEqual(['c1']);
      expect((await mailbox.about(sampleKey(1))).map(({ id }) => id)).toEqual(['a1', 'a2', 'a3', 'c1']);
    });

    it('hands out what was not acknowledged in time anew, under another receipt', async () => {
      const clock = simulatedClock();
      await using fixture = await open(clock);
      const { mailbox } = fixture.client();
      await mailbox.send(sampleMessage('m1'));
      const [first] = await receive(mailbox);
      clock.advance(visibilityMs - 1);
      expect(await receive(mailbox)).toEqual([]);
      clock.advance(1);
      const [second] = await receive(mailbox);
      expect(second).toMatchObject({ deliveries: 2, message: { id: 'm1' } });
      expect(await mailbox.acknowledge(first?.receipt ?? '')).toBe(false);
      expect(await mailbox.acknowledge('guessed')).toBe(false);
      expect(await mailbox.acknowledge(second?.receipt ?? '')).toBe(true);
    });

    it('gives a message up after its last delivery, lets the next one pass, and delivers it anew when redriven', async () => {
      const clock = simulatedClock();
      await using fixture = await open(clock);
      const { mailbox } = fixture.client();
      await mailbox.send(sampleMessage('poison'));
      await mailbox.send(sampleMessage('next'));
      for (let times = 1; times <= maxDeliveries; times += 1) {
        expect(await ids(mailbox)).toEqual(['poison']);
        expect(await mailbox.dead('reviewer')).toEqual([]);
        expect(await mailbox.redrive('poison')).toBe(false);
        clock.advance(visibilityMs);
      }
      expect(await mailbox.dead('reviewer')).toEqual([sampleMessage('poison')]);
      const [next] = await receive(mailbox);
      expect(next?.message.id).toBe('next');
      await mailbox.acknowledge(next?.receipt ?? '');
      expect(await mailbox.redrive('poison')).toBe(true);
      expect(await mailbox.redrive('unknown')).toBe(false);
      expect(await mailbox.dead('reviewer')).toEqual([]);
      expect(await receive(mailbox)).toMatchObject([{ message: { id: 'poison' }, deliveries: 1 }]);
    });

    it('refuses a body that is too large', async () => {
      await using fixture = await open(simulatedClock());
      const { mailbox } = fixture.client();
      const large = sampleMessage('m1', { body: { text: 'ö'.repeat(maxMessageBytes / 2) } });
      await expect(mailbox.send(large)).rejects.toThrow(/bytes/);
      expect(await mailbox.about(sampleKey(1))).toEqual([]);
    });

    it('gives each message to one of many readers at a time', async () => {
      await using fixture = await open(simulatedClock());
      const { mailbox } = fixture.client();
      for (let at = 0; at < 6; at += 1) await mailbox.send(sampleMessage(`m${at}`, { task: sampleKey(at + 1) }));
      const hands = await Promise.all(
        Array.from({ length: 6 }, () => receive(fixture.client().mailbox, 'reviewer', 2)),
      );
      const given = hands.flat().map(({ message }) => message.id);
      expect(new Set(given).size).toBe(given.length);
      expect(given).toHaveLength(6);
    });

    it('loses none and never changes their order within a task, whatever readers do', async () => {
      const step = fc.oneof(
        fc.record({ do: fc.constant('send' as const), task: fc.integer({ min: 1, max: 2 }) }),
        fc.record({ do: fc.constant('receive' as const), acknowledge: fc.boolean() }),
        fc.record({ do: fc.constant('wait' as const) }),
      );
      const property = fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const clock = simulatedClock();
        await using fixture = await open(clock);
        const { mailbox } = fixture.client();
        const handled: string[] = [];
        const sent: string[] = [];
        for (const [at, one] of steps.entries()) {
          if (one.do === 'send') {
            const id = `${one.task}/${at}`;
            sent.push(id);
            await mailbox.send(sampleMessage(id, { task: sampleKey(one.task) }));
          } else if (one.do === 'wait') {
            clock.advance(visibilityMs);
          } else {
            for (const { message, receipt } of await receive(mailbox)) {
              expect(handled).not.toContain(message.id);
              if (one.acknowledge && (await mailbox.acknowledge(receipt))) handled.push(message.id);
            }
          }
        }
        for (const task of ['1/', '2/']) {
          const dead = new Set((await mailbox.dead('reviewer')).map(({ id }) => id));
          const order = sent.filter((id) => id.startsWith(task) && !dead.has(id));
          const done = handled.filter((id) => id.startsWith(task) && !dead.has(id));
          expect(done).toEqual(order.slice(0, done.length));
        }
      });
      await fc.assert(property, { numRuns: 12 });
    });
  });
}
