import { createHash } from 'node:crypto';
import type { HeadObjectCommandOutput } from '@aws-sdk/client-s3';
import { verifiedBody } from '../../domain/object-body.ts';
import { assertObjectKey, assertPutable, assertTags } from '../../domain/object-rules.ts';
import type { ObjectStore, StoredObject } from '../../ports/object-store.ts';
import type { AwsAccess } from './aws-access.ts';
import { downloadAddress, uploadAddress } from './s3-addresses.ts';
import { createS3Connection, type S3Connection, statusOf } from './s3-connection.ts';
import { isOfParts, putBytes, putStream, type S3Put } from './s3-put.ts';
import { readTags, sha256Tag, writeTags } from './s3-tags.ts';

export interface S3ObjectStoreOptions {
  readonly access: AwsAccess;
  /** With versions, and with Object Lock when objects are to be retained. */
  readonly bucket: string;
  /** `COMPLIANCE`: not even the account may remove an object before its time. */
  readonly lockMode?: 'GOVERNANCE' | 'COMPLIANCE';
}

/** Objects in a bucket of S3. */
export function createS3ObjectStore(options: S3ObjectStoreOptions): ObjectStore & Disposable {
  const { access, bucket, lockMode = 'GOVERNANCE' } = options;
  const s3 = createS3Connection(access, bucket);

  const head = async (key: string, version?: string): Promise<StoredObject | undefined> => {
    const told = await askHead(s3, key, version);
    return told === undefined ? undefined : objectOf(s3, key, told);
  };

  return {
    put: async (key, body, putOptions) => {
      assertPutable(key, putOptions);
      const put: S3Put = { s3, key, options: putOptions, lockMode };
      const done = body instanceof Uint8Array ? await putBytes(put, body) : await putStream(put, body);
      if (done.kind === 'exists') return done;
      const { version, bytes, sha256 } = done;
      const { contentType, metadata = {}, tags = {}, retainUntil } = putOptions;
      const storedAt = access.clock.now();
      const retained = retainUntil === undefined ? {} : { retainUntil };
      return {
        kind: 'stored',
        object: { key, version, bytes, sha256, contentType, metadata, tags, storedAt, ...retained },
      };
    },

    get: async (key, { version, onProgress, signal } = {}) => {
      assertObjectKey(key);
      // First what it is, then exactly that version: a newer one may come in between.
      const object = await head(key, version);
      if (object === undefined) return undefined;
      const hash = createHash('sha256');
      const digest = { update: (chunk: Uint8Array) => hash.update(chunk), hex: () => hash.digest('hex') };
      const body = readVersion(s3, { key, version: object.version }, signal);
      return { object, body: verifiedBody(body, object, { digest, onProgress }) };
    },

    head: async (key, version) => {
      assertObjectKey(key);
      return head(key, version);
    },

    list: (prefix) => listVersions(s3, prefix, ({ isNewest }) => isNewest),

    versions: (key) => {
      assertObjectKey(key);
      return listVersions(s3, key, (entry) => entry.key === key);
    },

    tag: async (key, tags) => {
      assertObjectKey(key);
      assertTags(key, tags);
      const object = await head(key);
      if (object === undefined) return 'missing';
      await writeTags(s3, key, object.version, { ...tags, [sha256Tag]: object.sha256 });
      return 'tagged';
    },

    remove: async (key, version) => {
      assertObjectKey(key);
      // Of a version that is not there S3 says that it is removed, and of a locked one that access is denied.
      const told = await askHead(s3, key, version);
      if (told === undefined) return 'missing';
      const isRetained = (told.ObjectLockRetainUntilDate?.getTime() ?? 0) > access.clock.now();
      if (isRetained) return 'retained';
      await s3.ask('DeleteObjectVersion', key, (sdk, client) =>
        client.send(new sdk.DeleteObjectCommand({ Bucket: bucket, Key: key, VersionId: version })),
      );
      return 'removed';
    },

    uploadUrl: async (key, object, expiresInMs) => {
      assertPutable(key, object);
      return uploadAddress(s3, key, object, { now: access.clock.now(), expiresInMs });
    },

    downloadUrl: async (key, { version, expiresInMs }) => {
      assertObjectKey(key);
      return downloadAddress(s3, key, version, { now: access.clock.now(), expiresInMs });
    },

    [Symbol.dispose]: () => s3[Symbol.dispose](),
  };
}

