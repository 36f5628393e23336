import type { ClaimKey } from '../../domain/claim.ts';
import type { DynamoTable } from './dynamo-table.ts';
import { inParallel } from './in-parallel.ts';
import type { IndexEntry } from './queries.ts';
import { settleWaits } from './settle-waits.ts';
import { table as names } from './table.ts';
import { recheckPartition } from './task-item.ts';

export const listedOwners = 'OWNER';

export interface ReadyAsked {
  /** Only keys that begin with one of these; undefined: all. */
  readonly prefixes: readonly string[] | undefined;
  /** How many are wanted, as far as anybody knows; undefined: all. */
  readonly about: number | undefined;
}

/**
 * Tasks that the index says may be started, by priority, then age. It may name one that no longer is, so whoever hands them
 * out looks at each. What others left undone is done first, so that the index misses none.
 */
export async function* readyKeys(table: DynamoTable, { prefixes, about }: ReadyAsked): AsyncIterable<ClaimKey> {
  const owners = prefixes === undefined ? await allOwners(table) : [...new Set(prefixes.map(ownerOfPrefix))];
  await settleMarked(table);
  const pageSize = about === undefined ? undefined : Math.max(leastPage, 2 * about);
  const lists = owners.map((partition) =>
    entriesOf(table.query({ index: names.readyByPriority, partition, ...(pageSize && { pageSize }) })),
  );
  for await (const { pk } of inOrder(lists)) {
    const key = pk.slice('TASK#'.length);
    if (prefixes === undefined || prefixes.some((prefix) => key.startsWith(prefix))) yield key;
  }
}

const leastPage = 50;

function ownerOfPrefix(prefix: string): string {
  return prefix.split('/')[1] ?? '';
}

async function allOwners(table: DynamoTable): Promise<readonly string[]> {
  const owners: string[] = [];
  for await (const page of table.query({ index: names.byKey, partition: listedOwners })) {
    owners.push(...page.map(({ order }) => order));
  }
  return owners;
}

async function settleMarked(table: DynamoTable): Promise<void> {
  for await (const page of table.query({ index: names.readyByPriority, partition: recheckPartition })) {
    await inParallel(page, ({ pk }) => settleWaits(table, pk.slice('TASK#'.length)));
  }
}

async function* entriesOf(pages: AsyncIterable<readonly IndexEntry[]>): AsyncGenerator<IndexEntry, undefined> {
  for await (const page of pages) yield* page;
  return undefined;
}

/** Several lists, each in its order, as one. */
async function* inOrder(lists: readonly AsyncGenerator<IndexEntry, undefined>[]): AsyncIterable<IndexEntry> {
  try {
    const heads = await inParallel(lists, async (list) => ({ list, next: await list.next() }));
    let left = heads.filter(({ next }) => next.done !== true);
    while (left.length > 0) {
      const first = left.reduce((a, b) => ((a.next.value?.order ?? '') <= (b.next.value?.order ?? '') ? a : b));
      if (first.next.value !== undefined) yield first.next.value;
      first.next = await first.list.next();
      if (first.next.done === true) left = left.filter((head) => head !== first);
    }
  } finally {
    await Promise.all(lists.map((list) => list.return(undefined)));
  }
}
