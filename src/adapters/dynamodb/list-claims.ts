import { type ClaimRecord, clockSkewMs } from '../../domain/claim.ts';
import { type ClaimFilter, passes } from '../../domain/coordination/claim-filter.ts';
import { listedClaims, readClaim } from './claim-item.ts';
import type { DynamoTable } from './dynamo-table.ts';
import { agentShards, humanShard, type ItemKey, keyText } from './item-keys.ts';
import type { IndexQuery } from './queries.ts';
import { table as names } from './table.ts';

/**
 * The indexes say which claims to look at, the table says how they are: an index lags by milliseconds, so a claim that was
 * taken just now may be missing, but none is told of as it no longer is.
 */
export async function* listClaims(table: DynamoTable, filter: ClaimFilter): AsyncIterable<ClaimRecord> {
  const onlyHeld = filter.state === 'held' || filter.expiredAt !== undefined;
  const pages = onlyHeld ? heldPages(table, filter) : allPages(table, filter);
  for await (const page of pages) {
    const found = await table.getMany(page);
    for (const key of page) {
      const item = found.get(keyText(key));
      if (item === undefined) continue;
      const { record } = readClaim(item);
      if (passes(record, filter)) yield record;
    }
  }
}

/** In the order of the claims' keys, as the index keeps them. */
function allPages(table: DynamoTable, { prefix = '' }: ClaimFilter): AsyncIterable<readonly ItemKey[]> {
  return table.query({
    index: names.byKey,
    partition: listedClaims,
    ...(prefix !== '' && { beginsWith: prefix }),
  });
}

/** As many as agents are at work: few beside all claims there ever were, so they are put in order here. */
async function* heldPages(table: DynamoTable, filter: ClaimFilter): AsyncIterable<readonly ItemKey[]> {
  const { kind, expiredAt, prefix = '' } = filter;
  const agents = kind === 'human' ? [] : agentShards;
  const people = kind === 'agent' || expiredAt !== undefined ? [] : [humanShard];
  const below = expiredAt === undefined ? {} : { below: expiredAt - clockSkewMs };
  const queries = [...agents, ...people].map((partition) => ({ index: names.heldByExpiry, partition, ...below }));
  const keys = (await Promise.all(queries.map((query) => allKeys(table, query)))).flat();
  yield keys.filter(({ pk }) => pk.startsWith(`CLAIM#${prefix}`)).sort((a, b) => (a.pk < b.pk ? -1 : 1));
}

async function allKeys(table: DynamoTable, query: IndexQuery): Promise<readonly ItemKey[]> {
  const keys: ItemKey[] = [];
  for await (const page of table.query(query)) keys.push(...page);
  return keys;
}
