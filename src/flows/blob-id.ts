import { createHash } from 'node:crypto';

/** The object id that git gives to these bytes as a blob (SHA-1). */
export function blobId(bytes: Uint8Array): string {
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}
