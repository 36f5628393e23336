import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, link, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { EntropyError } from '../../domain/error.ts';
import { isObject } from '../../domain/json-shape.ts';
import { count, groupOf, mapOf, readShape, text, wrongText } from '../../domain/shape.ts';
import type { StoredObject } from '../../ports/object-store.ts';

/** Under the folder of a key; no part of a key can be called so. */
const versionsName = '@';
/** No transfer takes so long. */
const leftoverMs = 24 * 3_600_000;

/** One version on disk. What was removed keeps its number: a version names the same bytes for ever, or none. */
export type VersionRecord = StoredRecord | { readonly removed: true };

interface StoredRecord extends Omit<StoredObject, 'tags' | 'version'> {
  /** Name of the file with the bytes, beside the record. */
  readonly data: string;
}

/**
 * Objects in a folder: `objects/<key>/@/<number>.json` for each version, its bytes and its tags beside it. A version is there
 * from the moment its record is linked under its number, which succeeds for one of all who try.
 */
export interface ObjectFolder {
  /** A new file for bytes on their way in, on the same file system. */
  incoming(): Promise<{ readonly file: string; readonly handle: FileHandle }>;
  /** Numbers of all versions that ever were, oldest first. */
  numbers(key: string): Promise<readonly string[]>;
  record(key: string, number: string): Promise<VersionRecord | undefined>;
  /** False: somebody else has this number. */
  link(key: string, number: string, record: StoredRecord): Promise<boolean>;
  /** Moves bytes that came in beside the versions of the key; tells their name there. */
  settle(key: string, file: string): Promise<string>;
  /** Bytes that got no version. */
  discard(key: string, data: string): Promise<void>;
  forget(key: string, number: string, record: StoredRecord): Promise<void>;
  dataFile(key: string, data: string): string;
  /** They lie beside the bytes, so that they are there before the version is. */
  tags(key: string, data: string): Promise<Readonly<Record<string, string>>>;
  setTags(key: string, data: string, tags: Readonly<Record<string, string>>): Promise<void>;
  /** Keys that begin so and ever had a version, in their order. */
  keys(prefix: string): AsyncIterable<string>;
}

export function openObjectFolder(root: string): ObjectFolder {
  const objects = path.join(root, 'objects');
  const comingIn = path.join(root, 'incoming');
  const folderOf = (key: string): string => path.join(objects, ...key.split('/'), versionsName);
  const fileOf = (key: string, name: string): string => path.join(folderOf(key), name);

  let cleaned: Promise<void> | undefined;

  /** Whole on the disk before it has its name, so that nobody ever reads half of it. */
  const written = async (text: string): Promise<string> => {
    await makeFolder(comingIn);
    const file = path.join(comingIn, randomUUID());
    await writeFile(file, text, { flag: 'wx', mode: 0o600, flush: true });
    return file;
  };

  async function* walk(folder: string, key: string, prefix: string): AsyncGenerator<string> {
    const entries = await readdir(folder, { withFileTypes: true }).catch(unlessMissing([]));
    const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    // A key stands before those below it, and `a-b` before `a/b`: by the whole key, as every store lists.
    const steps = names.flatMap((name) => (name === versionsName ? [] : [name, `${name}/`])).sort();
    for (const step of steps) {
      const name = step.replace(/\/$/, '');
      const own = key === '' ? name : `${key}/${name}`;
      if (step === name) {
        if (!own.startsWith(prefix)) continue;
        const versions = await readdir(path.join(folder, name, versionsName)).catch(unlessMissing(undefined));
        if (versions !== undefined) yield own;
      } else if (`${own}/`.startsWith(prefix) || prefix.startsWith(`${own}/`)) {
        yield* walk(path.join(folder, name), own, prefix);
      }
    }
  }

  return {
    incoming: async () => {
      await makeFolder(comingIn);
      cleaned ??= removeLeftovers(comingIn);
      await cleaned;
      const file = path.join(comingIn, randomUUID());
      return { file, handle: await open(file, 'wx', 0o600) };
    },
    numbers: async (key) => {
      const names = await readdir(folderOf(key)).catch(unlessMissing<string[]>([]));
      return names.flatMap((name) => /^([0-9]{8})\.json$/.exec(name)?.[1] ?? []).sort();
    },
    record: async (key, number) => {
      const text = await readFile(fileOf(key, `${number}.json`), 'utf8').catch(unlessMissing(undefined));
      return text === undefined ? undefined : readRecord(key, number, text);
    },
    link: async (key, number, record) => {
      const file = await written(JSON.stringify(record));
      try {
        await link(file, fileOf(key, `${number}.json`));
        await syncFolder(folderOf(key));
        return true;
      } catch (error) {
        if (codeOf(error) === 'EEXIST') return false;
        throw error;
      } finally {
        await rm(file, { force: true });
      }
    },
    settle: async (key, file) => {
      const folder = folderOf(key);
      await makeFolder(folder);
      const name = `${path.basename(file)}.bin`;
      await rename(file, path.join(folder, name));
      return name;
    },
    discard: async (key, data) => {
      for (const name of [data, `${data}.tags`]) await rm(fileOf(key, name), { force: true });
    },
    forget: async (key, number, { data }) => {
      await rename(await written(JSON.stringify({ removed: true })), fileOf(key, `${number}.json`));
      for (const name of [data, `${data}.tags`]) await rm(fileOf(key, name), { force: true });
      await syncFolder(folderOf(key));
    },
    dataFile: (key, data) => fileOf(key, data),
    tags: async (key, data) => {
      const text = await readFile(fileOf(key, `${data}.tags`), 'utf8').catch(unlessMissing('{}'));
      return readTags(key, text);
    },
    setTags: async (key, data, tags) => {
      await rename(await written(JSON.stringify(tags)), fileOf(key, `${data}.tags`));
    },
    keys: (prefix) => walk(objects, '', prefix),
  };
}

