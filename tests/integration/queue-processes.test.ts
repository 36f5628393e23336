import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { openDatabase } from '../../src/adapters/sqlite/database.ts';
import { createSqliteTaskQueue } from '../../src/adapters/sqlite/task-queue.ts';
import { createSystemClock } from '../../src/adapters/system/system-clock.ts';
import { tempFolder } from '../fakes/temp-folder.ts';

const program = fileURLToPath(new URL('../fakes/queue-worker.ts', import.meta.url));
const deadlineMs = 40_000;

async function startWorker(file: string, record: string): Promise<ChildProcess> {
  const worker = fork(program, [file, record], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  await once(worker, 'message');
  return worker;
}

it('loses nothing and acknowledges nothing twice when processes share the queue and some are killed', async () => {
  using folder = tempFolder();
  const file = path.join(folder.root, 'state.db');
  const record = path.join(folder.root, 'record');
  writeFileSync(record, '');
  const database = openDatabase({ path: file, clock: createSystemClock() });
  // Under load a short visibility runs out often; that is not what is looked at.
  const queue = createSqliteTaskQueue(database, { maxDeliveries: 50 });
  const workers = await Promise.all(Array.from({ length: 3 }, () => startWorker(file, record)));
  const ids = Array.from({ length: 240 }, (_, index) => `w${index}`);
  const until = performance.now() + deadlineMs;
  try {
    for (const [index, id] of ids.entries()) {
      const task = 'github/octo/slug/issues/1';
      expect(await queue.send({ id, task, role: 'coder', body: {} }, { priority: index % 5 })).toBe('sent');
      if (index % 80 !== 40) continue;
      const victim = workers.shift();
      victim?.kill('SIGKILL');
      workers.push(await startWorker(file, record));
    }
    const empty = { waiting: 0, delayed: 0, inFlight: 0, dead: 0 };
    for (let depth = await queue.depth(); depth.waiting + depth.inFlight > 0; depth = await queue.depth()) {
      if (performance.now() > until) throw new Error(`still there: ${JSON.stringify(depth)}`);
      await wait(20);
    }
    expect(await queue.depth()).toEqual(empty);
  } finally {
    const living = workers.filter((worker) => worker.exitCode === null && worker.signalCode === null);
    const ended = living.map((worker) => once(worker, 'exit'));
    for (const worker of living) worker.send('end');
    await Promise.all(ended);
    await database.close();
  }

  const lines = readFileSync(record, 'utf8').split('\n');
  const done = lines.filter((line) => line.startsWith('done ')).map((line) => line.slice(5));
  const tried = new Set(lines.filter((line) => line.startsWith('about to ')).map((line) => line.slice(9)));
  expect(new Set(done).size).toBe(done.length);
  expect([...tried].sort()).toEqual([...ids].sort());
  // Whoever was killed between its acknowledgement and its word of it leaves one piece of work without that word.
  expect(done.length).toBeGreaterThanOrEqual(ids.length - 3);
});
