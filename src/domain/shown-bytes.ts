/** A file's bytes as text for a reader who must not be misled about them. */
export interface ShownBytes {
  readonly text: string;
  /** Bytes that are not UTF-8; each stands in `text` as `\xE9`. */
  readonly invalidBytes: number;
}

/** git's own rule: a NUL among the first 8,000 bytes. */
export function looksBinary(bytes: Uint8Array): boolean {
  return bytes.subarray(0, 8000).includes(0);
}

export function showBytes(bytes: Uint8Array): ShownBytes {
  const whole = decodeStrictly(bytes);
  if (whole !== undefined) return { text: whole, invalidBytes: 0 };

  const parts: string[] = [];
  let invalidBytes = 0;
  let validFrom = 0;
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes, at);
    if (length > 0) {
      at += length;
      continue;
    }
    parts.push(decodeStrictly(bytes.subarray(validFrom, at)) ?? '');
    parts.push(`\\x${(bytes[at] ?? 0).toString(16).toUpperCase().padStart(2, '0')}`);
    invalidBytes += 1;
    at += 1;
    validFrom = at;
  }
  parts.push(decodeStrictly(bytes.subarray(validFrom)) ?? '');
  return { text: parts.join(''), invalidBytes };
}

/** Bytes of the well-formed sequence that starts here; 0 when none does. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0;
  if (lead < 0x80) return 1;
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 0;
  if (length === 0 || at + length > bytes.length) return 0;
  return decodeStrictly(bytes.subarray(at, at + length)) === undefined ? 0 : length;
}

function decodeStrictly(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
