import { wireLimits } from '../wire/limits.ts';

/** The items after a key, at most `limit`, of a list that comes in the order of its keys; `next` when there are more. */
export async function pageOf<Item extends { readonly key: string }>(
  list: AsyncIterable<Item>,
  {
    after,
    limit = wireLimits.pageItemsDefault,
  }: { readonly after: string | undefined; readonly limit: number | undefined },
): Promise<{ readonly items: Item[]; readonly next?: string }> {
  const items: Item[] = [];
  for await (const item of list) {
    if (after !== undefined && item.key <= after) continue;
    if (items.length === limit) return { items, next: items.at(-1)?.key ?? item.key };
    items.push(item);
  }
  return { items };
}
