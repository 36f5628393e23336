import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { EntropyError } from '../../domain/error.ts';
import { judgeLines } from '../../domain/ledger/judge-lines.ts';
import { pendingKey, segmentKey } from '../../domain/ledger/ledger-layout.ts';
import { ledgerVersion } from '../../domain/ledger/ledger-record.ts';
import { descriptorText, type SegmentDescriptor, type SegmentPlace } from '../../domain/ledger/segment.ts';
import { sameBytes } from '../../domain/ledger/sha256.ts';
import type { LedgerStore } from '../../ports/ledger-store.ts';
import { sha256 } from './sha256.ts';

/** Lines of one writer, in order, each with its newline. */
export interface SegmentLines {
  readonly place: SegmentPlace;
  readonly text: string;
}

/**
 * Puts a stretch of records where nothing lies, then announces it to whoever keeps the tree. Both may be done again: the same
 * lines are the same bytes. E755 when others lie there, or when the lines are no chain: then nothing was stored.
 */
export async function storeSegment(
  store: Pick<LedgerStore, 'putNew' | 'find' | 'read'>,
  { place, text }: SegmentLines,
  signal: AbortSignal,
): Promise<SegmentDescriptor> {
  const key = segmentKey(place, place.seq);
  const judged = judgeLines({ sha256 }, { key, place, text });
  if (judged.kind === 'wrong') throw refused(key, judged.finding.text);
  const body = await promisify(gzip)(text);
  const put = await store.putNew(key, body, signal);
  const part = put === 'exists' ? await store.find(key) : put;
  if (part === undefined) throw refused(key, 'the object was there a moment ago and is gone');
  if (put === 'exists' && !(await isThere(store, { key, version: part.version, body }))) {
    throw refused(key, 'other records lie there: two processes wrote as one writer');
  }
  const { records, prev, head, seal } = judged.sum;
  const descriptor: SegmentDescriptor = {
    ...{
      v: ledgerVersion,
      key,
      version: part.version,
      bytes: body.length,
      sha256: digestOf(body),
      records,
      prev,
      head,
    },
    ...(seal && { seal }),
  };
  await store.putNew(pendingKey(key), Buffer.from(descriptorText(descriptor)), signal);
  return descriptor;
}

async function isThere(
  store: Pick<LedgerStore, 'read'>,
  { key, version, body }: { readonly key: string; readonly version: string; readonly body: Uint8Array },
): Promise<boolean> {
  const there = await store.read(key, version);
  return there !== undefined && sameBytes(there, body);
}

function digestOf(body: Uint8Array): string {
  return createHash('sha256').update(body).digest('hex');
}

function refused(key: string, what: string): EntropyError {
  return new EntropyError({
    code: 'E755',
    message: `the segment ${key} of the ledger was not stored: ${what}`,
    fix: 'give each process a writer of its own, and begin another attempt after one that was killed',
  });
}
