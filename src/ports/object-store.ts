/** A stored object without its bytes. Objects are never changed: a put under the same key makes a new version. */
export interface StoredObject {
  readonly key: string;
  /** Chosen by the store; names exactly these bytes for ever. */
  readonly version: string;
  readonly bytes: number;
  /** 64 hexadecimal digits, computed over what was stored. */
  readonly sha256: string;
  readonly contentType: string;
  /** Written with the object and as fixed as its bytes. Keys in lower case, letters, digits and `-`. */
  readonly metadata: Readonly<Record<string, string>>;
  /** May be changed later; retention rules go by them. At most nine. */
  readonly tags: Readonly<Record<string, string>>;
  /** Milliseconds since 1970. */
  readonly storedAt: number;
  /** Until then nobody removes this version. */
  readonly retainUntil?: number;
}

export interface PutOptions {
  readonly contentType: string;
  /** Only when nothing is there under the key. */
  readonly ifAbsent?: boolean;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
  readonly retainUntil?: number;
  /** After each part of a large transfer: bytes so far. */
  readonly onProgress?: (bytes: number) => void;
  readonly signal?: AbortSignal;
}

export type PutResult =
  | { readonly kind: 'stored'; readonly object: StoredObject }
  /** With `ifAbsent`: what lies there stays as it is. */
  | { readonly kind: 'exists' };

export interface TransferUrl {
  readonly method: 'PUT' | 'GET';
  /** Absolute, or a path at the coordinator that told it. */
  readonly url: string;
  /** To be sent exactly so; the address is signed with them. */
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/**
 * Files of runs, and archives: put once, kept in versions. Keys are paths of `[A-Za-z0-9._=-]` parts, at most 512 characters.
 */
export interface ObjectStore {
  /** A stream of unknown length is sent in parts and never held in memory as a whole. */
  put(key: string, body: Uint8Array | AsyncIterable<Uint8Array>, options: PutOptions): Promise<PutResult>;
  /** The newest version, or the one that is named; undefined when there is none. Reading throws E750 when the bytes are not what was stored. */
  get(
    key: string,
    options?: {
      readonly version?: string;
      readonly onProgress?: (bytes: number) => void;
      readonly signal?: AbortSignal;
    },
  ): Promise<{ readonly object: StoredObject; readonly body: AsyncIterable<Uint8Array> } | undefined>;
  head(key: string, version?: string): Promise<StoredObject | undefined>;
  /** Newest versions whose keys begin so, in the order of keys. */
  list(prefix: string): AsyncIterable<Pick<StoredObject, 'key' | 'version' | 'bytes' | 'storedAt'>>;
  /** All versions of one key, newest first. */
  versions(key: string): AsyncIterable<Pick<StoredObject, 'key' | 'version' | 'bytes' | 'storedAt'>>;
  tag(key: string, tags: Readonly<Record<string, string>>): Promise<'tagged' | 'missing'>;
  /** One version for good. `retained`: its time is not over. */
  remove(key: string, version: string): Promise<'removed' | 'missing' | 'retained'>;
  /** An address that takes this very object (its length and SHA-256 are signed) once, for whoever has no key of the store. */
  uploadUrl(
    key: string,
    object: Pick<StoredObject, 'bytes' | 'sha256' | 'contentType'> & {
      readonly metadata?: Readonly<Record<string, string>>;
    },
    expiresInMs: number,
  ): Promise<TransferUrl>;
  downloadUrl(key: string, options: { readonly version?: string; readonly expiresInMs: number }): Promise<TransferUrl>;
}
