import { hash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import type { LedgerFinding } from '../../domain/ledger/finding.ts';
import { differsFromLeaf, judgeLines, type LineSum } from '../../domain/ledger/judge-lines.ts';
import type { LedgerRecord } from '../../domain/ledger/ledger-record.ts';
import type { SegmentDescriptor, SegmentPlace } from '../../domain/ledger/segment.ts';
import type { LedgerStore } from '../../ports/ledger-store.ts';
import { sha256 } from './sha256.ts';

export interface SegmentTask {
  readonly key: string;
  readonly version: string;
  readonly place: SegmentPlace;
  /** What the tree says of it; absent for one that is not in the tree yet. */
  readonly leaf?: SegmentDescriptor;
  readonly records: boolean;
}

export interface SegmentVerdict {
  /** Read. */
  readonly bytes: number;
  readonly finding?: LedgerFinding;
  /** Of its records, when they were read and hold. */
  readonly sum?: LineSum;
  /** SHA-256 of the stored bytes. */
  readonly sha256?: string;
}

/** 256 KiB of lines at most, and the last one on top; anything else is no segment of ours. */
const mostTextBytes = 1024 * 1024;

/** Reads one segment and holds it against its leaf: its bytes, and when asked for each of its records. */
export async function judgeSegment(
  store: Pick<LedgerStore, 'read'>,
  { key, version, place, leaf, records }: SegmentTask,
  onRecord?: (record: LedgerRecord) => void,
): Promise<SegmentVerdict> {
  const wrong = (text: string, bytes = 0): SegmentVerdict => ({
    bytes,
    finding: { kind: 'segment', key, seq: place.seq, text },
  });
  const body = await store.read(key, version);
  if (body === undefined) return wrong('it is in the tree and is not there');
  const digest = hash('sha256', body);
  if (leaf !== undefined && body.length !== leaf.bytes) {
    return wrong(`it has ${body.length} bytes instead of ${leaf.bytes}`, body.length);
  }
  if (leaf !== undefined && digest !== leaf.sha256)
    return wrong('its bytes are not those that the tree says', body.length);
  if (!records) return { bytes: body.length, sha256: digest };
  const text = unpacked(body);
  if (text === undefined) return wrong('it cannot be unpacked', body.length);
  const judged = judgeLines({ sha256, ...(onRecord && { onRecord }) }, { key, place, text });
  if (judged.kind === 'wrong') return { bytes: body.length, finding: judged.finding };
  const differs = leaf && differsFromLeaf(judged.sum, leaf);
  return differs === undefined ? { bytes: body.length, sha256: digest, sum: judged.sum } : wrong(differs, body.length);
}

/** Undefined when it is no whole gzip of UTF-8. */
function unpacked(body: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(gunzipSync(body, { maxOutputLength: mostTextBytes }));
  } catch {
    return undefined;
  }
}