function readRecord(key: string, number: string, json: string): VersionRecord {
  const record: unknown = JSON.parse(json);
  if (isObject(record) && record['removed'] === true) return { removed: true };
  const read = readShape(recordShape, record);
  // A file system that takes no notice of capitals gives one key's folder to another.
  if (read.kind === 'read' && read.value.key === key) return read.value;
  const why = read.kind === 'wrong' ? wrongText(read) : 'it is that of another key';
  throw new EntropyError({
    code: 'E751',
    message: `the record of version ${number} of ${key} cannot be used: ${why}`,
    fix: 'keep the folder on a file system that tells capitals apart, and let nothing else write into it',
  });
}

const texts = mapOf(text);
const recordShape = groupOf<StoredRecord>({
  required: { key: text, bytes: count, sha256: text, contentType: text, metadata: texts, storedAt: count, data: text },
  optional: { retainUntil: count },
});

/** They lie beside the bytes, and are as little believed. */
function readTags(key: string, json: string): Readonly<Record<string, string>> {
  const read = readShape(texts, JSON.parse(json));
  if (read.kind === 'read') return read.value;
  throw new EntropyError({
    code: 'E751',
    message: `the tags of ${key} cannot be used: ${wrongText(read)}`,
    fix: 'let nothing else write into the folder',
  });
}

async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  // The names of new folders are on the disk, too, before anybody is told of what lies in them.
  for (let made = folder; made.length >= first.length; made = path.dirname(made)) await syncFolder(path.dirname(made));
}

/** Of transfers whose process was killed. */
async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const file = path.join(folder, name);
    const changedAt = await stat(file).then(({ mtimeMs }) => mtimeMs, unlessMissing(Number.POSITIVE_INFINITY));
    if (changedAt < Date.now() - leftoverMs) await rm(file, { force: true });
  }
}

/** What a file system says, as our own error; anything else is passed on. */
export function folderFault(error: unknown, root: string): unknown {
  const code = codeOf(error);
  if (code === undefined || error instanceof EntropyError || !/^E[A-Z]+$/.test(code)) return error;
  return new EntropyError({
    code: 'E751',
    message: `the objects in ${root} cannot be used (${code})`,
    fix: 'check that the folder exists, has room and belongs to the user of the process',
    cause: error,
    retryable: code === 'EMFILE' || code === 'ENFILE' || code === 'EBUSY',
  });
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function unlessMissing<T>(otherwise: T): (error: unknown) => T {
  return (error) => {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return otherwise;
    throw error;
  };
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
