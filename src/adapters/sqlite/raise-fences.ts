import type { DatabaseSync } from 'node:sqlite';
import { taskOf } from '../../domain/coordination/claim-events.ts';
import { restoredClaim } from '../../domain/coordination/restored-claims.ts';
import type { Clock } from '../../ports/clock.ts';
import { readClaims, readFenceFloor } from './claim-rows.ts';
import { writeClaimChanges } from './write-claim-changes.ts';

const pageSize = 200;
const actor = 'system';

/** The highest fence that this state knows to be granted, of whatever key. */
export function highestFence(db: DatabaseSync): number {
  const found = Number(db.prepare('SELECT coalesce(max(fence), 0) AS fence FROM claims').get()?.['fence']);
  return Math.max(found, readFenceFloor(db));
}

/** Puts every fence to come above the floor and ends every lease of before. Tells how many claims were held. */
export function raiseFences(db: DatabaseSync, clock: Clock, floor: number): number {
  writeClaimChanges(db, clock, [{ actor, change: { type: 'state.restored', floor } }]);
  let held = 0;
  let after = '';
  for (;;) {
    const page = readClaims(db, { state: 'held' }, { after, limit: pageSize });
    for (const record of page) {
      const { key, holder } = record;
      const task = taskOf(key);
      const changes = restoredClaim(record, floor);
      const events = changes.map((change) => ({ actor, run: holder.runId, ...(task && { task }), change }));
      writeClaimChanges(db, clock, events);
      held += 1;
    }
    const last = page.at(-1);
    if (last === undefined) return held;
    after = last.key;
  }
}
