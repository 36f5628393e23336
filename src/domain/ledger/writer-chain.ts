import type { LedgerEntry, LedgerRecord } from './ledger-record.ts';
import { ledgerVersion } from './ledger-record.ts';
import { recordLine } from './record-line.ts';
import { hexOf, type Sha256, utf8 } from './sha256.ts';

/** One process in one attempt at a run. Nobody else appends to its chain. */
export interface LedgerWriterName {
  readonly repo: string;
  readonly run: string;
  readonly attempt: number;
  readonly writer: string;
}

/** Where a chain stands: what the next record is made with. */
export interface ChainHead {
  readonly seq: number;
  readonly prev: string;
  /** Of the newest record; 0 before the first. */
  readonly ts: number;
}

/** The first record's `prev`: a chain cannot be moved to another run or writer. */
export function writerSeed(sha256: Sha256, { repo, run, attempt, writer }: LedgerWriterName): string {
  return hexOf(sha256(utf8(`entropy-playground ledger ${ledgerVersion}\n${repo}\n${run}\n${attempt}\n${writer}\n`)));
}

export function lineHash(sha256: Sha256, line: string): string {
  return hexOf(sha256(utf8(line)));
}

export interface AppendedLine {
  readonly record: LedgerRecord;
  readonly line: string;
  readonly head: ChainHead;
}

/** The next record of a chain. A clock that went back does not turn the order around. Throws a RangeError as `recordLine` does. */
export function appendRecord(
  sha256: Sha256,
  { name, head }: { readonly name: LedgerWriterName; readonly head: ChainHead },
  { entry, id, at }: { readonly entry: LedgerEntry; readonly id: (ts: number) => string; readonly at: number },
): AppendedLine {
  const ts = Math.max(at, head.ts);
  const { repo, run, attempt, writer } = name;
  const record: LedgerRecord = {
    ...entry,
    ...{ v: ledgerVersion, id: id(ts), ts, seq: head.seq, prev: head.prev, repo, run, attempt, writer },
  };
  const line = recordLine(record);
  return { record, line, head: { seq: head.seq + 1, prev: lineHash(sha256, line), ts } };
}
