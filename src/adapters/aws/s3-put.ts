import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { PutObjectCommandInput } from '@aws-sdk/client-s3';
import { EntropyError } from '../../domain/error.ts';
import type { PutOptions } from '../../ports/object-store.ts';
import { type S3Connection, statusOf } from './s3-connection.ts';
import { readTags, sha256Tag, writeTags } from './s3-tags.ts';

export interface S3Put {
  readonly s3: S3Connection;
  readonly key: string;
  readonly options: PutOptions;
  readonly lockMode: 'GOVERNANCE' | 'COMPLIANCE';
}

export type S3PutResult =
  | { readonly kind: 'stored'; readonly version: string; readonly bytes: number; readonly sha256: string }
  | { readonly kind: 'exists' };

/** Two of them are in memory at once. */
const partBytes = 8 * 1024 * 1024;
const partsAtOnce = 2;
/** Somebody else is writing the same key at this moment: S3 asks to try again. */
const maxConflicts = 5;

/** In one request, whose SHA-256 S3 checks before it stores anything. */
export async function putBytes({ s3, key, options, lockMode }: S3Put, body: Uint8Array): Promise<S3PutResult> {
  const hash = createHash('sha256').update(body).digest();
  const sum = { ChecksumAlgorithm: 'SHA256', ChecksumSHA256: hash.toString('base64') } as const;
  const input = { ...inputOf({ s3, key, options, lockMode }), Body: body, ...sum };
  const abort = options.signal === undefined ? {} : { abortSignal: options.signal };
  for (let conflicts = 0; ; conflicts += 1) {
    try {
      const answer = await s3.ask('PutObject', key, (sdk, client) =>
        client.send(new sdk.PutObjectCommand(input), abort),
      );
      options.onProgress?.(body.length);
      return { kind: 'stored', version: answer.VersionId ?? 'null', bytes: body.length, sha256: hash.toString('hex') };
    } catch (error) {
      if (statusOf(error) === 412) return { kind: 'exists' };
      if (statusOf(error) !== 409 || conflicts >= maxConflicts) throw error;
    }
  }
}

/** In parts, each with its own sum; the sum over the whole is known at the end and written beside it. */
export async function putStream(put: S3Put, body: AsyncIterable<Uint8Array>): Promise<S3PutResult> {
  const { s3, key, options } = put;
  const hash = createHash('sha256');
  let bytes = 0;
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of body) {
      options.signal?.throwIfAborted();
      hash.update(chunk);
      bytes += chunk.length;
      yield chunk;
    }
  }
  const { Upload } = await import('@aws-sdk/lib-storage');
  const { client } = await s3.open();
  const upload = new Upload({
    client,
    params: { ...inputOf(put), Body: Readable.from(counted(), { objectMode: false }), ChecksumAlgorithm: 'SHA256' },
    partSize: partBytes,
    queueSize: partsAtOnce,
    leavePartsOnError: false,
  });
  upload.on('httpUploadProgress', ({ loaded = 0 }) => options.onProgress?.(loaded));
  const stop = (): void => void upload.abort();
  options.signal?.addEventListener('abort', stop, { once: true });
  try {
    const answer = await s3.ask('PutObject', key, () => upload.done());
    const version = answer.VersionId ?? 'null';
    const sha256 = hash.digest('hex');
    if (isOfParts(answer.ETag)) {
      const tags = await readTags(s3, key, version);
      await writeTags(s3, key, version, { ...tags, [sha256Tag]: sha256 });
    }
    return { kind: 'stored', version, bytes, sha256 };
  } catch (error) {
    options.signal?.throwIfAborted();
    if (statusOf(error) === 412) return { kind: 'exists' };
    if (statusOf(error) === 409) throw contended(key, error);
    throw error;
  } finally {
    options.signal?.removeEventListener('abort', stop);
  }
}

/** Whether an object was sent in parts, so that S3's sums are over the sums of its parts: `"…-4"`. */
export function isOfParts(etag: string | undefined): boolean {
  return /-\d+"?$/.test(etag ?? '');
}

function inputOf({ s3, key, options, lockMode }: S3Put): Omit<PutObjectCommandInput, 'Body'> {
  const { contentType, ifAbsent = false, metadata = {}, tags = {}, retainUntil } = options;
  return {
    Bucket: s3.bucket,
    Key: key,
    ContentType: contentType,
    Metadata: { ...metadata },
    ...(ifAbsent && { IfNoneMatch: '*' }),
    ...(Object.keys(tags).length > 0 && { Tagging: new URLSearchParams(tags).toString() }),
    ...(retainUntil !== undefined && { ObjectLockMode: lockMode, ObjectLockRetainUntilDate: new Date(retainUntil) }),
  };
}

function contended(key: string, cause: unknown): EntropyError {
  return new EntropyError({
    code: 'E740',
    message: `s3:PutObject on ${key}: somebody else was writing it at the same moment`,
    fix: 'send it again',
    cause,
    retryable: true,
  });
}
