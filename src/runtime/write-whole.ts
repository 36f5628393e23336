import { createWriteStream } from 'node:fs';
import { link, mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { EntropyError } from '../domain/error.ts';

export interface WholeFile {
  readonly folder: string;
  /** Of a single part. */
  readonly name: string;
  readonly body: AsyncIterable<Uint8Array>;
  /** Whether a file that is there may be replaced. */
  readonly over: boolean;
}

/** Writes beside its place first: what fails on its way leaves nothing that looks like the file. Tells its path. */
export async function writeWhole({ folder, name, body, over }: WholeFile): Promise<string> {
  const file = path.join(folder, name);
  const part = `${file}.part-${process.pid}`;
  try {
    await mkdir(folder, { recursive: true });
    await pipeline(Readable.from(body, { objectMode: false }), createWriteStream(part, { flags: 'wx' }));
    if (over) await rename(part, file);
    else await link(part, file);
    return file;
  } catch (error) {
    if (!(error instanceof Error) || !('syscall' in error)) throw error;
    const isThere = 'code' in error && error.code === 'EEXIST';
    throw new EntropyError({
      code: 'E104',
      message: isThere ? `${file} is there already` : `${file} cannot be written`,
      fix: isThere
        ? 'name another folder with --out, or write over it with --force'
        : 'name a folder that you may write to with --out',
      cause: error,
    });
  } finally {
    await rm(part, { force: true });
  }
}

/** The id of a run as the name of one folder; ids may hold slashes. */
export function safeFolderName(id: string): string {
  const name = id.replace(/[^A-Za-z0-9_-]+/g, '-').slice(0, 100);
  return name === '' ? 'run' : name;
}
