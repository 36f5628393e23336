import { type Checkpoint, parseCheckpoint } from '../../domain/ledger/checkpoint.ts';
import { checkpointKey, treePrefix } from '../../domain/ledger/ledger-layout.ts';
import type { ReadableTree } from '../../domain/ledger/merkle-tree.ts';
import { parseNote, type SignedNote } from '../../domain/ledger/signed-note.ts';
import { type Tile, tilePath, tileReader } from '../../domain/ledger/tiles.ts';
import type { LedgerStore } from '../../ports/ledger-store.ts';
import { sha256 } from './sha256.ts';

export type ReadCheckpoint =
  | { readonly kind: 'missing' }
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'read'; readonly note: SignedNote; readonly text: string; readonly checkpoint: Checkpoint };

/** What lies there; who signed it is for the caller to judge. */
export async function readCheckpoint(store: Pick<LedgerStore, 'read'>): Promise<ReadCheckpoint> {
  const body = await store.read(checkpointKey);
  return body === undefined ? { kind: 'missing' } : parseSignedCheckpoint(Buffer.from(body).toString());
}

export function parseSignedCheckpoint(text: string): Exclude<ReadCheckpoint, { kind: 'missing' }> {
  const note = parseNote(text);
  const checkpoint = note && parseCheckpoint(note.text);
  return note === undefined || checkpoint === undefined
    ? { kind: 'unreadable' }
    : { kind: 'read', note, text, checkpoint };
}

/** A tile that is not there, or not as long as it must be. */
export class TileFault extends Error {
  readonly key: string;
  constructor(key: string, what: string) {
    super(what);
    this.key = key;
  }
}

/** The tree of that size, read out of its tiles; each is read once. Throws a TileFault. */
export function storedTree(store: Pick<LedgerStore, 'read'>, size: number): ReadableTree {
  const read = new Map<string, Promise<Uint8Array>>();
  const readTile = (tile: Tile): Promise<Uint8Array> => {
    const key = tileKey(tile);
    const found = read.get(key) ?? readPart(store, key);
    read.set(key, found);
    return found;
  };
  return { sha256, read: tileReader(sha256, size, readTile) };
}

export function tileKey(tile: Tile): string {
  return `${treePrefix}${tilePath(tile)}`;
}

export async function readPart(store: Pick<LedgerStore, 'read'>, key: string): Promise<Uint8Array> {
  const body = await store.read(key);
  if (body === undefined) throw new TileFault(key, `${key} is missing`);
  return body;
}
