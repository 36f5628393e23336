import { type NodeReader, nodeHash, type TreeNode } from './merkle-tree.ts';
import { fromUtf8, hashBytes, type Sha256, utf8 } from './sha256.ts';

/**
 * How the tree lies in files, as C2SP tlog-tiles (https://c2sp.org/tlog-tiles) has it: a tile is 256 hashes of one level in
 * eight, a bundle the 256 entries under a tile of level 0. A full one never changes; the last of a level may be partial.
 */
export const tileWidth = 256;
const tileHeight = 8;
/** Of each hash in a tile. */
export const tileHashBytes = hashBytes;

export interface Tile {
  readonly level: number;
  readonly index: number;
  /** Hashes in it, 1 to 256. */
  readonly width: number;
}

/** `tile/0/x001/x234/067` or `tile/0/000.p/3`: beside the checkpoint. */
export function tilePath({ level, index, width }: Tile): string {
  return `tile/${level}/${indexPath(index, width)}`;
}

/** Of the entries whose leaf hashes are in the tile of level 0 with that index. */
export function bundlePath({ index, width }: Omit<Tile, 'level'>): string {
  return `tile/entries/${indexPath(index, width)}`;
}

/** Which tile a path names; without a level a bundle of entries. Undefined when it is none. */
export function parseTilePath(path: string): (Omit<Tile, 'level'> & { readonly level?: number }) | undefined {
  const [, where, digits = '', partial] =
    /^tile\/(entries|\d{1,2})\/((?:x\d{3}\/)*\d{3})(?:\.p\/([1-9]\d{0,2}))?$/.exec(path) ?? [];
  const part = { index: Number(digits.replaceAll(/[x/]/g, '')), width: Number(partial ?? tileWidth) };
  if (where === undefined || part.width > tileWidth) return undefined;
  const [tile, own] =
    where === 'entries'
      ? [part, bundlePath(part)]
      : [{ level: Number(where), ...part }, tilePath({ level: Number(where), ...part })];
  return own === path ? tile : undefined;
}

/** All tiles of a tree, level by level. */
export function tilesOf(size: number): readonly Tile[] {
  const tiles: Tile[] = [];
  for (let level = 0, hashes = size; hashes > 0; level += 1, hashes = Math.floor(hashes / tileWidth)) {
    const full = Math.floor(hashes / tileWidth);
    for (let index = 0; index < full; index += 1) tiles.push({ level, index, width: tileWidth });
    if (hashes % tileWidth > 0) tiles.push({ level, index: full, width: hashes % tileWidth });
  }
  return tiles;
}

/** The tile of a tree of that size that holds the node's hash, or the hashes that it is made of. */
export function tileOf({ level, index }: TreeNode, size: number): Tile {
  const tileLevel = Math.floor(level / tileHeight);
  const first = index * 2 ** (level % tileHeight);
  const tileIndex = Math.floor(first / tileWidth);
  const hashes = Math.floor(size / tileWidth ** tileLevel);
  return { level: tileLevel, index: tileIndex, width: Math.min(tileWidth, hashes - tileIndex * tileWidth) };
}

/** Reads nodes of a tree of that size out of its tiles. Throws a RangeError for a tile of another length. */
export function tileReader(sha256: Sha256, size: number, readTile: (tile: Tile) => Promise<Uint8Array>): NodeReader {
  return async (node) => {
    const tile = tileOf(node, size);
    const hashes = splitHashes(await readTile(tile), tile.width);
    const span = 2 ** (node.level % tileHeight);
    const first = (node.index * span) % tileWidth;
    return subtreeRoot(sha256, hashes.slice(first, first + span));
  };
}

/** The hashes of a tile. Throws a RangeError when it does not hold so many. */
export function splitHashes(tile: Uint8Array, width: number): readonly Uint8Array[] {
  if (tile.length !== width * hashBytes) {
    throw new RangeError(`a tile of ${width} hashes has ${tile.length} bytes instead of ${width * hashBytes}`);
  }
  return Array.from({ length: width }, (_, at) => tile.subarray(at * hashBytes, (at + 1) * hashBytes));
}

export function joinHashes(hashes: readonly Uint8Array[]): Uint8Array {
  const tile = new Uint8Array(hashes.length * hashBytes);
  for (const [at, hash] of hashes.entries()) tile.set(hash, at * hashBytes);
  return tile;
}

/** Of a power of two of hashes, at most a tile's. */
export function subtreeRoot(sha256: Sha256, hashes: readonly Uint8Array[]): Uint8Array {
  const [only, second] = hashes;
  if (only !== undefined && second === undefined) return only;
  const middle = hashes.length / 2;
  if (!Number.isInteger(Math.log2(hashes.length))) throw new RangeError(`${hashes.length} hashes are no subtree`);
  return nodeHash(sha256, subtreeRoot(sha256, hashes.slice(0, middle)), subtreeRoot(sha256, hashes.slice(middle)));
}

/** Entries of at most 65,535 bytes, each after its length in two bytes, the higher one first. */
export function joinEntries(entries: readonly string[]): Uint8Array {
  const bodies = entries.map(utf8);
  const bundle = new Uint8Array(bodies.reduce((sum, { length }) => sum + 2 + length, 0));
  let at = 0;
  for (const body of bodies) {
    if (body.length > 0xffff) throw new RangeError(`an entry has ${body.length} bytes, more than 65,535`);
    bundle[at] = body.length >> 8;
    bundle[at + 1] = body.length & 0xff;
    bundle.set(body, at + 2);
    at += 2 + body.length;
  }
  return bundle;
}

/** Throws a RangeError when the bundle ends within an entry, a TypeError when one is no UTF-8. */
export function splitEntries(bundle: Uint8Array): readonly string[] {
  const entries: string[] = [];
  for (let at = 0; at < bundle.length; ) {
    const length = ((bundle[at] ?? 0) << 8) | (bundle[at + 1] ?? 0);
    if (at + 2 + length > bundle.length) throw new RangeError(`entry ${entries.length} of a bundle is cut off`);
    entries.push(fromUtf8(bundle.subarray(at + 2, at + 2 + length)));
    at += 2 + length;
  }
  return entries;
}

/** Three digits a folder, so that none holds more than a thousand names. */
function indexPath(index: number, width: number): string {
  const digits = String(index);
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/\d{3}/g) ?? [];
  const path = groups.map((group, at) => (at === groups.length - 1 ? group : `x${group}`)).join('/');
  return width === tileWidth ? path : `${path}.p/${width}`;
}
