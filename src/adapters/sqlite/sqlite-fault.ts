import { EntropyError } from '../../domain/error.ts';

/** Primary result codes of SQLite (https://sqlite.org/rescode.html); the extended ones carry them in the low byte. */
const busy = 5;
const locked = 6;
const readOnly = 8;
const ioError = 10;
const corrupt = 11;
const full = 13;
const cannotOpen = 14;
const notADatabase = 26;

/** SQLite's result code, when it was SQLite that failed. */
export function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return undefined;
  return error.errcode & 0xff;
}

export function isBusy(error: unknown): boolean {
  const code = resultCode(error);
  return code === busy || code === locked;
}

export function busyFault(path: string, waitedMs: number, cause?: unknown): EntropyError {
  return new EntropyError({
    code: 'E711',
    message: `the state in ${path} was locked by another process for ${waitedMs} ms`,
    fix: 'try again; if it stays so, look which process holds the file (lsof FILE) and end it',
    retryable: true,
    cause,
  });
}

/** Translates what SQLite throws; anything else is passed on as it is. */
export function sqliteFault(error: unknown, path: string): unknown {
  if (isBusy(error)) return busyFault(path, 0, error);
  const fix = fixes.get(resultCode(error) ?? -1);
  if (fix === undefined) return error;
  const said = error instanceof Error ? error.message : String(error);
  return new EntropyError({ code: 'E710', message: `the state in ${path} cannot be used: ${said}`, fix, cause: error });
}

const restore = 'put a good backup in its place: entropy-playground state restore FILE';
const fixes: ReadonlyMap<number, string> = new Map([
  [readOnly, 'make the file and its folder writable for you'],
  [ioError, 'check the disk; the state must lie on a local file system, not on a network share'],
  [corrupt, restore],
  [full, 'free some space on the disk and try again; nothing was half written'],
  [cannotOpen, 'check that the folder is there and that you may read and write it'],
  [notADatabase, `it is no state of entropy-playground; name another file, or ${restore}`],
]);
