/** What a sandbox keeps of a stream; when `omittedBytes` is above 0, head and tail are not adjacent. */
export interface CapturedBytes {
  readonly head: Uint8Array;
  readonly tail: Uint8Array;
  readonly omittedBytes: number;
}

/** Characters of one tool result that a model is shown: about 4,000 tokens. */
export const shownCharacters = 16_000;

/** How much of the room the beginning gets; errors and totals stand at the end. */
const headShare = 0.4;

/** Head and tail of a text, with the amount left out between them. The result is never longer than `limit`. */
export function clipText(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const room = Math.max(0, limit - marker(text.length, 'characters').length);
  const head = cutHead(text, Math.floor(room * headShare));
  const tail = cutTail(text, room - head.length);
  return joined(head, tail, { amount: text.length - head.length - tail.length, unit: 'characters' }).slice(0, limit);
}

/** The same for a captured stream, whose middle may be gone already. Bytes that are not UTF-8 show as U+FFFD. */
export function clipCapture(capture: CapturedBytes, limit: number): string {
  if (capture.omittedBytes === 0) return clipText(decode(concatBytes(capture.head, capture.tail)), limit);
  const total = capture.head.length + capture.omittedBytes + capture.tail.length;
  const room = Math.max(0, limit - marker(total, 'bytes').length);
  const head = cutHead(decode(withoutCutEnd(capture.head)), Math.floor(room * headShare));
  const tail = cutTail(decode(withoutCutStart(capture.tail)), room - head.length);
  return joined(head, tail, { amount: total - utf8Length(head) - utf8Length(tail), unit: 'bytes' }).slice(0, limit);
}

/** The bytes of a capture; undefined when its middle was not kept. */
export function wholeCapture(capture: CapturedBytes): Uint8Array | undefined {
  return capture.omittedBytes === 0 ? concatBytes(capture.head, capture.tail) : undefined;
}

/** What can be read without a gap: all of it, or the beginning when the middle was not kept. */
export function captureStart(capture: CapturedBytes): Uint8Array {
  return wholeCapture(capture) ?? capture.head;
}

function joined(head: string, tail: string, omitted: { amount: number; unit: string }): string {
  return `${head}${marker(omitted.amount, omitted.unit)}${tail}`;
}

function marker(amount: number, unit: string): string {
  return `\n[… ${amount.toLocaleString('en-US')} ${unit} left out …]\n`;
}

function cutHead(text: string, length: number): string {
  const splitsPair = isHighSurrogate(text.charCodeAt(length - 1));
  return text.slice(0, splitsPair ? length - 1 : length);
}

function cutTail(text: string, length: number): string {
  const start = Math.max(0, text.length - length);
  const splitsPair = start > 0 && isHighSurrogate(text.charCodeAt(start - 1));
  return text.slice(splitsPair ? start + 1 : start);
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function withoutCutEnd(bytes: Uint8Array): Uint8Array {
  for (let back = 1; back <= Math.min(4, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (isContinuation(byte)) continue;
    const needs = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return needs > back ? bytes.subarray(0, bytes.length - back) : bytes;
  }
  return bytes;
}

function withoutCutStart(bytes: Uint8Array): Uint8Array {
  let start = 0;
  while (start < 3 && isContinuation(bytes[start] ?? 0)) start += 1;
  return bytes.subarray(start);
}

function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length;
}

function concatBytes(a: Uint8Array, b: Uint8Array): Uint8Array {
  const whole = new Uint8Array(a.length + b.length);
  whole.set(a);
  whole.set(b, a.length);
  return whole;
}
