import { createHash, randomUUID } from 'node:crypto';
import {
  CreateBucketCommand,
  DeleteObjectTaggingCommand,
  GetObjectTaggingCommand,
  PutBucketVersioningCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createS3ObjectStore } from '../../src/adapters/aws/s3-object-store.ts';
import { putObject } from '../../src/adapters/coordinator/transfer-object.ts';
import { createSystemClock } from '../../src/adapters/system/system-clock.ts';
import { type AwsStandIn, awsSkipped, startAws } from '../fakes/aws-stand-in.ts';
import { flippingProxy } from '../fakes/flipping-proxy.ts';
import { objectStoreContract } from './object-store.contract.ts';
import { bytesOf, type ObjectStoreFixture, plain, putText } from './object-store.fixture.ts';

const mebibyte = 1024 * 1024;

describe.skipIf(awsSkipped() !== undefined)(`S3${awsSkipped() ?? ''}`, () => {
  let aws: AwsStandIn | undefined;
  beforeAll(async () => {
    aws = await startAws();
  }, 60_000);
  afterAll(async () => {
    await aws?.[Symbol.asyncDispose]();
  });

  const open = async (): Promise<ObjectStoreFixture & { readonly bucket: string; readonly raw: S3Client }> => {
    if (aws === undefined) throw new Error('moto was not started');
    const proxy = await flippingProxy(aws.endpoint);
    const given = aws.access();
    const access = { ...given, endpoints: { ...given.endpoints, s3: proxy.endpoint } };
    const bucket = `objects-${randomUUID()}`;
    const { region, credentials } = access;
    const client = new S3Client({ region, credentials, endpoint: aws.endpoint, forcePathStyle: true });
    await client.send(
      new CreateBucketCommand({
        Bucket: bucket,
        ObjectLockEnabledForBucket: true,
        CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' },
      }),
    );
    const VersioningConfiguration = { Status: 'Enabled' } as const;
    await client.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration }));
    const shared = createS3ObjectStore({ access, bucket });
    return {
      bucket,
      raw: client,
      // A client of the SDK takes 50 ms to begin; what it holds is connections, not objects.
      client: () => shared,
      now: () => Date.now(),
      corrupt: async () => proxy.flipBodies(),
      [Symbol.asyncDispose]: async () => {
        shared[Symbol.dispose]();
        client.destroy();
        await proxy[Symbol.asyncDispose]();
      },
    };
  };

  objectStoreContract({
    name: 'a bucket of S3',
    open,
    bigBytes: 32 * mebibyte,
    windowBytes: 28 * mebibyte,
    datesWithinMs: 5_000,
    // moto believes every signature, and every sum.
    transfers: 'signed only',
  });

  it('signs all that an upload must say, so that S3 takes nothing else', async () => {
    await using fixture = await open();
    const sha256 = '0'.repeat(64);
    const object = { bytes: 7, sha256, contentType: 'text/plain', metadata: { run: 'a' } };
    const { url, headers } = await fixture.client().uploadUrl('a/b', object, 90_000);
    const query = new URL(url).searchParams;
    const signed = query.get('X-Amz-SignedHeaders')?.split(';') ?? [];
    expect(signed.sort()).toEqual([
      'content-length',
      'content-type',
      'host',
      'if-none-match',
      'x-amz-checksum-sha256',
      'x-amz-meta-run',
    ]);
    expect(Object.keys(headers).sort()).toEqual(signed.filter((name) => name !== 'host'));
    expect(query.get('X-Amz-Expires')).toBe('90');
  });

  it('counts the SHA-256 of what was sent in parts when nobody wrote it down, once', async () => {
    await using fixture = await open();
    const store = fixture.client();
    async function* source(): AsyncGenerator<Uint8Array> {
      for (let index = 0; index < 9; index += 1) yield Buffer.alloc(mebibyte, String(index));
    }
    const put = await store.put('parts', source(), plain);
    const before = await store.head('parts');
    expect(put).toMatchObject({ object: { sha256: before?.sha256 } });
    // As when the sender is killed after the last part.
    await fixture.raw.send(new DeleteObjectTaggingCommand({ Bucket: fixture.bucket, Key: 'parts' }));
    expect(await store.head('parts')).toEqual(before);
    const { TagSet: tags } = await fixture.raw.send(
      new GetObjectTaggingCommand({ Bucket: fixture.bucket, Key: 'parts' }),
    );
    expect(tags).toEqual([{ Key: 'entropy-sha256', Value: before?.sha256 }]);
    expect(await store.tag('parts', { kept: 'yes' })).toBe('tagged');
    expect(await store.head('parts')).toEqual({ ...before, tags: { kept: 'yes' } });
  });

  it('takes a file from a publisher by its address, in pieces and once', async () => {
    await using fixture = await open();
    const body = Buffer.alloc(700_000, 'x');
    const sha256 = createHash('sha256').update(body).digest('hex');
    const object = { bytes: body.length, sha256, contentType: 'application/gzip' };
    const transfer = await fixture.client().uploadUrl('runs/r/artifacts/agent.log.gz', object, 60_000);
    const told: number[] = [];
    const sending = {
      clock: createSystemClock(),
      signal: new AbortController().signal,
      attemptMs: 10_000,
      onProgress: (bytes: number) => void told.push(bytes),
    };
    expect(await putObject(transfer, body, sending)).toBe('stored');
    expect(told).toEqual([262_144, 524_288, 700_000]);
    expect(await putObject(transfer, body, sending)).toBe('exists');
    expect(await fixture.client().head('runs/r/artifacts/agent.log.gz')).toMatchObject(object);
  });

  it('says which bucket is missing, and which permission', async () => {
    if (aws === undefined) throw new Error('moto was not started');
    using store = createS3ObjectStore({ access: aws.access(), bucket: 'none-of-this-name' });
    await expect(store.put('a', bytesOf('x'), plain)).rejects.toMatchObject({
      code: 'E746',
      message: expect.stringContaining('s3:PutObject on none-of-this-name/a'),
    });
    await expect(putText(store, 'a', 'x')).rejects.toMatchObject({ code: 'E746' });
  });
});
