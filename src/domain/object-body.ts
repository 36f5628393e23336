import { damagedObject } from './object-rules.ts';

/** A hash that grows with the bytes that go by. */
export interface RunningDigest {
  update(chunk: Uint8Array): unknown;
  /** 64 hexadecimal digits, once. */
  hex(): string;
}

interface Expected {
  readonly key: string;
  readonly version: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** Passes the bytes on and throws E750 after the last one when they are not what was stored. */
export async function* verifiedBody(
  body: AsyncIterable<Uint8Array>,
  expected: Expected,
  {
    digest,
    onProgress,
  }: { readonly digest: RunningDigest; readonly onProgress?: ((bytes: number) => void) | undefined },
): AsyncGenerator<Uint8Array> {
  const { key, version } = expected;
  let bytes = 0;
  for await (const chunk of body) {
    digest.update(chunk);
    bytes += chunk.length;
    if (bytes > expected.bytes) break;
    yield chunk;
    onProgress?.(bytes);
  }
  if (bytes !== expected.bytes) throw damagedObject(key, version, `it has ${bytes} bytes instead of ${expected.bytes}`);
  const seen = digest.hex();
  if (seen !== expected.sha256)
    throw damagedObject(key, version, `its SHA-256 is ${seen} instead of ${expected.sha256}`);
}
