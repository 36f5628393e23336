/** What is kept of a stream: its first and its last bytes. Not adjacent when `omittedBytes` is above 0. */
export interface CapturedOutput {
  readonly head: Uint8Array;
  readonly tail: Uint8Array;
  readonly omittedBytes: number;
}

export interface OutputCapture {
  push(chunk: Uint8Array): void;
  finish(): CapturedOutput;
}

/**
 * Keeps the first half and the last half of `maxBytes` of a stream, whatever its length, and never holds more: the head
 * is filled once, the tail is a ring. Room is taken as bytes arrive, so that a thousand short outputs cost nothing.
 */
export function captureOutput(maxBytes: number): OutputCapture {
  const headRoom = Math.ceil(maxBytes / 2);
  const tailRoom = maxBytes - headRoom;
  const headParts: Uint8Array[] = [];
  let headBytes = 0;
  let ring = new Uint8Array(0);
  let tailSeen = 0;

  const pushTail = (chunk: Uint8Array): void => {
    const needed = Math.min(tailRoom, tailSeen + chunk.length);
    if (ring.length < needed) ring = grow(ring, needed, tailRoom);
    // Of a chunk longer than the ring only its end can survive.
    const skipped = Math.max(0, chunk.length - ring.length);
    const kept = chunk.subarray(skipped);
    const at = ring.length === 0 ? 0 : (tailSeen + skipped) % ring.length;
    const untilWrap = Math.min(kept.length, ring.length - at);
    ring.set(kept.subarray(0, untilWrap), at);
    ring.set(kept.subarray(untilWrap), 0);
    tailSeen += chunk.length;
  };

  return {
    push(chunk) {
      const forHead = Math.min(headRoom - headBytes, chunk.length);
      if (forHead > 0) {
        // A copy: the caller may reuse its buffer, and a view would hold all of it.
        headParts.push(chunk.slice(0, forHead));
        headBytes += forHead;
      }
      if (forHead < chunk.length) pushTail(chunk.subarray(forHead));
    },
    finish() {
      const tailBytes = Math.min(tailSeen, tailRoom);
      const tail = new Uint8Array(tailBytes);
      const start = ring.length === 0 || tailSeen <= ring.length ? 0 : tailSeen % ring.length;
      const untilWrap = Math.min(tailBytes, ring.length - start);
      tail.set(ring.subarray(start, start + untilWrap), 0);
      tail.set(ring.subarray(0, tailBytes - untilWrap), untilWrap);
      return { head: joinBytes(headParts, headBytes), tail, omittedBytes: tailSeen - tailBytes };
    },
  };
}

/** Only called while nothing has wrapped yet: a ring below its full room is always a plain prefix. */
function grow(ring: Uint8Array<ArrayBuffer>, needed: number, limit: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(Math.min(limit, Math.max(needed, ring.length * 2)));
  larger.set(ring);
  return larger;
}

function joinBytes(parts: readonly Uint8Array[], length: number): Uint8Array {
  const joined = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
