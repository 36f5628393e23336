import type { ObjectStore, TransferUrl } from '../../ports/object-store.ts';
import type { S3Connection } from './s3-connection.ts';

interface Span {
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly expiresInMs: number;
}

/** What is signed is what must be sent: length, sum, type, and that nothing is there yet. */
export async function uploadAddress(
  s3: S3Connection,
  key: string,
  { bytes, sha256, contentType, metadata = {} }: Parameters<ObjectStore['uploadUrl']>[1],
  span: Span,
): Promise<TransferUrl> {
  const { getSignedUrl } = await import('@aws-sdk/s3-request-presigner');
  const sum = Buffer.from(sha256, 'hex').toString('base64');
  const headers: Readonly<Record<string, string>> = {
    'content-type': contentType,
    'content-length': String(bytes),
    'if-none-match': '*',
    'x-amz-checksum-sha256': sum,
    ...Object.fromEntries(Object.entries(metadata).map(([name, value]) => [`x-amz-meta-${name}`, value])),
  };
  const url = await s3.ask('PutObject', key, (sdk, client) => {
    const command = new sdk.PutObjectCommand({
      Bucket: s3.bucket,
      Key: key,
      ContentType: contentType,
      ContentLength: bytes,
      ChecksumSHA256: sum,
      IfNoneMatch: '*',
      Metadata: { ...metadata },
    });
    return getSignedUrl(client, command, {
      ...signing(span),
      // In the address they would be mere words: as headers S3 holds the sender to them.
      unhoistableHeaders: new Set(Object.keys(headers)),
      signableHeaders: new Set(['host', ...Object.keys(headers)]),
    });
  });
  return { method: 'PUT', url, headers, expiresAt: span.now + span.expiresInMs };
}

export async function downloadAddress(
  s3: S3Connection,
  key: string,
  version: string | undefined,
  span: Span,
): Promise<TransferUrl> {
  const { getSignedUrl } = await import('@aws-sdk/s3-request-presigner');
  const url = await s3.ask('GetObject', key, (sdk, client) =>
    getSignedUrl(client, new sdk.GetObjectCommand({ Bucket: s3.bucket, Key: key, VersionId: version }), signing(span)),
  );
  return { method: 'GET', url, headers: {}, expiresAt: span.now + span.expiresInMs };
}

function signing({ now, expiresInMs }: Span) {
  return { expiresIn: Math.max(1, Math.floor(expiresInMs / 1_000)), signingDate: new Date(now) };
}
