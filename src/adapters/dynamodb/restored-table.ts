import { actorOf, taskOf } from '../../domain/coordination/claim-events.ts';
import { restoredClaim } from '../../domain/coordination/restored-claims.ts';
import { EntropyError } from '../../domain/error.ts';
import type { Clock } from '../../ports/clock.ts';
import type { RestoredState } from '../../ports/restored-state.ts';
import { appendToLog, type ToldItem, toldVersions } from './append-log.ts';
import { type Attributes, fromAttributes, toAttributes } from './attribute-values.ts';
import { identityOf } from './change-identity.ts';
import { claimItem, readClaim } from './claim-item.ts';
import { unchanged } from './commit-claim.ts';
import type { DynamoTable } from './dynamo-table.ts';
import { floorKey, floorKnownForMs, readFloor } from './fence-floor.ts';
import { toldBookKey } from './log-keys.ts';
import { replayLog } from './replay-log.ts';
import { tellsEvents } from './stream-events.ts';
import { type UntoldItem, untoldOf } from './untold-items.ts';

/** In this order, since one builds on the other: effects are told of claims that are known. */
const order = ['claim', 'effect', 'limits', 'budget', 'task', 'dependencies', 'run', 'message'];
/** A transaction holds 100 items: an event, its subjects and marks take up to six of them. */
const eventsAtOnce = 12;
const actor = 'system';

interface Untold extends UntoldItem {
  readonly item: Attributes;
}

/** A table that was restored from a backup, under its new name, before a function is told of it. */
export function createRestoredTable(table: DynamoTable, clock: Clock): RestoredState {
  const untold = async (): Promise<readonly Untold[]> => {
    const told = await replayLog(table);
    const found: Untold[] = [];
    for await (const page of table.scan()) {
      for (const item of page) {
        const lacking = untoldOf(item, told, clock.now());
        if (lacking !== undefined) found.push({ ...lacking, item });
      }
    }
    return found;
  };

  return {
    floorKnownAfterMs: floorKnownForMs,

    highestFence: async () => {
      let highest = readFloor(await table.get(floorKey));
      for await (const page of table.scan()) {
        for (const item of page.filter(isClaim)) highest = Math.max(highest, readClaim(item).record.fence);
      }
      return highest;
    },

    bringLogUp: async () => {
      const items = [...(await untold())].sort((a, b) => order.indexOf(kindOf(a)) - order.indexOf(kindOf(b)));
      let events = 0;
      for (const { item, events: lacking } of items) {
        const told = await behind(table, item);
        for (let at = 0; at < Math.max(1, lacking.length); at += eventsAtOnce) {
          const some = lacking.slice(at, at + eventsAtOnce);
          const last = at + eventsAtOnce >= lacking.length;
          const marks = last ? told : [];
          const book = last ? bookMark(table.name, item) : [];
          if (some.length + marks.length > 0)
            await appendToLog(table, clock, { events: some, told: marks, writes: some.length > 0 ? book : [] });
          events += some.length;
        }
      }
      return events;
    },

    raiseFences: async (floor) => {
      const now = clock.now();
      await appendToLog(table, clock, {
        events: [{ at: now, actor, change: { type: 'state.restored', floor } }],
        told: [],
        writes: [{ Put: { TableName: table.name, Item: toAttributes({ ...floorKey, floor }) } }],
      });
      let held = 0;
      for await (const page of table.scan()) {
        for (const item of page.filter(isClaim)) held += await endLease(table, clock, { item, floor });
      }
      return held;
    },

    differences: async () => (await untold()).filter(({ events }) => events.length > 0).map(({ name }) => name),
  };
}

function isClaim(item: Attributes): boolean {
  return fromAttributes(item)['sk'] === 'CLAIM';
}

function kindOf({ name }: UntoldItem): string {
  return name.split(' ')[0] ?? '';
}

/** The item, when the log is not known to tell of just this version of it. */
async function behind(table: DynamoTable, item: Attributes): Promise<readonly ToldItem[]> {
  const identity = tellsEvents({ after: item }) ? identityOf({ after: item }) : undefined;
  if (identity === undefined) return [];
  const [version] = await toldVersions(table, [identity.item]);
  const wrong =
    version === undefined || (identity.item.sk === 'MESSAGE' ? version < identity.to : version !== identity.to);
  return wrong ? [{ item: identity.item, version: identity.to }] : [];
}

/** A book that was told in whole is told as opened. */
function bookMark(TableName: string, item: Attributes) {
  const { sk, key } = fromAttributes(item);
  if (sk !== 'BUDGET' || typeof key !== 'string') return [];
  return [{ Put: { TableName, Item: toAttributes({ ...toldBookKey(key), told: 'opened' }) } }];
}

/** 1 when the claim was held. The record and its event are one write, which the stream's record of it adds nothing to. */
async function endLease(
  table: DynamoTable,
  clock: Clock,
  { item, floor }: { readonly item: Attributes; readonly floor: number },
): Promise<0 | 1> {
  const { record, version } = readClaim(item);
  const now = clock.now();
  const [change] = restoredClaim(record, floor);
  if (change?.type !== 'claim.taken-over') return 0;
  const { key, holder } = record;
  const task = taskOf(key);
  const about = { actor, run: holder.runId, ...(task !== undefined && { task }) };
  const next = claimItem({ record: change.claim, version: version + 1 }, now, { transition: 'take-over' });
  const { pk, sk } = fromAttributes(item);
  const written = await appendToLog(table, clock, {
    events: [{ at: now, ...about, change }],
    told: [{ item: { pk: String(pk), sk: String(sk) }, version: version + 1 }],
    writes: [{ Put: { TableName: table.name, Item: toAttributes(next), ...unchanged(version) } }],
  });
  if (written) return 1;
  throw new EntropyError({
    code: 'E713',
    message: `the claim ${key} of ${actorOf(holder)} was changed while its fence was raised`,
    fix: 'stop whoever uses the table (functions, coordinators, commands), then restore again; nothing was half written',
  });
}
