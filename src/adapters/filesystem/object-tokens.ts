import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { EntropyError } from '../../domain/error.ts';
import { count, groupOf, mapOf, oneOf, readShape, type Shape, text } from '../../domain/shape.ts';
import type { TransferUrl } from '../../ports/object-store.ts';

export interface ObjectTokens {
  /** At least 32 bytes that nobody else knows. */
  readonly secret: Uint8Array;
  /** Where the coordinator is reached, without a slash at the end; empty: who asked it knows. */
  readonly baseUrl: () => string;
}

export interface UploadGrant {
  readonly do: 'upload';
  readonly key: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly contentType: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

export interface DownloadGrant {
  readonly do: 'download';
  readonly key: string;
  readonly version?: string;
  readonly expiresAt: number;
}

/** An address whose last part says what it allows, signed with HMAC-SHA-256: whoever has it needs no other key. */
export function transferUrl(tokens: ObjectTokens | undefined, grant: UploadGrant | DownloadGrant): TransferUrl {
  if (tokens === undefined) {
    throw new EntropyError({
      code: 'E725',
      message: 'this store of objects has no addresses',
      fix: 'start a coordinator beside it: entropy-playground serve',
    });
  }
  const payload = Buffer.from(JSON.stringify(grant)).toString('base64url');
  const url = `${tokens.baseUrl()}/v1/objects/${payload}.${signatureOf(tokens.secret, payload).toString('base64url')}`;
  const { expiresAt } = grant;
  if (grant.do === 'download') return { method: 'GET', url, headers: {}, expiresAt };
  const headers = { 'content-type': grant.contentType, 'content-length': String(grant.bytes) };
  return { method: 'PUT', url, headers, expiresAt };
}

/** What the token allows now; undefined: nothing. */
export function readToken(secret: Uint8Array, token: string, now: number): UploadGrant | DownloadGrant | undefined {
  const [payload = '', signature = '', ...more] = token.split('.');
  const shown = Buffer.from(signature, 'base64url');
  const right = signatureOf(secret, payload);
  const isRight = more.length === 0 && shown.length === right.length && timingSafeEqual(shown, right);
  if (!isRight) return undefined;
  const said: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
  const grant = grantOf(said, uploadShape) ?? grantOf(said, downloadShape);
  return grant !== undefined && grant.expiresAt > now ? grant : undefined;
}

const uploadShape = groupOf<UploadGrant>({
  required: {
    ...{ do: oneOf(['upload'] as const), key: text, bytes: count, sha256: text },
    ...{ contentType: text, metadata: mapOf(text), expiresAt: count },
  },
  optional: {},
});
const downloadShape = groupOf<DownloadGrant>({
  required: { do: oneOf(['download'] as const), key: text, expiresAt: count },
  optional: { version: text },
});

/** Undefined: we sign nothing of another shape, so an older version did, or nobody of ours. It allows nothing. */
function grantOf<Grant>(said: unknown, shape: Shape<Grant>): Grant | undefined {
  const read = readShape(shape, said);
  return read.kind === 'read' ? read.value : undefined;
}

/** The secret in this file, which is made when there is none; of several who make it at once, one counts. */
export async function openTokenSecret(file: string): Promise<Uint8Array> {
  const own = `${file}.${randomBytes(8).toString('hex')}`;
  try {
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(own, randomBytes(32), { mode: 0o600, flag: 'wx', flush: true });
    await link(own, file).catch((error: unknown) => {
      const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST';
      if (!isThere) throw error;
    });
    return await readFile(file);
  } catch (cause) {
    throw new EntropyError({
      code: 'E751',
      message: `the secret for addresses of objects, ${file}, cannot be read or made`,
      fix: 'check that the folder exists, has room and belongs to the user of the process',
      cause,
    });
  } finally {
    await rm(own, { force: true });
  }
}

function signatureOf(secret: Uint8Array, payload: string): Buffer {
  return createHmac('sha256', secret).update(payload).digest();
}
