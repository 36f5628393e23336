import type { MergedFile } from '../../domain/conflicts/lost-hunks.ts';
import {
  type FileVersions,
  isAsOneSideHasIt,
  longestText,
  mergedText,
  wholeFile,
} from '../../domain/conflicts/merged-text.ts';
import type { PatchManifest } from '../../domain/patch.ts';
import { contentBytes } from '../../domain/patch-check.ts';
import type { Forge, ListedFile } from '../../ports/forge.ts';

export interface MergeToRead {
  readonly forge: Pick<Forge, 'blob' | 'filesAt'>;
  /** Made against the base that is merged. */
  readonly manifest: PatchManifest;
  readonly forkSha: string;
  readonly headSha: string;
  /** More are not read. */
  readonly mostFiles: number;
  readonly signal: AbortSignal;
}

export type FoundVersions =
  | { readonly kind: 'files'; readonly files: readonly MergedFile[] }
  /** Of files that have to be judged. */
  | { readonly kind: 'too-many'; readonly files: number }
  /** The forge tells the files of a commit only up to a number. */
  | { readonly kind: 'untold' };

type Listing = ReadonlyMap<string, ListedFile>;

/**
 * All versions of the files that somebody has to judge, by the forge's own word: what one side alone changed, and the merge has so,
 * is told apart by git's ids in three listings and is never read.
 */
export async function mergeVersions(wanted: MergeToRead): Promise<FoundVersions> {
  const { forge, manifest, forkSha, headSha, signal } = wanted;
  const base = await forge.filesAt(forkSha);
  const ours = await forge.filesAt(headSha);
  const theirs = await forge.filesAt(manifest.base.sha);
  if (base === undefined || ours === undefined || theirs === undefined) return { kind: 'untold' };
  const changed = new Map(manifest.files.map((file) => [file.path, file]));
  const mergedId = (path: string): string | undefined => {
    const file = changed.get(path);
    if (file === undefined) return theirs.get(path)?.sha;
    return file.change === 'deleted' ? undefined : file.blobSha;
  };
  const versions = [...new Set([...base.keys(), ...ours.keys(), ...theirs.keys(), ...changed.keys()])]
    .sort()
    .map((path): FileVersions & { readonly path: string } => {
      const idIn = (files: Listing): string | undefined => files.get(path)?.sha;
      return { path, base: idIn(base), ours: idIn(ours), theirs: idIn(theirs), merged: mergedId(path) };
    })
    .filter((file) => !isAsOneSideHasIt(file));
  if (versions.length > wanted.mostFiles) return { kind: 'too-many', files: versions.length };

  const read = new Map<string, Promise<string>>();
  const textOf = async (path: string, id: string | undefined, listing: Listing): Promise<string | undefined> => {
    if (id === undefined) return undefined;
    signal.throwIfAborted();
    const text = read.get(id) ?? readText(forge, listing.get(path), id);
    read.set(id, text);
    return text;
  };
  const files: MergedFile[] = [];
  for (const { path, ...ids } of versions) {
    const file = changed.get(path);
    const written = file === undefined || file.change === 'deleted' ? undefined : contentBytes(file);
    files.push({
      path,
      base: await textOf(path, ids.base, base),
      ours: await textOf(path, ids.ours, ours),
      theirs: await textOf(path, ids.theirs, theirs),
      merged:
        written === undefined || ids.merged === undefined
          ? await textOf(path, ids.merged, theirs)
          : mergedText(written, ids.merged),
    });
  }
  return { kind: 'files', files };
}

/** A submodule has no text, and what is too long is compared as a whole. */
async function readText(forge: Pick<Forge, 'blob'>, listed: ListedFile | undefined, id: string): Promise<string> {
  const isText = listed?.kind === 'file' && listed.sizeBytes <= longestText;
  return isText ? mergedText(await forge.blob(id), id) : wholeFile(id);
}
