import type { ItemKey } from './item-keys.ts';

/** A caller's key may hold any text, so each part is written such that two pairs are never the same key. */
export const idempotencyKey = (caller: string, key: string): ItemKey => ({
  pk: `IDEMPOTENCY#${encodeURIComponent(caller)}#${encodeURIComponent(key)}`,
  sk: 'IDEMPOTENCY',
});
export const apiKeyKey = (id: string): ItemKey => ({ pk: `API-KEY#${id}`, sk: 'API-KEY' });
/** Who has a name: while this item is there nobody else gets it. */
export const apiKeyNameKey = (name: string): ItemKey => ({ pk: `API-KEY-NAME#${name}`, sk: 'API-KEY-NAME' });
export const cursorKey = (name: string): ItemKey => ({ pk: `CURSOR#${name}`, sk: 'CURSOR' });
export const sealedTokenKey = (installation: number): ItemKey => ({ pk: `TOKEN#${installation}`, sk: 'TOKEN' });

/** As time to live wants it: whole seconds. DynamoDB removes late, so whoever reads looks at the moment itself. */
export const secondsOf = (moment: number): number => Math.ceil(moment / 1_000);
