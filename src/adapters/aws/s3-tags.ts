import type { S3Connection } from './s3-connection.ts';

/** SHA-256 over the whole of an object that was sent in parts. */
export const sha256Tag = 'entropy-sha256';

export async function readTags(
  s3: S3Connection,
  key: string,
  version: string,
): Promise<Readonly<Record<string, string>>> {
  const { TagSet: tags = [] } = await s3.ask('GetObjectVersionTagging', key, (sdk, client) =>
    client.send(new sdk.GetObjectTaggingCommand({ Bucket: s3.bucket, Key: key, VersionId: version })),
  );
  return Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
}

export async function writeTags(
  s3: S3Connection,
  key: string,
  version: string,
  tags: Readonly<Record<string, string>>,
): Promise<void> {
  const TagSet = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  await s3.ask('PutObjectVersionTagging', key, (sdk, client) =>
    client.send(
      new sdk.PutObjectTaggingCommand({ Bucket: s3.bucket, Key: key, VersionId: version, Tagging: { TagSet } }),
    ),
  );
}
