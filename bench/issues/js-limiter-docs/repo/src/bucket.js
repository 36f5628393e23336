/** What a bucket holds at a moment. */
export function filledTo({ tokens, at }, now, { capacity, refillPerSecond }) {
  return Math.min(capacity, tokens + ((now - at) / 1000) * refillPerSecond);
}
