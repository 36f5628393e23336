import type { LedgerAct, LedgerActor, LedgerEntry, LedgerSeal } from '../../domain/ledger/ledger-record.ts';
import { appendRecord, type ChainHead, type LedgerWriterName, writerSeed } from '../../domain/ledger/writer-chain.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ClosedJournal, LedgerJournal } from '../../ports/ledger-journal.ts';
import type { LedgerStore } from '../../ports/ledger-store.ts';
import type { LedgerNote, LedgerWriter } from '../../ports/ledger-writer.ts';
import { redactedEntry } from './redact-entry.ts';
import { sha256 } from './sha256.ts';
import { storeSegment } from './store-segment.ts';

export interface WriterRoom {
  readonly name: LedgerWriterName;
  readonly actor: LedgerActor;
  /** What every record of this writer says besides. */
  readonly about: Pick<LedgerEntry, 'issue' | 'trace_id' | 'on_behalf_of' | 'auth'>;
  readonly journal: LedgerJournal;
  readonly store: Pick<LedgerStore, 'putNew' | 'find' | 'read'>;
  readonly clock: Clock;
  /** A ULID of that moment. */
  readonly newId: (at: number) => string;
  /** Takes secrets out of a text. */
  readonly redact: (text: string) => string;
  /** A segment that could not be stored in passing: the next flush tries again, and then it is a fault. */
  readonly onFault: (error: unknown) => void;
}

/** A segment is closed when it has so many bytes of lines, and at the latest after so long. */
const segmentBytes = 256 * 1024;
const segmentMs = 5_000;

/** A writer that nobody used before. It ends with the signal, or when it is told to. */
export function openLedgerWriter(room: WriterRoom, signal: AbortSignal): LedgerWriter {
  const { name, clock, journal } = room;
  let head: ChainHead = { seq: 0, prev: writerSeed(sha256, name), ts: 0 };
  let bytes = 0;
  let isOver = false;
  const closed: ClosedJournal[] = [];
  let storing: Promise<void> = Promise.resolve();
  const stopped = new AbortController();

  const append = (
    note: LedgerNote,
    phase: LedgerAct['phase'],
    more: Partial<LedgerEntry> & { intent?: string } = {},
  ): string => {
    if (isOver) throw new TypeError(`the writer ${name.writer} has ended: ${note.act.name} came after it`);
    const { intent, ...rest } = more;
    const entry: LedgerEntry = {
      ...room.about,
      actor: room.actor,
      ...note,
      ...rest,
      act: { ...note.act, phase, ...(intent !== undefined && { intent }) },
    };
    const at = { entry: redactedEntry(entry, room.redact), id: room.newId, at: clock.now() };
    const { line, record, head: next } = appendRecord(sha256, { name, head }, at);
    journal.append(record.seq, line);
    head = next;
    bytes += line.length;
    if (bytes >= segmentBytes) storeInPassing();
    return record.id;
  };

  const close = (): void => {
    const journalled = journal.close();
    bytes = 0;
    if (journalled !== undefined) closed.push(journalled);
  };

  /** One after the other, in order: a segment behind one that is not stored would be a gap. */
  const store = (until: AbortSignal): Promise<void> => {
    close();
    const step = async (): Promise<void> => {
      for (let next = closed[0]; next !== undefined; next = closed[0]) {
        await storeSegment(room.store, { place: { ...name, seq: next.seq }, text: next.text }, until);
        closed.shift();
        await journal.remove(next);
      }
    };
    const run = storing.then(step, step);
    storing = run.catch(() => undefined);
    return run;
  };

  const storeInPassing = (): void => {
    store(signal).catch(room.onFault);
  };

  const everySoOften = async (): Promise<void> => {
    const both = AbortSignal.any([signal, stopped.signal]);
    while (!both.aborted) {
      await clock.sleep(segmentMs, both).catch(() => undefined);
      if (!both.aborted && bytes > 0) storeInPassing();
    }
  };
  void everySoOften();

  return {
    intend(note) {
      const intent = append(note, 'intent');
      let isTold = false;
      return {
        done({ act, ...result }) {
          if (isTold) return;
          isTold = true;
          append({ ...note, ...result, act: { ...note.act, ...act } }, 'result', { intent });
        },
      };
    },
    note: (note) => void append(note, 'result'),
    flush: (until = signal) => store(until),
    async end(writers, until = signal) {
      const seal: LedgerSeal = { records: head.seq + 1, ...(writers && { writers }) };
      append({ act: { class: 'run', name: 'end' } }, 'result', { seal });
      isOver = true;
      stopped.abort();
      await store(until);
    },
  };
}
