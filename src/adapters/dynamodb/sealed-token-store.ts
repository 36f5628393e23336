import { EntropyError } from '../../domain/error.ts';
import { isCount } from '../../domain/json-shape.ts';
import type { SealedToken, SealedTokenStore } from '../../ports/sealed-token-store.ts';
import { sealedTokenKey, secondsOf } from './access-keys.ts';
import { type Attributes, fromAttributes } from './attribute-values.ts';
import { changeItem } from './change-item.ts';
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
      const nobodys = 'attribute_not_exists(#turn) OR #turnUntil <= :now OR #turn = :turn';
      const outcome = await table.update(
        changeItem({
          key: sealedTokenKey(installation),
          set: { turn, turnUntil: until, [names.timeToLive]: secondsOf(until + keptAfterMs) },
          when: `(${nobodys}) AND (attribute_not_exists(#mintedAt) OR #mintedAt < :mintedBefore)`,
          values: { turn, now, mintedBefore },
        }),
      );
      return outcome.kind === 'written' ? 'mine' : 'taken';
    },

    put: async (installation, turn, { sealed, mintedAt, expiresAt }) => {
      const bytes = Buffer.from(sealed).toString('base64');
      const ttl = secondsOf(expiresAt + keptAfterMs);
      const outcome = await table.update(
        changeItem({
          key: sealedTokenKey(installation),
          set: { sealed: bytes, mintedAt, expiresAt, [names.timeToLive]: ttl },
          ...endOf(turn),
        }),
      );
      if (outcome.kind === 'written') return 'stored';
      // The answer of an earlier attempt was lost: these very bytes lie there.
      return outcome.current?.['sealed']?.S === bytes ? 'stored' : 'late';
    },

    giveUp: async (installation, turn) => {
      await table.update(changeItem({ key: sealedTokenKey(installation), ...endOf(turn) }));
    },
  };
}

/** Of this very turn, and of no later one. */
function endOf(turn: string) {
  return { remove: ['turn', 'turnUntil'], when: '#turn = :turn', values: { turn } };
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
