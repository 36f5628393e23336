import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { EntropyError } from '../../domain/error.ts';
import { assertObjectKey } from '../../domain/object-rules.ts';
import type { LedgerStore, ListedPart } from '../../ports/ledger-store.ts';

/** There is one version of a file: what is put over it is found by its bytes. */
const onlyVersion = '1';
/** Half-written files; never part of a key, which has no `~`. */
const unfinished = '~';

/**
 * A ledger in plain files under their keys, so that anybody may read it, copy it, or serve it to a verifier of transparency
 * logs. What is put is on the disk before anybody is told of it, and is there as a whole or not at all.
 */
export function createFolderLedgerStore(root: string): LedgerStore {
  const fileOf = (key: string): string => {
    assertObjectKey(key);
    return path.join(root, key);
  };

  const write = async (key: string, body: Uint8Array): Promise<string> => {
    const file = `${fileOf(key)}${unfinished}${randomUUID()}`;
    await mkdir(path.dirname(file), { recursive: true });
    const handle = await open(file, 'wx', 0o600);
    try {
      await handle.writeFile(body);
      await handle.sync();
    } finally {
      await handle.close();
    }
    return file;
  };

  return {
    putNew: (key, body, signal) =>
      guarded(key, async () => {
        signal?.throwIfAborted();
        const file = await write(key, body);
        try {
          await link(file, fileOf(key));
        } catch (error) {
          if (codeOf(error) === 'EEXIST') return 'exists';
          throw error;
        } finally {
          await rm(file, { force: true });
        }
        return { key, version: onlyVersion, bytes: body.length };
      }),

    replace: (key, body, signal) =>
      guarded(key, async () => {
        signal?.throwIfAborted();
        await rename(await write(key, body), fileOf(key));
      }),

    read: (key, version = onlyVersion) =>
      guarded(key, () =>
        version === onlyVersion ? absentAs(undefined, readFile(fileOf(key))) : Promise.resolve(undefined),
      ),

    find: (key) =>
      guarded(key, async () => {
        const found = await absentAs(undefined, stat(fileOf(key)));
        return found?.isFile() === true ? { key, version: onlyVersion, bytes: found.size } : undefined;
      }),

    async *list(prefix, signal) {
      const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
      const entries = await guarded(prefix, () =>
        absentAs([], readdir(path.join(root, folder), { recursive: true, withFileTypes: true })),
      );
      const keys = entries
        .filter((entry) => entry.isFile() && !entry.name.includes(unfinished))
        .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
        .filter((key) => key.startsWith(prefix))
        .sort();
      for (const key of keys) {
        signal?.throwIfAborted();
        const found = await guarded(key, () => absentAs(undefined, stat(path.join(root, key))));
        const part: ListedPart | undefined = found && { key, version: onlyVersion, bytes: found.size, versions: 1 };
        if (part !== undefined) yield part;
      }
    },

    remove: (key) => guarded(key, () => rm(fileOf(key), { force: true })),
  };
}

async function absentAs<Value, Absent>(absent: Absent, reading: Promise<Value>): Promise<Value | Absent> {
  try {
    return await reading;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return absent;
    throw error;
  }
}

async function guarded<Value>(key: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (cause) {
    const code = codeOf(cause);
    if (code === undefined || cause instanceof EntropyError) throw cause;
    throw new EntropyError({
      code: 'E751',
      message: `the ledger's folder: ${key}: ${code}`,
      fix: 'look at the rights and the free space of the folder',
      cause,
    });
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
