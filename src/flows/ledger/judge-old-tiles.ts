import type { LedgerFinding } from '../../domain/ledger/finding.ts';
import { treePrefix } from '../../domain/ledger/ledger-layout.ts';
import { sameBytes } from '../../domain/ledger/sha256.ts';
import {
  joinEntries,
  parseTilePath,
  splitEntries,
  type Tile,
  tileHashBytes,
  tilesOf,
} from '../../domain/ledger/tiles.ts';
import type { LedgerStore } from '../../ports/ledger-store.ts';
import { bundleKey } from './grow-tree.ts';
import { tileKey } from './read-tree.ts';

/**
 * Tiles of the tree when it was smaller stay where they are, for whoever still reads it at that size. Each is the beginning of the
 * one that took its place.
 */
export async function judgeOldTiles(
  store: Pick<LedgerStore, 'list' | 'read'>,
  size: number,
  signal: AbortSignal,
): Promise<readonly LedgerFinding[]> {
  const tiles = tilesOf(size);
  const current = new Map(tiles.map((tile) => [`${tile.level}/${tile.index}`, tile]));
  const known = new Set(tiles.flatMap((tile) => [tileKey(tile), ...(tile.level === 0 ? [bundleKey(tile)] : [])]));
  const findings: LedgerFinding[] = [];
  for await (const { key } of store.list(`${treePrefix}tile/`, signal)) {
    if (known.has(key)) continue;
    const old = parseTilePath(key.slice(treePrefix.length));
    const now = old && current.get(`${old.level ?? 0}/${old.index}`);
    const text =
      old === undefined || now === undefined || old.width > now.width
        ? 'it is no part of the tree'
        : await differs(store, { key, width: old.width, now, isBundle: old.level === undefined });
    if (text !== undefined) findings.push({ kind: 'tree', key, text });
  }
  return findings;
}

async function differs(
  store: Pick<LedgerStore, 'read'>,
  old: { readonly key: string; readonly width: number; readonly now: Tile; readonly isBundle: boolean },
): Promise<string | undefined> {
  const [body, whole] = [
    await store.read(old.key),
    await store.read(old.isBundle ? bundleKey(old.now) : tileKey(old.now)),
  ];
  // What cannot be read of the tile that is there now is told with that one.
  if (body === undefined || whole === undefined) return undefined;
  const beginning = old.isBundle ? firstEntries(whole, old.width) : whole.subarray(0, old.width * tileHashBytes);
  return beginning === undefined || sameBytes(body, beginning)
    ? undefined
    : 'it is not the beginning of the one that took its place';
}

function firstEntries(bundle: Uint8Array, count: number): Uint8Array | undefined {
  try {
    return joinEntries(splitEntries(bundle).slice(0, count));
  } catch {
    return undefined;
  }
}
