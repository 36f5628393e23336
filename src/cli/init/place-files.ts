import { lstat, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { EntropyError } from '../../domain/error.ts';
import { lineDiff } from '../line-diff.ts';

export interface WantedFile {
  /** Relative to the repository, with forward slashes. */
  readonly path: string;
  readonly content: string;
}

export interface PlacedFile {
  readonly path: string;
  /** `kept`: there is another version of somebody's own, which was left as it is. */
  readonly action: 'created' | 'unchanged' | 'kept' | 'replaced';
  /** Against what is there; empty for new and unchanged files. */
  readonly diff: readonly string[];
}

/** What would happen to each file, without touching anything. */
export async function planFiles(root: string, wanted: readonly WantedFile[], force: boolean): Promise<PlacedFile[]> {
  const plan: PlacedFile[] = [];
  for (const file of wanted) {
    const there = await readOwn(root, file.path);
    if (there === undefined) plan.push({ path: file.path, action: 'created', diff: [] });
    else if (there === file.content) plan.push({ path: file.path, action: 'unchanged', diff: [] });
    else plan.push({ path: file.path, action: force ? 'replaced' : 'kept', diff: lineDiff(there, file.content) });
  }
  return plan;
}

/** Carries a plan out: all files are written beside their places first, then moved, so that a full disk leaves nothing half done. */
export async function carryOut(
  root: string,
  wanted: readonly WantedFile[],
  plan: readonly PlacedFile[],
): Promise<void> {
  const writes = wanted.filter((file) =>
    plan.some(({ path: planned, action }) => planned === file.path && (action === 'created' || action === 'replaced')),
  );
  const staged: { readonly from: string; readonly to: string }[] = [];
  try {
    for (const file of writes) {
      const to = path.join(root, file.path);
      const from = `${to}.${process.pid}.new`;
      await mkdir(path.dirname(to), { recursive: true });
      staged.push({ from, to });
      await writeFile(from, file.content, { flag: 'wx' });
    }
    for (const { from, to } of staged) await rename(from, to);
  } catch (cause) {
    for (const { from } of staged) await rm(from, { force: true });
    throw new EntropyError({
      code: 'E104',
      message: `cannot write ${writes.map((file) => file.path).join(', ')} in ${root}`,
      fix: 'make the repository writable for you, then run it again; nothing was changed',
      cause,
    });
  }
}

/** The file's text; undefined when there is none. A symlink on the way is refused: it could lead out of the repository. */
async function readOwn(root: string, relative: string): Promise<string | undefined> {
  let place = root;
  const parts = relative.split('/');
  for (const [index, part] of parts.entries()) {
    place = path.join(place, part);
    const info = await lstat(place).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (info === undefined) return undefined;
    const isLast = index === parts.length - 1;
    const usable = isLast ? info.isFile() : info.isDirectory();
    if (!usable) {
      throw new EntropyError({
        code: 'E104',
        message: `${place} is ${info.isSymbolicLink() ? 'a symbolic link' : `no ${isLast ? 'file' : 'folder'}`}`,
        fix: 'move it away, then run init again; nothing was changed',
      });
    }
  }
  return readFile(place, 'utf8');
}
