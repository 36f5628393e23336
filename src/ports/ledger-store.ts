/** A part of a ledger as it lies there: a segment, a tile, the checkpoint. */
export interface LedgerPart {
  readonly key: string;
  /** Names exactly these bytes, in the store's words. */
  readonly version: string;
  readonly bytes: number;
}

export interface ListedPart extends LedgerPart {
  /** How many versions the store has of it, counting marks of removal. More than one: something was put over it. */
  readonly versions: number;
}

/**
 * Where a ledger lies. Parts are put once and never changed, but for the checkpoint, which is replaced, and announcements, which are
 * taken away. Keys are those of `ledger-layout.ts`. A fault of the store is thrown as E751.
 */
export interface LedgerStore {
  /** `exists`: something lies there, and stays as it is. */
  putNew(key: string, body: Uint8Array, signal?: AbortSignal): Promise<LedgerPart | 'exists'>;
  /** Readers see the old bytes or the new ones, never a part of either. */
  replace(key: string, body: Uint8Array, signal?: AbortSignal): Promise<void>;
  /** The newest version, or the one that is named; undefined when it is not there. */
  read(key: string, version?: string, signal?: AbortSignal): Promise<Uint8Array | undefined>;
  /** Without its bytes. */
  find(key: string): Promise<LedgerPart | undefined>;
  /** In the order of their keys; also those of which only removed versions are left. */
  list(prefix: string, signal?: AbortSignal): AsyncIterable<ListedPart>;
  /** An announcement. One that is gone is as good as one that was taken away. */
  remove(key: string): Promise<void>;
}
