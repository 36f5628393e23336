import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { verifiedBody } from '../../domain/object-body.ts';
import { assertObjectKey, assertPutable, assertTags, damagedObject } from '../../domain/object-rules.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ObjectStore, PutResult, StoredObject } from '../../ports/object-store.ts';
import { folderFault, openObjectFolder, type VersionRecord } from './object-folder.ts';
import { type ObjectTokens, transferUrl } from './object-tokens.ts';

export interface FolderObjectStoreOptions {
  readonly folder: string;
  readonly clock: Clock;
  /** Signs what the coordinator's addresses allow; absent: there are no addresses (E725). */
  readonly tokens?: ObjectTokens;
}

type Stored = Exclude<VersionRecord, { readonly removed: true }>;

/** Objects in a folder of this machine: for a coordinator on one, for laptops and tests. */
export function createFolderObjectStore({ folder: root, clock, tokens }: FolderObjectStoreOptions): ObjectStore {
  const folder = openObjectFolder(root);

  const live = async (key: string, number: string): Promise<Stored | undefined> => {
    const record = await folder.record(key, number);
    return record === undefined || 'removed' in record ? undefined : record;
  };

  /** The newest of which there are bytes, or the one that is named. */
  const find = async (key: string, version?: string): Promise<{ version: string; record: Stored } | undefined> => {
    const numbers = version === undefined ? (await folder.numbers(key)).toReversed() : [version];
    for (const number of numbers) {
      const record = /^[0-9]{8}$/.test(number) ? await live(key, number) : undefined;
      if (record !== undefined) return { version: number, record };
    }
    return undefined;
  };

  const objectOf = async (version: string, { data, ...record }: Stored): Promise<StoredObject> => ({
    ...record,
    version,
    tags: await folder.tags(record.key, data),
  });

  const commit = async (record: Stored, ifAbsent: boolean): Promise<PutResult> => {
    for (;;) {
      const numbers = await folder.numbers(record.key);
      if (ifAbsent && (await find(record.key)) !== undefined) return { kind: 'exists' };
      const number = String(Number(numbers.at(-1) ?? '0') + 1).padStart(8, '0');
      const linked = await folder.link(record.key, number, record);
      if (linked) return { kind: 'stored', object: await objectOf(number, record) };
    }
  };

  const store: ObjectStore = {
    put: async (key, body, options) => {
      assertPutable(key, options);
      if (options.ifAbsent === true && (await find(key)) !== undefined) return { kind: 'exists' };
      const { file, handle } = await folder.incoming();
      let settled: string | undefined;
      try {
        const hash = createHash('sha256');
        let bytes = 0;
        for await (const chunk of body instanceof Uint8Array ? [body] : body) {
          options.signal?.throwIfAborted();
          hash.update(chunk);
          await handle.appendFile(chunk);
          bytes += chunk.length;
          options.onProgress?.(bytes);
        }
        await handle.sync();
        settled = await folder.settle(key, file);
        const { contentType, metadata = {}, retainUntil } = options;
        const record: Stored = {
          key,
          bytes,
          sha256: hash.digest('hex'),
          contentType,
          metadata,
          storedAt: clock.now(),
          ...(retainUntil !== undefined && { retainUntil }),
          data: settled,
        };
        if (options.tags !== undefined) await folder.setTags(key, settled, options.tags);
        const result = await commit(record, options.ifAbsent ?? false);
        if (result.kind === 'stored') settled = undefined;
        return result;
      } finally {
        await handle.close();
        await rm(file, { force: true });
        if (settled !== undefined) await folder.discard(key, settled);
      }
    },

    get: async (key, options = {}) => {
      assertObjectKey(key);
      const found = await find(key, options.version);
      if (found === undefined) return undefined;
      const object = await objectOf(found.version, found.record);
      const file = folder.dataFile(key, found.record.data);
      const size = await stat(file).then(
        (stats) => stats.size,
        () => undefined,
      );
      if (size === undefined) throw damagedObject(key, found.version, 'its bytes are missing');
      if (size !== object.bytes) throw damagedObject(key, found.version, `it has ${size} bytes of ${object.bytes}`);
      return { object, body: read(file, object, options) };
    },

    head: async (key, version) => {
      assertObjectKey(key);
      const found = await find(key, version);
      return found === undefined ? undefined : objectOf(found.version, found.record);
    },

    list: async function* (prefix) {
      for await (const key of folder.keys(prefix)) {
        const found = await find(key);
        if (found !== undefined) yield shortly(found.version, found.record);
      }
    },

    versions: async function* (key) {
      assertObjectKey(key);
      for (const number of (await folder.numbers(key)).toReversed()) {
        const record = await live(key, number);
        if (record !== undefined) yield shortly(number, record);
      }
    },

    tag: async (key, tags) => {
      assertObjectKey(key);
      assertTags(key, tags);
      const found = await find(key);
      if (found === undefined) return 'missing';
      await folder.setTags(key, found.record.data, tags);
      return 'tagged';
    },

    remove: async (key, version) => {
      assertObjectKey(key);
      const found = await find(key, version);
      if (found === undefined) return 'missing';
      const isRetained = (found.record.retainUntil ?? 0) > clock.now();
      if (isRetained) return 'retained';
      await folder.forget(key, found.version, found.record);
      return 'removed';
    },

    uploadUrl: async (key, object, expiresInMs) => {
      const { bytes, sha256, contentType, metadata = {} } = object;
      assertPutable(key, { contentType, metadata });
      const expiresAt = clock.now() + expiresInMs;
      return transferUrl(tokens, { do: 'upload', key, bytes, sha256, contentType, metadata, expiresAt });
    },

    downloadUrl: async (key, { version, expiresInMs }) => {
      assertObjectKey(key);
      return transferUrl(tokens, {
        do: 'download',
        key,
        ...(version !== undefined && { version }),
        expiresAt: clock.now() + expiresInMs,
      });
    },
  };
  return translated(store, root);
}

type GetOptions = NonNullable<Parameters<ObjectStore['get']>[1]>;

/** Opened by who reads: an object that nobody reads holds nothing open. */
async function* read(
  file: string,
  object: StoredObject,
  { signal, onProgress }: GetOptions,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  const digest = { update: (chunk: Uint8Array) => hash.update(chunk), hex: () => hash.digest('hex') };
  const stream = createReadStream(file, { highWaterMark: 256 * 1024, ...(signal && { signal }) });
  yield* verifiedBody(stream, object, { digest, onProgress });
}

function shortly(version: string, { key, bytes, storedAt }: Stored) {
  return { key, version, bytes, storedAt };
}

/** The same store, whose file system speaks in our errors. */
function translated(store: ObjectStore, root: string): ObjectStore {
  const promise =
    <Arguments extends unknown[], Result>(work: (...args: Arguments) => Promise<Result>) =>
    async (...args: Arguments): Promise<Result> => {
      try {
        return await work(...args);
      } catch (error) {
        throw folderFault(error, root);
      }
    };
  const items = <Item>(work: (of: string) => AsyncIterable<Item>) =>
    async function* (of: string): AsyncGenerator<Item> {
      try {
        yield* work(of);
      } catch (error) {
        throw folderFault(error, root);
      }
    };
  return {
    put: promise(store.put),
    get: promise(store.get),
    head: promise(store.head),
    list: items(store.list),
    versions: items(store.versions),
    tag: promise(store.tag),
    remove: promise(store.remove),
    uploadUrl: promise(store.uploadUrl),
    downloadUrl: promise(store.downloadUrl),
  };
}
