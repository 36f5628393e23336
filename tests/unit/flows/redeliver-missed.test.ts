import { describe, expect, test } from 'vitest';
import { redeliverMissed } from '../../../src/flows/sweep/redeliver-missed.ts';
import type { SweepRoom } from '../../../src/flows/sweep/sweep-room.ts';
import type { AppDelivery } from '../../../src/ports/forge-app.ts';
import { memoryCursors } from '../../fakes/memory-cursors.ts';
import { simulatedClock } from '../../fakes/simulated-clock.ts';
import { noBounds } from './sweep.fixture.ts';

const minute = 60_000;

/** GitHub's list of deliveries, newest first in pages, and what it was asked for again. */
function hookRoom(pageSize = 2) {
  const clock = simulatedClock();
  const list: AppDelivery[] = [];
  const asked: string[] = [];
  const deliver = (guid: string, statusCode: number, redelivery = false): void => {
    const deliveredAt = new Date(clock.now()).toISOString();
    list.unshift({ id: list.length + 1, guid, event: 'issues', deliveredAt, redelivery, statusCode });
  };
  const app = {
    deliveries: async (cursor?: string) => {
      const from = cursor === undefined ? 0 : list.findIndex(({ id }) => String(id) === cursor);
      const next = list[from + pageSize];
      return { deliveries: list.slice(from, from + pageSize), ...(next && { next: String(next.id) }) };
    },
    redeliver: async (id: number) => {
      const { guid = '' } = list.find((each) => each.id === id) ?? {};
      asked.push(guid);
      return 'accepted' as const;
    },
  };
  const room = { clock, cursors: memoryCursors(), app } as unknown as SweepRoom;
  return { clock, deliver, asked, sweep: () => redeliverMissed(room, noBounds) };
}

describe('webhooks that did not arrive', () => {
  test('are asked for again, once each while that is under way, and not when they arrived since', async () => {
    const { clock, deliver, asked, sweep } = hookRoom();
    deliver('fine', 202);
    deliver('lost', 502);
    deliver('silent', 0);
    deliver('refused', 401);
    clock.advance(5 * minute);
    expect(await sweep()).toEqual({ asked: 2, lost: 0 });
    expect(asked).toEqual(['lost', 'silent']);
    deliver('lost', 202, true);
    deliver('silent', 500, true);
    await sweep();
    expect(asked).toEqual(['lost', 'silent']);
    clock.advance(5 * minute);
    await sweep();
    expect(asked).toEqual(['lost', 'silent', 'silent']);
  });

  test('are asked for less and less often through an outage of hours, and arrive after it', async () => {
    const { clock, deliver, asked, sweep } = hookRoom();
    deliver('patient', 503);
    for (let minutes = 0; minutes < 6 * 60; minutes += 1) {
      clock.advance(minute);
      if ((await sweep()).asked > 0) deliver('patient', 503, true);
    }
    // After 2, 4, 8, 16, 32, 64 and 128 minutes; the next pause is longer than what is left of the six hours.
    expect(asked).toHaveLength(7);
    clock.advance(4 * 60 * minute);
    expect(await sweep()).toEqual({ asked: 1, lost: 0 });
    deliver('patient', 202, true);
    for (let hours = 0; hours < 80; hours += 1) {
      clock.advance(60 * minute);
      expect(await sweep()).toEqual({ asked: 0, lost: 0 });
    }
  });

  test('are given up when GitHub does not keep them any longer, and told as lost once', async () => {
    const { clock, deliver, asked, sweep } = hookRoom();
    deliver('gone', 503);
    let lost = 0;
    for (let hours = 0; hours < 100; hours += 1) {
      clock.advance(60 * minute);
      const result = await sweep();
      lost += result.lost;
      if (result.asked > 0) deliver('gone', 503, true);
    }
    expect(asked.length).toBeGreaterThan(15);
    expect(lost).toBe(1);
  });

  test('are all asked for in the end when more of them failed than are kept track of', async () => {
    const { clock, deliver, asked, sweep } = hookRoom(100);
    for (let count = 0; count < 700; count += 1) deliver(`lost-${count}`, 502);
    for (let sweeps = 0; sweeps < 100; sweeps += 1) {
      clock.advance(3 * minute);
      const before = asked.length;
      await sweep();
      for (const guid of asked.slice(before)) deliver(guid, 202, true);
    }
    expect(new Set(asked).size).toBe(700);
    expect(asked).toHaveLength(700);
  });

  test('are found in a list that is longer than one sweep reads', async () => {
    const { clock, deliver, asked, sweep } = hookRoom();
    deliver('old', 500);
    for (let count = 0; count < 100; count += 1) deliver(`fine-${count}`, 202);
    clock.advance(5 * minute);
    for (let sweeps = 0; sweeps < 8; sweeps += 1) await sweep();
    expect(asked).toEqual(['old']);
  });

  test('of a minute ago are left until it is known whether they arrived', async () => {
    const { clock, deliver, asked, sweep } = hookRoom();
    deliver('young', 0);
    clock.advance(minute);
    await sweep();
    expect(asked).toEqual([]);
    clock.advance(2 * minute);
    await sweep();
    expect(asked).toEqual(['young']);
  });
});
