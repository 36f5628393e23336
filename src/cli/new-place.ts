import { lstat, readdir } from 'node:fs/promises';
import { EntropyError } from '../domain/error.ts';

/** A folder of its own for a run: what an earlier one left there would be mixed with what this one leaves. */
export async function newFolder(option: string, folder: string): Promise<string> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    const problem = error.code === 'ENOTDIR' ? 'is not a folder' : 'cannot be used';
    throw unusable(`${option} ${folder} ${problem}`, 'name a folder that is new or empty', error);
  });
  if (names.length === 0) return folder;
  throw unusable(`${option} ${folder} is not empty`, 'name a folder that is new or empty; nothing is overwritten');
}

/** A file that is not there yet; looked at before the work begins, not after it was paid for. */
export async function newFile(option: string, file: string): Promise<string> {
  const isThere = await lstat(file).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT',
  );
  if (!isThere) return file;
  throw unusable(`${option} ${file} is there already`, 'name a file that is new; nothing is overwritten');
}

function unusable(message: string, fix: string, cause?: unknown): EntropyError {
  return new EntropyError({ code: 'E100', message, fix, ...(cause === undefined ? {} : { cause }) });
}
