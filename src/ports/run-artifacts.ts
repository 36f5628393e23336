import type { Artifact, ListedArtifact, StoredArtifact } from '../domain/artifact.ts';

export interface UploadOptions {
  /** Bytes so far. */
  readonly onProgress?: (bytes: number) => void;
  readonly signal?: AbortSignal;
}

export type UploadAnswer =
  | { readonly kind: 'stored' }
  /** The very same bytes are there. */
  | { readonly kind: 'exists' }
  | ArtifactRefusal;

export type ArtifactRefusal =
  /** No such run, or a run of somebody else. */
  | { readonly kind: 'missing' }
  /** Other bytes lie under this name, and stay. */
  | { readonly kind: 'occupied' }
  /** Over a limit of the run. */
  | { readonly kind: 'full'; readonly limit: 'bytes' | 'count' };

/** Files of runs, wherever they lie. */
export interface RunArtifacts {
  upload(runId: string, artifact: Artifact, body: Uint8Array, options?: UploadOptions): Promise<UploadAnswer>;
  /** In the order of names; undefined: there is no such run. */
  list(runId: string): Promise<readonly ListedArtifact[] | undefined>;
  /** Undefined: there is no such run, or it left no such file. Reading throws E750 when the bytes are damaged. */
  download(
    runId: string,
    name: string,
    signal?: AbortSignal,
  ): Promise<{ readonly artifact: StoredArtifact; readonly body: AsyncIterable<Uint8Array> } | undefined>;
}
