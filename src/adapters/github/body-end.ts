import { isObject } from '../../domain/json-shape.ts';

/** The last bytes of an answer's body as text, holding no more than that; a character cut at the front is left out. */
export async function readEnd(body: unknown, lastBytes: number): Promise<string> {
  if (typeof body === 'string') return fromBytes(new TextEncoder().encode(body), lastBytes);
  if (!isStream(body)) return '';
  let kept: Uint8Array[] = [];
  let size = 0;
  for await (const piece of body) {
    kept.push(piece);
    size += piece.length;
    // Joined only now and then: a log may come in very many pieces.
    if (size > 2 * lastBytes + 65_536) {
      const end = Buffer.concat(kept).subarray(-lastBytes - 1);
      kept = [new Uint8Array(end)];
      size = end.length;
    }
  }
  return fromBytes(Buffer.concat(kept), lastBytes);
}

function fromBytes(bytes: Uint8Array, lastBytes: number): string {
  const whole = bytes.length <= lastBytes;
  let from = whole ? 0 : bytes.length - lastBytes;
  const continues = (at: number): boolean => ((bytes[at] ?? 0) & 0xc0) === 0x80;
  while (!whole && from < bytes.length && continues(from)) from += 1;
  return new TextDecoder().decode(bytes.subarray(from));
}

function isStream(body: unknown): body is AsyncIterable<Uint8Array> {
  return (isObject(body) || typeof body === 'function') && Symbol.asyncIterator in body;
}
