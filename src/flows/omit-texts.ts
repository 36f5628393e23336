import { createHash } from 'node:crypto';
import type { OmittedText, TextPlace } from '../domain/dispatch/omitted-text.ts';
import { isObject } from '../domain/json-shape.ts';

type Payload = Readonly<Record<string, unknown>>;

export interface Shortened {
  readonly payload: Payload;
  readonly omitted: readonly OmittedText[];
}

/** Leaves out texts, the longest first, until the payload takes no more than `bytes` as JSON. Undefined: it always takes more. */
export function omitTexts(payload: Payload, texts: readonly TextPlace[], bytes: number): Shortened | undefined {
  let shortened: Shortened = { payload, omitted: [] };
  if (size(shortened) <= bytes) return shortened;
  const longestFirst = texts
    .map((place) => ({ place, text: textAt(payload, place.at) }))
    .filter((found): found is { place: TextPlace; text: string } => found.text !== undefined)
    .sort((a, b) => jsonBytes(b.text) - jsonBytes(a.text));
  for (const { place, text } of longestFirst) {
    shortened = {
      // An object: whoever reads it as a text is told that it is none, instead of taking it for an empty one.
      payload: withText(shortened.payload, place.at, {}),
      omitted: [...shortened.omitted, { ...place, sha256: textHash(text) }],
    };
    if (size(shortened) <= bytes) return shortened;
  }
  return undefined;
}

/** GitHub tells the same text with either end of lines. */
export function textHash(text: string): string {
  return createHash('sha256').update(text.replaceAll('\r\n', '\n')).digest('hex');
}

export function withText(payload: Payload, at: string, body: unknown): Payload {
  const holder = payload[at];
  return isObject(holder) ? { ...payload, [at]: { ...holder, body } } : payload;
}

function textAt(payload: Payload, at: string): string | undefined {
  const holder = payload[at];
  const text = isObject(holder) ? holder['body'] : undefined;
  return typeof text === 'string' ? text : undefined;
}

function size({ payload, omitted }: Shortened): number {
  return jsonBytes(payload) + jsonBytes(omitted);
}

export function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
