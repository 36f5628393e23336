import path from 'node:path';
import { type Database, openDatabase } from '../../src/adapters/sqlite/database.ts';
import { createSqliteTaskQueue } from '../../src/adapters/sqlite/task-queue.ts';
import { queueRules } from '../../src/domain/coordination/queue-rules.ts';
import { memoryTaskQueue } from '../fakes/memory-task-queue.ts';
import { simulatedClock } from '../fakes/simulated-clock.ts';
import { tempFolder } from '../fakes/temp-folder.ts';
import { deadLetterContract } from './dead-letters.contract.ts';
import { taskQueueContract } from './task-queue.contract.ts';
import type { TaskQueuePromises, TaskQueueSubject } from './task-queue.fixture.ts';

const promises: TaskQueuePromises = {
  order: 'exact',
  receipts: 'exact',
  roles: 'chosen',
  ages: 'told',
  datesWithinMs: 0,
  deduplicationMs: queueRules.deduplicationMs,
  maxDeliveries: queueRules.maxDeliveries,
  time: 'simulated',
};

const inMemory: TaskQueueSubject = {
  name: 'the queue in memory',
  promises,
  open: async () => {
    const clock = simulatedClock();
    const queue = memoryTaskQueue(clock);
    return {
      client: () => queue,
      now: clock.now,
      pass: async (ms) => clock.advance(ms),
      [Symbol.asyncDispose]: async () => {},
    };
  },
};

const inSqlite: TaskQueueSubject = {
  name: 'the queue in SQLite',
  promises,
  open: async () => {
    const clock = simulatedClock();
    const folder = tempFolder();
    const opened: Database[] = [];
    return {
      client: () => {
        const database = openDatabase({ path: path.join(folder.root, 'state.db'), clock });
        opened.push(database);
        return createSqliteTaskQueue(database);
      },
      now: clock.now,
      pass: async (ms) => clock.advance(ms),
      [Symbol.asyncDispose]: async () => {
        for (const database of opened) await database.close();
        folder[Symbol.dispose]();
      },
    };
  },
};

for (const subject of [inMemory, inSqlite]) {
  taskQueueContract(subject);
  deadLetterContract(subject);
}
