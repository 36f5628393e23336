import { gunzipSync } from 'node:zlib';
import { GetObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import type { StackPlace } from '../../fakes/stack-world/stack-place.ts';

/** Positions of the log that lie in the audit bucket, each once. */
export async function archivedPositions({
  aws,
  resources,
}: StackPlace): Promise<{ readonly objects: number; readonly positions: readonly number[] }> {
  const { region, credentials } = aws.access();
  const client = new S3Client({ region, credentials, endpoint: aws.endpoint, forcePathStyle: true });
  const positions: number[] = [];
  let objects = 0;
  try {
    const Bucket = resources.auditBucket;
    for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket, Prefix: 'activity/v1/' })) {
      for (const { Key } of Contents) {
        const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
        const text = gunzipSync((await Body?.transformToByteArray()) ?? new Uint8Array()).toString('utf8');
        positions.push(
          ...text
            .trim()
            .split('\n')
            .map((line) => (JSON.parse(line) as { readonly seq: number }).seq),
        );
        objects += 1;
      }
    }
  } finally {
    client.destroy();
  }
  return { objects, positions: positions.sort((a, b) => a - b) };
}
