import { treePrefix } from '../../domain/ledger/ledger-layout.ts';
import { leafHash, treeRoot } from '../../domain/ledger/merkle-tree.ts';
import { utf8 } from '../../domain/ledger/sha256.ts';
import {
  bundlePath,
  joinEntries,
  joinHashes,
  splitEntries,
  splitHashes,
  subtreeRoot,
  type Tile,
  tileWidth,
} from '../../domain/ledger/tiles.ts';
import type { LedgerStore } from '../../ports/ledger-store.ts';
import { readPart, storedTree, tileKey } from './read-tree.ts';
import { sha256 } from './sha256.ts';

export interface Growth {
  /** Of the tree before. */
  readonly size: number;
  readonly entries: readonly string[];
}

/**
 * Puts the tiles and bundles that a tree has more when these entries come behind its last one. They are put where nothing lies, and
 * the same growth gives the same bytes, so it may be done by several at once, and again. Tells the new root.
 */
export async function growTree(
  store: Pick<LedgerStore, 'putNew' | 'read'>,
  { size, entries }: Growth,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const old = lastPart(size);
  const bundle = old && splitEntries(await readPart(store, bundleKey(old)));
  await putGroups([...(bundle ?? []), ...entries], size, (part, group) =>
    store.putNew(bundleKey(part), joinEntries(group), signal),
  );

  let [count, added] = [size, entries.map((entry) => leafHash(sha256, utf8(entry)))];
  for (let level = 0; added.length > 0; level += 1) {
    const partial = lastPart(count);
    const tile = partial && { level, ...partial };
    const hashes = tile === undefined ? [] : splitHashes(await readPart(store, tileKey(tile)), tile.width);
    const full: Uint8Array[] = [];
    await putGroups([...hashes, ...added], count, async (part, group) => {
      if (part.width === tileWidth) full.push(subtreeRoot(sha256, group));
      await store.putNew(tileKey({ level, ...part }), joinHashes(group), signal);
    });
    [count, added] = [Math.floor(count / tileWidth), full];
  }
  const grown = size + entries.length;
  return await treeRoot(sha256, storedTree(store, grown).read, grown);
}

export function bundleKey(part: Omit<Tile, 'level'>): string {
  return `${treePrefix}${bundlePath(part)}`;
}

/** The one that is not full, of so many hashes. */
function lastPart(count: number): Omit<Tile, 'level'> | undefined {
  const width = count % tileWidth;
  return width === 0 ? undefined : { index: Math.floor(count / tileWidth), width };
}

/** What begins with the last part of `before` items, by tiles. */
async function putGroups<Item>(
  items: readonly Item[],
  before: number,
  put: (part: Omit<Tile, 'level'>, group: readonly Item[]) => Promise<unknown>,
): Promise<void> {
  const first = Math.floor(before / tileWidth);
  for (let at = 0; at * tileWidth < items.length; at += 1) {
    const group = items.slice(at * tileWidth, (at + 1) * tileWidth);
    await put({ index: first + at, width: group.length }, group);
  }
}
