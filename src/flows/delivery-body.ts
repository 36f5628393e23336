import { deliveryRules } from '../domain/dispatch/delivery-rules.ts';
import { type GuardedJson, readGuardedJson, readGuardedText } from '../domain/guarded-json.ts';

/** A body as a gateway hands it over. */
export interface EncodedBody {
  readonly text: string;
  readonly encoding: 'utf8' | 'base64';
}

/** How long it is, told without making the bytes. */
export function bodySize({ text, encoding }: EncodedBody): number {
  return Buffer.byteLength(text, encoding);
}

/** The bytes that came over the wire, which are what was signed. */
export function bodyBytes({ text, encoding }: EncodedBody): Uint8Array {
  return Buffer.from(text, encoding);
}

/**
 * The payload of a delivery in either form that GitHub sends: JSON, or a form whose one field `payload` is JSON. It is UTF-8
 * in both, whatever `charset` says. `unsupported`: it calls itself something else.
 */
export function readDeliveryBody(contentType: string, bytes: Uint8Array): GuardedJson | { kind: 'unsupported' } {
  const [mediaType = ''] = contentType.toLowerCase().split(';', 1);
  switch (mediaType.trim()) {
    case 'application/json':
      return readGuardedJson(bytes, deliveryRules.bodyDepth);
    case 'application/x-www-form-urlencoded': {
      const text = fieldOfForm(bytes);
      return text === undefined
        ? { kind: 'refused', reason: 'the form has no field named payload, or others beside it' }
        : readGuardedText(text, deliveryRules.bodyDepth);
    }
    default:
      return { kind: 'unsupported' };
  }
}

/** A form is ASCII: everything else is escaped. What does not decode to UTF-8 is refused, not mended. */
function fieldOfForm(bytes: Uint8Array): string | undefined {
  const [, value] = /^payload=([^&]*)$/.exec(Buffer.from(bytes).toString('latin1')) ?? [];
  try {
    return value === undefined ? undefined : decodeURIComponent(value.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}
