import { randomBytes } from 'node:crypto';
import { EntropyError } from '../../domain/error.ts';
import type { Clock } from '../../ports/clock.ts';
import type { PersonalRecord, PersonalRecords } from '../../ports/personal-records.ts';
import { toldVersions } from './append-log.ts';
import { type Attributes, fromAttributes, toAttributes, toValue } from './attribute-values.ts';
import { type ChangeIdentity, identityOf } from './change-identity.ts';
import type { DynamoTable } from './dynamo-table.ts';
import type { ItemKey } from './item-keys.ts';
import { changedAttributes, readPersonalItem } from './personal-item.ts';
import { tellsEvents } from './stream-events.ts';

const pseudonymKey: ItemKey = { pk: 'PSEUDONYMS', sk: 'PSEUDONYMS' };
/** A stream tells within a second; an archiver that was slow has caught up by then. */
const toldWithinMs = 120_000;
const pollMs = 2_000;
const marksAtOnce = 100;

/** Every item of the table that may hold something of a person. Replacing leaves versions alone, so no event is made of it. */
export function createDynamoPersonalRecords(table: DynamoTable, clock: Clock): PersonalRecords {
  const seen = new WeakMap<PersonalRecord, Attributes>();

  return {
    all: async function* () {
      for await (const page of table.scan()) {
        for (const item of page) {
          const read = readPersonalItem(item);
          if (read === undefined) continue;
          const { key: _key, ...record } = read;
          seen.set(record, item);
          yield record;
        }
      }
    },

    replace: async (record, data) => {
      const item = seen.get(record);
      if (item === undefined) throw foreign(record);
      const changed = changedAttributes(item, data);
      if (changed.length === 0) return 'replaced';
      const { pk, sk } = fromAttributes(item);
      const outcome = await table.update({
        key: { pk: String(pk), sk: String(sk) },
        UpdateExpression: `SET ${changed.map((_, at) => `#a${at} = :new${at}`).join(', ')}`,
        ConditionExpression: changed.map((_, at) => `#a${at} = :old${at}`).join(' AND '),
        ExpressionAttributeNames: Object.fromEntries(changed.map(({ name }, at) => [`#a${at}`, name])),
        ExpressionAttributeValues: Object.fromEntries(
          changed.flatMap(({ value, before }, at) => [
            [`:new${at}`, toValue(value)],
            [`:old${at}`, before],
          ]),
        ),
      });
      return outcome.kind === 'written' ? 'replaced' : 'changed';
    },

    pseudonymKey: async () => {
      const secret = randomBytes(32).toString('hex');
      const outcome = await table.put({
        Item: toAttributes({ ...pseudonymKey, secret }),
        ConditionExpression: 'attribute_not_exists(pk)',
      });
      if (outcome.kind === 'written') return secret;
      return String(outcome.current?.['secret']?.S);
    },

    untilTold: async (signal) => {
      let waiting: readonly ChangeIdentity[] = await storedVersions(table);
      const until = clock.monotonic() + toldWithinMs;
      for (;;) {
        waiting = await notTold(table, waiting);
        if (waiting.length === 0) return 'told';
        if (clock.monotonic() + pollMs > until) return 'late';
        await clock.sleep(pollMs, signal);
      }
    },
  };
}

async function storedVersions(table: DynamoTable): Promise<readonly ChangeIdentity[]> {
  const found: ChangeIdentity[] = [];
  for await (const page of table.scan()) {
    for (const item of page) {
      const identity = tellsEvents({ after: item }) ? identityOf({ after: item }) : undefined;
      if (identity !== undefined) found.push(identity);
    }
  }
  return found;
}

async function notTold(table: DynamoTable, items: readonly ChangeIdentity[]): Promise<readonly ChangeIdentity[]> {
  const waiting: ChangeIdentity[] = [];
  for (let at = 0; at < items.length; at += marksAtOnce) {
    const some = items.slice(at, at + marksAtOnce);
    const versions = await toldVersions(
      table,
      some.map(({ item }) => item),
    );
    waiting.push(...some.filter(({ to }, index) => (versions[index] ?? 0) < to));
  }
  return waiting;
}

function foreign({ kind, name }: PersonalRecord): EntropyError {
  return new EntropyError({
    code: 'E900',
    message: `the ${kind} ${name} was not read from this table`,
    fix: 'report it with the steps that led here',
  });
}
