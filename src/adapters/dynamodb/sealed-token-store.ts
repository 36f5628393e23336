import { EntropyError } from '../../domain/error.ts';
import { isCount } from '../../domain/json-shape.ts';
import type { SealedToken, SealedTokenStore } from '../../ports/sealed-token-store.ts';
import { sealedTokenKey, secondsOf } from './access-keys.ts';
import { type Attributes, fromAttributes, toAttributes } from './attribute-values.ts';
import type { DynamoTable } from './dynamo-table.ts';
import { table as names } from './table.ts';

/** After its end a token is of no use to anybody; the item is kept a little longer, for clocks that differ. */
const keptAfterMs = 60 * 60_000;

/** One item for each installation: the sealed token and whose turn it is to make the next one. */
export function createDynamoSealedTokenStore(table: DynamoTable): SealedTokenStore {
  return {
    read: async (installation) => {
      const item = await table.get(sealedTokenKey(installation));
      return item && readToken(item);
    },

    takeTurn: async (installation, { turn, now, until, mintedBefore }) => {
      const nobodys = 'attribute_not_exists(#turn) OR turnUntil <= :now OR #turn = :turn';
      const outcome = await table.update({
        key: sealedTokenKey(installation),
        UpdateExpression: `SET #turn = :turn, turnUntil = :until, #ttl = :ttl`,
        ConditionExpression: `(${nobodys}) AND (attribute_not_exists(mintedAt) OR mintedAt < :mintedBefore)`,
        ExpressionAttributeNames: { '#turn': 'turn', '#ttl': names.timeToLive },
        ExpressionAttributeValues: toAttributes({
          ':turn': turn,
          ':now': now,
          ':until': until,
          ':mintedBefore': mintedBefore,
          ':ttl': secondsOf(until + keptAfterMs),
        }),
      });
      return outcome.kind === 'written' ? 'mine' : 'taken';
    },

    put: async (installation, turn, { sealed, mintedAt, expiresAt }) => {
      const bytes = Buffer.from(sealed).toString('base64');
      const outcome = await table.update({
        key: sealedTokenKey(installation),
        UpdateExpression:
          'SET sealed = :sealed, mintedAt = :mintedAt, expiresAt = :expiresAt, #ttl = :ttl REMOVE #turn, turnUntil',
        ConditionExpression: '#turn = :turn',
        ExpressionAttributeNames: { '#turn': 'turn', '#ttl': names.timeToLive },
        ExpressionAttributeValues: toAttributes({
          ':turn': turn,
          ':sealed': bytes,
          ':mintedAt': mintedAt,
          ':expiresAt': expiresAt,
          ':ttl': secondsOf(expiresAt + keptAfterMs),
        }),
      });
      if (outcome.kind === 'written') return 'stored';
      // The answer of an earlier attempt was lost: these very bytes lie there.
      return outcome.current?.['sealed']?.S === bytes ? 'stored' : 'late';
    },

    giveUp: async (installation, turn) => {
      await table.update({
        key: sealedTokenKey(installation),
        UpdateExpression: 'REMOVE #turn, turnUntil',
        ConditionExpression: '#turn = :turn',
        ExpressionAttributeNames: { '#turn': 'turn' },
        ExpressionAttributeValues: toAttributes({ ':turn': turn }),
      });
    },
  };
}

/** Undefined: only a turn was taken so far. */
function readToken(attributes: Attributes): SealedToken | undefined {
  const { pk, sealed, mintedAt, expiresAt } = fromAttributes(attributes);
  if (sealed === undefined) return undefined;
  if (typeof sealed === 'string' && isCount(mintedAt) && isCount(expiresAt)) {
    return { sealed: new Uint8Array(Buffer.from(sealed, 'base64')), mintedAt, expiresAt };
  }
  throw new EntropyError({
    code: 'E710',
    message: `the item ${String(pk)} is no sealed token that this version can read`,
    fix: 'delete the item: the next function that needs a token makes one',
  });
}
