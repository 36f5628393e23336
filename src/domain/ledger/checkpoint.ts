import { base64Of, fromBase64, hashBytes } from './sha256.ts';

/** Which tree it is, and how it stands: C2SP tlog-checkpoint (https://c2sp.org/tlog-checkpoint), the text of a signed note. */
export interface Checkpoint {
  /** The log's name, the same for ever: `entropy-playground/octo`. */
  readonly origin: string;
  /** Leaves. */
  readonly size: number;
  readonly root: Uint8Array;
}

export function formatCheckpoint({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${base64Of(root)}\n`;
}

/** Undefined when it is none. Further lines are allowed by the format, and say nothing to us. */
export function parseCheckpoint(text: string): Checkpoint | undefined {
  const [origin, digits, encoded, ...rest] = text.split('\n');
  if (origin === undefined || origin === '' || digits === undefined || encoded === undefined) return undefined;
  if (rest.at(-1) !== '' || rest.slice(0, -1).includes('')) return undefined;
  const size = /^(0|[1-9]\d{0,15})$/.test(digits) ? Number(digits) : Number.NaN;
  const root = fromBase64(encoded);
  if (!Number.isSafeInteger(size) || root?.length !== hashBytes) return undefined;
  return { origin, size, root };
}
