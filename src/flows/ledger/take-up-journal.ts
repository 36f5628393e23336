import type { LedgerWriterName } from '../../domain/ledger/writer-chain.ts';
import type { ClosedJournal, LedgerJournal } from '../../ports/ledger-journal.ts';
import type { LedgerStore } from '../../ports/ledger-store.ts';
import { storeSegment } from './store-segment.ts';

/**
 * Stores what a writer that was killed had put down. Its chain stays without an end, so the run is never called sealed. What was
 * stored before the kill is the same and is there.
 */
export async function takeUpJournal(
  store: Pick<LedgerStore, 'putNew' | 'find' | 'read'>,
  {
    name,
    left,
    remove,
  }: {
    readonly name: LedgerWriterName;
    readonly left: readonly ClosedJournal[];
    readonly remove: LedgerJournal['remove'];
  },
  signal: AbortSignal,
): Promise<number> {
  let segments = 0;
  for (const closed of left) {
    if (closed.text !== '') {
      await storeSegment(store, { place: { ...name, seq: closed.seq }, text: closed.text }, signal);
      segments += 1;
    }
    await remove(closed);
  }
  return segments;
}
