/** How often each of some texts is there. */
export type Bag = Map<string, number>;

export function bagOf(items: Iterable<string>): Bag {
  const bag: Bag = new Map();
  for (const item of items) bag.set(item, (bag.get(item) ?? 0) + 1);
  return bag;
}

/** What is in the first more often than in the second, and by how much. */
export function minus(bag: Bag, other: Bag): Bag {
  const left: Bag = new Map();
  for (const [item, count] of bag) {
    const more = count - (other.get(item) ?? 0);
    if (more > 0) left.set(item, more);
  }
  return left;
}

export function sizeOf(bag: Bag): number {
  let size = 0;
  for (const count of bag.values()) size += count;
  return size;
}

/** How much of the first is in the second; what is found is taken out of it, so that it is found once only. */
export function takeFrom(bag: Bag, pool: Bag): number {
  let found = 0;
  for (const [item, count] of bag) {
    const there = Math.min(count, pool.get(item) ?? 0);
    if (there === 0) continue;
    pool.set(item, (pool.get(item) ?? 0) - there);
    found += there;
  }
  return found;
}

/** The same without taking anything out. */
export function sharedWith(bag: Bag, pool: Bag): number {
  let found = 0;
  for (const [item, count] of bag) found += Math.min(count, pool.get(item) ?? 0);
  return found;
}
