export type FileMode = '100644' | '100755';

/** One path that differs from the base. A rename is a deletion and an addition, as in git's own trees. */
export type PatchFile =
  | {
      readonly change: 'added' | 'modified';
      readonly path: string;
      /** As found: besides the two good modes it may be a symlink (120000) or a gitlink (160000), which a check refuses. */
      readonly mode: FileMode | '120000' | '160000';
      readonly sizeBytes: number;
      /** git's object id of the content, SHA-1. */
      readonly blobSha: string;
      readonly encoding: 'utf-8' | 'base64';
      readonly content: string;
      /** Lines added and removed against the base; undefined for binary content. */
      readonly lines?: { readonly added: number; readonly removed: number };
    }
  | {
      readonly change: 'deleted';
      readonly path: string;
      readonly lines?: { readonly added: number; readonly removed: number };
    };

/**
 * What the agent hands over: files, never a `.git` folder. Contents are the bytes that git would store (line endings
 * normalised by the repository's own attributes). `treeSha` is the tree that results from laying the files over the
 * base tree; the publisher builds it anew and compares.
 */
export interface PatchManifest {
  readonly schema: 1;
  readonly runId: string;
  readonly base: { readonly sha: string; readonly treeSha: string };
  readonly treeSha: string;
  readonly files: readonly PatchFile[];
}

export function patchLines(manifest: PatchManifest): { added: number; removed: number } {
  return manifest.files.reduce(
    (sum, file) => ({ added: sum.added + (file.lines?.added ?? 0), removed: sum.removed + (file.lines?.removed ?? 0) }),
    { added: 0, removed: 0 },
  );
}
