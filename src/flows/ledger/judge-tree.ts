import type { Checkpoint } from '../../domain/ledger/checkpoint.ts';
import type { LedgerFinding } from '../../domain/ledger/finding.ts';
import { checkpointKey } from '../../domain/ledger/ledger-layout.ts';
import { leafHash, treeRoot } from '../../domain/ledger/merkle-tree.ts';
import { type PlacedSegment, readDescriptor } from '../../domain/ledger/segment.ts';
import { sameBytes, utf8 } from '../../domain/ledger/sha256.ts';
import {
  joinHashes,
  splitEntries,
  splitHashes,
  subtreeRoot,
  type Tile,
  tilesOf,
  tileWidth,
} from '../../domain/ledger/tiles.ts';
import type { LedgerStore } from '../../ports/ledger-store.ts';
import { bundleKey } from './grow-tree.ts';
import { readPart, storedTree, TileFault, tileKey } from './read-tree.ts';
import { sha256 } from './sha256.ts';

export interface JudgedTree {
  /** In the order of the tree, as far as it could be read. */
  readonly segments: readonly PlacedSegment[];
  readonly findings: readonly LedgerFinding[];
}

/** That every entry is what its tile says, every tile what the one above says, and the highest ones what was signed. */
export async function judgeTree(store: Pick<LedgerStore, 'read'>, checkpoint: Checkpoint): Promise<JudgedTree> {
  const segments: PlacedSegment[] = [];
  const findings: LedgerFinding[] = [];
  const wrong = (key: string, text: string) => findings.push({ kind: 'tree', key, text });
  let below: Uint8Array[] = [];
  let level = 0;
  let full: Uint8Array[] = [];
  for (const tile of tilesOf(checkpoint.size)) {
    if (tile.level !== level) [level, below, full] = [tile.level, full, []];
    const expected =
      level === 0
        ? await bundleHashes(store, tile, { segments, wrong })
        : below.slice(tile.index * tileWidth).slice(0, tile.width);
    const hashes = await tileHashes(store, tile, wrong);
    if (expected !== undefined && hashes !== undefined && !sameBytes(joinHashes(expected), joinHashes(hashes))) {
      wrong(
        tileKey(tile),
        level === 0 ? 'it is not made of the entries beside it' : 'it is not made of the tiles below it',
      );
    }
    const own = expected ?? hashes;
    if (own?.length === tileWidth) full.push(subtreeRoot(sha256, own));
  }
  if (findings.length === 0) {
    const root = await treeRoot(sha256, storedTree(store, checkpoint.size).read, checkpoint.size);
    if (!sameBytes(root, checkpoint.root)) {
      findings.push({ kind: 'tree', key: checkpointKey, text: 'its root is not that of the tree beside it' });
    }
  }
  return { segments, findings };
}

type Told = (key: string, text: string) => unknown;

/** The leaf hashes of a bundle; undefined when it cannot be read, which is told. */
async function bundleHashes(
  store: Pick<LedgerStore, 'read'>,
  tile: Tile,
  { segments, wrong }: { readonly segments: PlacedSegment[]; readonly wrong: Told },
): Promise<Uint8Array[] | undefined> {
  const key = bundleKey(tile);
  const entries = await unlessFaulty(key, wrong, async () => splitEntries(await readPart(store, key)));
  if (entries === undefined) return undefined;
  if (entries.length !== tile.width) {
    wrong(key, `it has ${entries.length} entries instead of ${tile.width}`);
    return undefined;
  }
  for (const [at, entry] of entries.entries()) {
    const placed = readDescriptor(entry);
    if (placed === undefined) wrong(key, `its entry ${at} is no segment`);
    else segments.push(placed);
  }
  return entries.map((entry) => leafHash(sha256, utf8(entry)));
}

async function tileHashes(
  store: Pick<LedgerStore, 'read'>,
  tile: Tile,
  wrong: Told,
): Promise<readonly Uint8Array[] | undefined> {
  const key = tileKey(tile);
  return await unlessFaulty(key, wrong, async () => splitHashes(await readPart(store, key), tile.width));
}

async function unlessFaulty<Value>(key: string, wrong: Told, read: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof TileFault || error instanceof RangeError || error instanceof TypeError)) throw error;
    wrong(key, error instanceof TypeError ? 'it holds what is no text' : error.message);
    return undefined;
  }
}
