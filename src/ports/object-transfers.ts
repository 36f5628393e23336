import type { StoredObject } from './object-store.ts';

export type UploadResult =
  | { readonly kind: 'stored' }
  /** Something lies there already and stays. */
  | { readonly kind: 'exists' }
  /** What came is not what the address was made for. */
  | { readonly kind: 'mismatch'; readonly reason: string }
  | TransferRefusal;

/** The token is none of ours, or its time is over. */
export interface TransferRefusal {
  readonly kind: 'refused';
  readonly reason: string;
}

/** Serves the addresses of a store that has none of its own: the coordinator does, under `/v1/objects/{token}`. */
export interface ObjectTransfers {
  upload(token: string, body: AsyncIterable<Uint8Array>, signal?: AbortSignal): Promise<UploadResult>;
  download(
    token: string,
    signal?: AbortSignal,
  ): Promise<
    | { readonly kind: 'object'; readonly object: StoredObject; readonly body: AsyncIterable<Uint8Array> }
    | { readonly kind: 'missing' }
    | TransferRefusal
  >;
}
