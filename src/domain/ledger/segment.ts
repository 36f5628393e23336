import { canonicalJson } from '../canonical-json.ts';
import { count, groupOf, oneOf, type Shape, text } from '../shape.ts';
import { parseSegmentKey } from './ledger-layout.ts';
import { digestShape, type LedgerSeal, ledgerVersion, sealShape } from './ledger-record.ts';
import type { LedgerWriterName } from './writer-chain.ts';

/**
 * A stretch of one writer's records as it is stored: compressed lines. Its descriptor is the leaf of the tree, and says
 * everything that is needed to find what was changed without reading a record.
 */
export interface SegmentDescriptor {
  readonly v: typeof ledgerVersion;
  readonly key: string;
  /** The version of the object that is meant, in the store's words: another one under the same key is a shadow. */
  readonly version: string;
  /** Of the stored bytes. */
  readonly bytes: number;
  readonly sha256: string;
  readonly records: number;
  /** `prev` of its first record. */
  readonly prev: string;
  /** SHA-256 of its last line. */
  readonly head: string;
  /** Of its last record, when that ends the writer. */
  readonly seal?: LedgerSeal;
}

const descriptorShape: Shape<SegmentDescriptor> = groupOf<SegmentDescriptor>({
  required: {
    v: oneOf([ledgerVersion]),
    key: text,
    version: text,
    bytes: count,
    sha256: digestShape,
    records: count,
    prev: digestShape,
    head: digestShape,
  },
  optional: { seal: sealShape },
});

/** Where a segment stands, by its key. */
export type SegmentPlace = LedgerWriterName & { readonly seq: number };

export interface PlacedSegment {
  readonly place: SegmentPlace;
  readonly segment: SegmentDescriptor;
}

/** The bytes of the leaf. */
export function descriptorText(segment: SegmentDescriptor): string {
  return canonicalJson(segment);
}

/** Undefined when it is no descriptor in its one form. */
export function readDescriptor(descriptor: string): PlacedSegment | undefined {
  let value: unknown;
  try {
    value = JSON.parse(descriptor);
  } catch {
    return undefined;
  }
  if (descriptorShape.wrong(value, '') !== undefined || canonicalJson(value) !== descriptor) return undefined;
  const segment = value as SegmentDescriptor;
  const place = parseSegmentKey(segment.key);
  return place === undefined || segment.records === 0 ? undefined : { place, segment };
}

/** `github/octo/slug/…` of a run: what belongs together in a report. */
export function runOf({ repo, run, attempt }: LedgerWriterName): string {
  return `${repo}/${run}-${attempt}`;
}
