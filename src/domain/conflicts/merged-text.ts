/** A longer text is compared as a whole, by its id. */
export const longestText = 2 * 1024 * 1024;

/**
 * Content of a file as merges are judged by it: the text; of bytes that are none, and of what is too long, a byte of 0 and git's
 * id of it, so that two are the same when their bytes are. What is no UTF-8 is read as Latin-1, in which each byte is a letter.
 */
export function mergedText(bytes: Uint8Array, id: string): string {
  if (bytes.length > longestText || bytes.includes(0)) return wholeFile(id);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    // The one way in which a decoder that is asked to be strict says no.
    if (error instanceof TypeError) return new TextDecoder('latin1').decode(bytes);
    throw error;
  }
}

/** What is told by its id alone. */
export function wholeFile(id: string): string {
  return `\0${id}`;
}

/** git's ids of one file's content in four versions; undefined: it is not there. */
export interface FileVersions {
  readonly base: string | undefined;
  readonly ours: string | undefined;
  readonly theirs: string | undefined;
  readonly merged: string | undefined;
}

/** One side at most changed the file, or both alike, and the merge has what came of it: there is nothing to judge. */
export function isAsOneSideHasIt({ base, ours, theirs, merged }: FileVersions): boolean {
  if (ours === theirs) return merged === ours;
  if (ours === base) return merged === theirs;
  return theirs === base && merged === ours;
}
