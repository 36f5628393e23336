import { describe, expect, test } from 'vitest';
import { ageingMs } from '../../src/domain/dispatch/line-order.ts';
import type { WaitingTask } from '../../src/domain/dispatch/waiting-task.ts';
import type { WaitingList } from '../../src/ports/waiting-list.ts';

export interface WaitingListFixture extends AsyncDisposable {
  /** Another client of the same list, as another function has. */
  client(): WaitingList;
}

const slots = 'organisation/octo';
const money = 'repository/octo/slug/day/2026-11-21';

export function waitingTask(number: number, more: Partial<WaitingTask> = {}): WaitingTask {
  return {
    key: `github/octo/slug/issues/${number}`,
    line: slots,
    limit: 'runs',
    since: 1_000 + number,
    asked: {
      kind: 'delivery',
      schema: 1,
      delivery: `delivery-${number}`,
      event: 'issues',
      bodySha256: 'a'.repeat(64),
      receivedAt: 900,
      traceparent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`,
      installation: 7,
      payload: { action: 'labeled', issue: { number, title: 'naïve 😀 "quoted"\n', milestone: null } },
    },
    ...more,
  };
}

const keysOf = (tasks: readonly WaitingTask[]) => tasks.map(({ key }) => Number(key.split('/').at(-1)));

async function everybody(list: WaitingList): Promise<number[]> {
  const tasks: WaitingTask[] = [];
  for await (const task of list.all()) tasks.push(task);
  return keysOf(tasks);
}

/** Every list of tasks that wait for a budget keeps these. */
export function waitingListContract(name: string, open: () => Promise<WaitingListFixture>): void {
  describe(`${name}`, () => {
    test('keeps a task as it was asked for, and tells how many stand before it', async () => {
      await using it = await open();
      expect(await it.client().join(waitingTask(1))).toEqual({ kind: 'joined', task: waitingTask(1), ahead: 0 });
      expect(await it.client().join(waitingTask(2))).toEqual({ kind: 'joined', task: waitingTask(2), ahead: 1 });
      expect(await it.client().read(waitingTask(1).key)).toEqual(waitingTask(1));
      expect(await it.client().read('github/octo/slug/issues/9')).toBeUndefined();
    });

    test('serves each line by itself, first come first, whoever joined it last', async () => {
      await using it = await open();
      for (const number of [3, 1, 2]) await it.client().join(waitingTask(number));
      await it.client().join(waitingTask(0, { line: money, limit: 'microUsd', needs: 5 }));
      expect((await it.client().line(money, 1))[0]?.needs).toBe(5);
      expect(keysOf(await it.client().line(slots, 10))).toEqual([1, 2, 3]);
      expect(keysOf(await it.client().line(slots, 2))).toEqual([1, 2]);
      expect(keysOf(await it.client().line(money, 10))).toEqual([0]);
      expect(await it.client().line('organisation/nobody', 10)).toEqual([]);
      expect(await everybody(it.client())).toEqual([1, 2, 3, 0]);
    });

    test('serves the more urgent first, and none of those that have waited so much longer is passed', async () => {
      await using it = await open();
      const join = (number: number, priority: number, since: number) =>
        it.client().join(waitingTask(number, { priority, since }));
      await join(1, 2, 5_000);
      await join(2, 4, 5_000);
      expect(await join(3, 0, 9_000)).toMatchObject({ kind: 'joined', ahead: 0 });
      expect(await join(4, 2, 4_000)).toMatchObject({ ahead: 1 });
      expect(keysOf(await it.client().line(slots, 10))).toEqual([3, 4, 1, 2]);
      expect(await join(5, 0, 5_000 + 2 * ageingMs + 1)).toMatchObject({ ahead: 3 });
      expect(keysOf(await it.client().line(slots, 10))).toEqual([3, 4, 1, 5, 2]);
      expect(await everybody(it.client())).toEqual([3, 4, 1, 5, 2]);
      expect(await it.client().read(waitingTask(2).key)).toEqual(waitingTask(2, { priority: 4, since: 5_000 }));
    });

    test('moves a task in its line when it has become more urgent, or less', async () => {
      await using it = await open();
      for (const number of [1, 2, 3]) await it.client().join(waitingTask(number, { priority: 2 }));
      const urgent = await it.client().join(waitingTask(3, { priority: 0, since: 9_999 }));
      expect(urgent).toMatchObject({ kind: 'already', ahead: 0, task: { since: 1_003, priority: 0 } });
      expect(keysOf(await it.client().line(slots, 10))).toEqual([3, 1, 2]);
      await it.client().join(waitingTask(3, { priority: 3 }));
      expect(keysOf(await it.client().line(slots, 10))).toEqual([1, 2, 3]);
      expect(await everybody(it.client())).toEqual([1, 2, 3]);
      expect(await it.client().leave(waitingTask(3).key)).toBe(true);
      expect(keysOf(await it.client().line(slots, 10))).toEqual([1, 2]);
    });

    test('keeps who waits for other tasks, with those that go first', async () => {
      await using it = await open();
      const line = 'files/octo/slug';
      const task = waitingTask(1, { line, limit: 'files', behind: [waitingTask(7).key], priority: 2 });
      await it.client().join(task);
      await it.client().join(waitingTask(2, { line: 'blockers/octo/slug', limit: 'blockers' }));
      expect(await it.client().line(line, 10)).toEqual([task]);
      expect(await it.client().read(waitingTask(2).key)).toMatchObject({ limit: 'blockers' });
    });

    test('gives a task one place, which it keeps when it comes again', async () => {
      await using it = await open();
      for (const number of [1, 2, 3]) await it.client().join(waitingTask(number));
      const asked = { ...waitingTask(1).asked, delivery: 'later' };
      const again = waitingTask(1, { since: 9_999, asked, limit: 'turns' });
      const task = { ...again, since: 1_001 };
      expect(await it.client().join(again)).toEqual({ kind: 'already', task, ahead: 0 });
      expect(await it.client().read(task.key)).toEqual(task);
      expect(keysOf(await it.client().line(slots, 10))).toEqual([1, 2, 3]);
    });

    test('lets a task go over to another line, where it stands by when it came first', async () => {
      await using it = await open();
      for (const number of [1, 2]) await it.client().join(waitingTask(number));
      await it.client().join(waitingTask(5, { line: money }));
      const moved = await it.client().join(waitingTask(2, { line: money, since: 9_999 }));
      expect(moved).toMatchObject({ kind: 'already', ahead: 0, task: { since: 1_002, line: money } });
      expect(keysOf(await it.client().line(slots, 10))).toEqual([1]);
      expect(keysOf(await it.client().line(money, 10))).toEqual([2, 5]);
    });

    test('forgets who leaves, once, and takes them in anew at the end', async () => {
      await using it = await open();
      for (const number of [1, 2]) await it.client().join(waitingTask(number));
      expect(await it.client().leave(waitingTask(1).key)).toBe(true);
      expect(await it.client().leave(waitingTask(1).key)).toBe(false);
      expect(await it.client().read(waitingTask(1).key)).toBeUndefined();
      expect(keysOf(await it.client().line(slots, 10))).toEqual([2]);
      expect(await it.client().join(waitingTask(1, { since: 5_000 }))).toMatchObject({ kind: 'joined', ahead: 1 });
      expect(await everybody(it.client())).toEqual([2, 1]);
    });

    test('keeps one order when many join at the same moment from many places', async () => {
      await using it = await open();
      const numbers = Array.from({ length: 20 }, (_, at) => at + 100);
      await Promise.all(
        numbers.flatMap((number) => [
          it.client().join(waitingTask(number, { since: 1_000 + (number % 3) })),
          it.client().join(waitingTask(number, { since: 1_000 + (number % 3), limit: 'turns' })),
        ]),
      );
      const order = [...numbers].sort((a, b) => (a % 3) - (b % 3) || a - b);
      expect(keysOf(await it.client().line(slots, 100))).toEqual(order);
      const places = await Promise.all(numbers.map((number) => it.client().join(waitingTask(number))));
      expect(places.map(({ ahead }) => ahead).sort((a, b) => a - b)).toEqual(numbers.map((_, at) => at));
    });

    test('has somebody leave who joins at the same moment, or not', async () => {
      await using it = await open();
      for (let round = 0; round < 10; round += 1) {
        const task = waitingTask(1, { line: round % 2 === 0 ? slots : money });
        await Promise.all([it.client().join(task), it.client().leave(task.key), it.client().join(task)]);
        const stands = await it.client().read(task.key);
        const lines = await Promise.all([slots, money].map((line) => it.client().line(line, 10)));
        expect(lines.flat()).toEqual(stands === undefined ? [] : [stands]);
      }
    });
  });
}