async function askHead(s3: S3Connection, key: string, version?: string): Promise<HeadObjectCommandOutput | undefined> {
  const input = { Bucket: s3.bucket, Key: key, VersionId: version, ChecksumMode: 'ENABLED' } as const;
  try {
    const action = version === undefined ? 'GetObject' : 'GetObjectVersion';
    return await s3.ask(action, key, (sdk, client) => client.send(new sdk.HeadObjectCommand(input)));
  } catch (error) {
    // 400 and 405: a version that S3 never gave, and one that only tells of a removal.
    const isNone = statusOf(error) === 404 || (version !== undefined && [400, 405].includes(statusOf(error)));
    if (isNone) return undefined;
    throw error;
  }
}

/** Of what was sent in parts S3 knows no sum over the whole: it lies in a tag, or is counted now, once. */
async function objectOf(s3: S3Connection, key: string, told: HeadObjectCommandOutput): Promise<StoredObject> {
  const version = told.VersionId ?? 'null';
  const whole = isOfParts(told.ETag) ? undefined : told.ChecksumSHA256;
  const { [sha256Tag]: tagged, ...tags } = await readTags(s3, key, version);
  const known = whole === undefined ? tagged : Buffer.from(whole, 'base64').toString('hex');
  const sha256 = known ?? (await countSha256(s3, key, version));
  if (known === undefined) await writeTags(s3, key, version, { ...tags, [sha256Tag]: sha256 });
  const retainUntil = told.ObjectLockRetainUntilDate?.getTime();
  return {
    key,
    version,
    bytes: told.ContentLength ?? 0,
    sha256,
    contentType: told.ContentType ?? 'application/octet-stream',
    metadata: told.Metadata ?? {},
    tags,
    storedAt: told.LastModified?.getTime() ?? 0,
    ...(retainUntil !== undefined && { retainUntil }),
  };
}

/** Whoever sent it was killed before the tag was written. S3 has checked the sum of each part. */
async function countSha256(s3: S3Connection, key: string, version: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of readVersion(s3, { key, version })) hash.update(chunk);
  return hash.digest('hex');
}

/** Asked for by who reads: an object that nobody reads holds no connection. */
async function* readVersion(
  s3: S3Connection,
  { key, version }: Pick<StoredObject, 'key' | 'version'>,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const answer = await s3.ask('GetObjectVersion', key, (sdk, client) =>
    client.send(new sdk.GetObjectCommand({ Bucket: s3.bucket, Key: key, VersionId: version }), {
      ...(signal && { abortSignal: signal }),
    }),
  );
  const stream: AsyncIterable<Uint8Array> | undefined = answer.Body?.transformToWebStream();
  for await (const chunk of stream ?? []) {
    signal?.throwIfAborted();
    yield chunk;
  }
}

interface ListedVersion extends Pick<StoredObject, 'key' | 'version' | 'bytes' | 'storedAt'> {
  readonly isNewest: boolean;
}

/** In the order of keys, newest first, as S3 itself lists. */
async function* listVersions(
  s3: S3Connection,
  prefix: string,
  wanted: (version: ListedVersion) => boolean,
): AsyncGenerator<Omit<ListedVersion, 'isNewest'>> {
  let from: { readonly KeyMarker?: string | undefined; readonly VersionIdMarker?: string | undefined } = {};
  for (;;) {
    const page = await s3.ask('ListBucketVersions', prefix, (sdk, client) =>
      client.send(new sdk.ListObjectVersionsCommand({ Bucket: s3.bucket, Prefix: prefix, ...from })),
    );
    for (const {
      Key: key = '',
      VersionId: version = 'null',
      Size: bytes = 0,
      LastModified,
      IsLatest,
    } of page.Versions ?? []) {
      const isNewest = IsLatest ?? false;
      const storedAt = LastModified?.getTime() ?? 0;
      if (wanted({ key, version, bytes, storedAt, isNewest })) yield { key, version, bytes, storedAt };
    }
    if (page.IsTruncated !== true) return;
    from = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
  }
}
