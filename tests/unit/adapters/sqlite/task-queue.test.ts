import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../../../src/adapters/sqlite/database.ts';
import { createSqliteTaskQueue } from '../../../../src/adapters/sqlite/task-queue.ts';
import type { ReceivedWork, TaskQueue } from '../../../../src/ports/task-queue.ts';
import { memoryTaskQueue } from '../../../fakes/memory-task-queue.ts';
import { simulatedClock } from '../../../fakes/simulated-clock.ts';

const roles = ['coder', 'reviewer'] as const;
const shortTime = fc.nat(40_000);

/** One thing done to a queue; `receipt` counts the deliveries so far from the newest. */
const action = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('send' as const),
      id: fc.nat(12).map((number) => `w${number}`),
      role: fc.constantFrom(...roles),
      priority: fc.nat(4),
      delayMs: fc.oneof(fc.constant(0), shortTime),
      timeToLiveMs: fc.oneof(fc.constant(undefined), fc.integer({ min: 1, max: 90_000 })),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('receive' as const),
      roles: fc.constantFrom(undefined, ['coder'], ['reviewer', 'coder'], []),
      limit: fc.integer({ min: 1, max: 4 }),
      visibilityMs: fc.integer({ min: 1, max: 30_000 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('acknowledge' as const), receipt: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('extend' as const), receipt: fc.nat(5), ms: shortTime }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('retry' as const), receipt: fc.nat(5), ms: shortTime }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reject' as const), receipt: fc.nat(5) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('redrive' as const), ids: fc.constantFrom(undefined, ['w1', 'w2']) }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.oneof(shortTime, fc.nat(200_000)) }) },
);
type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;

/** Does it and tells the answer; receipts are told by the order in which they were given. */
async function act(
  queue: TaskQueue,
  deliveries: ReceivedWork[],
  of: Exclude<Action, { do: 'wait' }>,
): Promise<unknown> {
  const receipt = 'receipt' in of ? (deliveries.at(-1 - of.receipt)?.receipt ?? 'none') : '';
  switch (of.do) {
    case 'send': {
      const { id, role, priority, delayMs, timeToLiveMs } = of;
      const work = { id, task: 'github/octo/slug/issues/1', role, body: { id } };
      return queue.send(work, { priority, delayMs, ...(timeToLiveMs !== undefined && { timeToLiveMs }) });
    }
    case 'receive': {
      const { limit, visibilityMs } = of;
      const received = await queue.receive({ limit, visibilityMs, ...(of.roles && { roles: of.roles }) });
      deliveries.push(...received);
      return received.map(({ receipt: _, ...told }) => told);
    }
    case 'acknowledge':
      return queue.acknowledge(receipt);
    case 'extend':
      return queue.extend(receipt, of.ms);
    case 'retry':
      return queue.release(receipt, { kind: 'retry', delayMs: of.ms });
    case 'reject':
      return queue.release(receipt, { kind: 'reject', detail: 'because' });
    case 'redrive':
      return queue.redrive(of.ids);
    default:
      return of satisfies never;
  }
}

describe('the queue in SQLite', () => {
  it('answers every sequence of calls as the list in memory does', async () => {
    const property = fc.asyncProperty(fc.array(action, { minLength: 10, maxLength: 60 }), async (actions) => {
      const clock = simulatedClock();
      const database = openDatabase({ path: ':memory:', clock });
      const queue = createSqliteTaskQueue(database);
      const model = memoryTaskQueue(clock);
      const [given, modelGiven]: [ReceivedWork[], ReceivedWork[]] = [[], []];
      for (const step of actions) {
        if (step.do === 'wait') {
          clock.advance(step.ms);
          continue;
        }
        expect(await act(queue, given, step)).toEqual(await act(model, modelGiven, step));
      }
      expect(await queue.depth()).toEqual(await model.depth());
      expect(byId(await queue.deadLetters({ limit: 99 }))).toEqual(byId(await model.deadLetters({ limit: 99 })));
      await database.close();
    });
    await fc.assert(property, { numRuns: 150 });
  });
});

function byId<T extends { readonly work: { readonly id: string }; readonly diedAt?: number }>(
  letters: readonly T[],
): T[] {
  return [...letters].sort((a, b) => (a.diedAt ?? 0) - (b.diedAt ?? 0) || a.work.id.localeCompare(b.work.id));
}
