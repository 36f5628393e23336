import { createHash } from 'node:crypto';
import { closeSync, lstatSync, openSync, readlinkSync, readSync, type Stats, statfsSync } from 'node:fs';

/** How it is told that a file is still the one that was seen before. */
export type IdentityKind = 'change-time' | 'content';

/**
 * File systems that renew a file's time of change (ctime) with every way of writing, shared memory included, and with every
 * rename: nobody in a sandbox can set that time. On others (tmpfs and what may lie on it) contents are compared.
 */
const keepChangeTimes: ReadonlySet<number> = new Set([
  0xef53, // ext4
  0x58465342, // xfs
  0x9123683e, // btrfs
  0xf2f52010, // f2fs
]);

export function identityKindOf(folder: string): IdentityKind {
  const { type } = statfsSync(folder);
  // Old forms of ext keep whole seconds, in which a file can be written twice.
  const fine = lstatSync(folder, { bigint: true }).ctimeNs % 1_000_000_000n !== 0n;
  return keepChangeTimes.has(type) && fine ? 'change-time' : 'content';
}

export interface FileIdentity {
  /** Equal for the same file, untouched. */
  readonly text: string;
  readonly type: 'file' | 'folder' | 'link';
  /** Milliseconds since 1970. */
  readonly changedAt: number;
}

/** Of a file, a folder (without what is in it) or a symlink; undefined for what is none of these, or not there. */
export function identityOf(path: string, kind: IdentityKind): FileIdentity | undefined {
  const status = lstatOf(path);
  if (status === undefined) return undefined;
  const { ino, mode, size, ctimeMs: changedAt } = status;
  if (status.isDirectory()) return { text: `${ino}:${mode}`, type: 'folder', changedAt };
  const type = status.isFile() ? 'file' : status.isSymbolicLink() ? 'link' : undefined;
  if (type === undefined) return undefined;
  if (kind === 'change-time') return { text: `${ino}:${mode}:${size}:${changedAt}`, type, changedAt };
  const content = type === 'link' ? readlinkSync(path) : digestOf(path);
  return content === undefined ? undefined : { text: `${mode}:${size}:${content}`, type, changedAt };
}

function lstatOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    // A name that is not UTF-8, a folder that may not be searched: nothing that could be vouched for.
    return undefined;
  }
}

const chunkBytes = 1024 * 1024;

function digestOf(path: string): string | undefined {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    // Not readable for us: it cannot be compared.
    return undefined;
  }
  try {
    const hash = createHash('sha256');
    const chunk = Buffer.allocUnsafe(chunkBytes);
    for (let read = readSync(file, chunk); read > 0; read = readSync(file, chunk)) hash.update(chunk.subarray(0, read));
    return hash.digest('hex');
  } finally {
    closeSync(file);
  }
}
