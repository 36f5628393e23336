import { appendFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { openDatabase } from '../../src/adapters/sqlite/database.ts';
import { createSqliteTaskQueue } from '../../src/adapters/sqlite/task-queue.ts';
import { createSystemClock } from '../../src/adapters/system/system-clock.ts';

/** Takes work from a queue until told that all is done; puts on record what it acknowledges, before and after. */
const [file = '', record = ''] = process.argv.slice(2);
const database = openDatabase({ path: file, clock: createSystemClock() });
const queue = createSqliteTaskQueue(database, { maxDeliveries: 50 });
const told = (line: string) => appendFileSync(record, `${line}\n`);

let ending = false;
process.once('message', () => {
  ending = true;
});
process.send?.('ready');
while (!ending) {
  const received = await queue.receive({ limit: 3, visibilityMs: 300 });
  for (const { work, receipt } of received) {
    told(`about to ${work.id}`);
    if (await queue.acknowledge(receipt)) told(`done ${work.id}`);
  }
  if (received.length === 0) await wait(10);
}
await database.close();
process.disconnect?.();
