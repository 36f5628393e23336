import type { LedgerFinding } from './finding.ts';
import type { LedgerRecord, LedgerSeal } from './ledger-record.ts';
import { readRecordLine } from './record-line.ts';
import type { SegmentDescriptor, SegmentPlace } from './segment.ts';
import type { Sha256 } from './sha256.ts';
import { lineHash, writerSeed } from './writer-chain.ts';

/** What the lines of a segment add up to. */
export interface LineSum {
  readonly records: number;
  readonly prev: string;
  readonly head: string;
  /** Time of the first and of the last record, milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
  readonly seal?: LedgerSeal;
}

export type JudgedLines =
  | { readonly kind: 'sound'; readonly sum: LineSum }
  | { readonly kind: 'wrong'; readonly finding: LedgerFinding };

export interface LinesRoom {
  readonly sha256: Sha256;
  /** Each record that holds, in order. */
  readonly onRecord?: (record: LedgerRecord) => void;
}

/** The first record that is wrong ends it: nothing behind it can be told. `text` is a segment without its compression. */
export function judgeLines({ sha256, onRecord }: LinesRoom, { key, place, text }: SegmentText): JudgedLines {
  const lines = text.split('\n');
  const wrong = (at: number, what: string): JudgedLines => {
    const seq = place.seq + at;
    return { kind: 'wrong', finding: { kind: 'record', key, seq, text: `record ${seq} of ${place.writer}: ${what}` } };
  };
  if (lines.pop() !== '') return wrong(lines.length, 'it is cut off: the segment does not end with a line');
  let before: LedgerRecord | undefined;
  let prev: string | undefined;
  let first = '';
  for (const [at, line] of lines.entries()) {
    const read = readRecordLine(line);
    if (read.kind === 'wrong') return wrong(at, read.what);
    const { record } = read;
    const problem = misplaced(record, place, at) ?? outOfTime(record, before);
    if (problem !== undefined) return wrong(at, problem);
    const expected = prev ?? (place.seq === 0 ? writerSeed(sha256, place) : record.prev);
    if (record.prev !== expected)
      return wrong(at, `it goes on from ${short(record.prev)}, not from ${short(expected)}`);
    if (before?.seal !== undefined) return wrong(at, 'it stands behind the record that ends its writer');
    if (record.seal !== undefined && record.seal.records !== record.seq + 1) {
      return wrong(at, `it says that there are ${record.seal.records} records, and is number ${record.seq + 1}`);
    }
    if (at === 0) first = record.prev;
    prev = lineHash(sha256, line);
    before = record;
    onRecord?.(record);
  }
  if (before === undefined || prev === undefined) return wrong(0, 'the segment is empty');
  const from = readTime(lines[0]);
  const { seal } = before;
  return {
    kind: 'sound',
    sum: { records: lines.length, prev: first, head: prev, from, to: before.ts, ...(seal && { seal }) },
  };
}

export interface SegmentText {
  readonly key: string;
  readonly place: SegmentPlace;
  readonly text: string;
}

/** That the lines are those that the leaf was made of. */
export function differsFromLeaf(sum: LineSum, segment: SegmentDescriptor): string | undefined {
  if (sum.records !== segment.records) return `it has ${sum.records} records instead of ${segment.records}`;
  if (sum.prev !== segment.prev) return 'it goes on from another record than the tree says';
  if (sum.head !== segment.head) return 'it ends with another record than the tree says';
  return JSON.stringify(sum.seal) === JSON.stringify(segment.seal)
    ? undefined
    : 'its end is not the one that the tree tells';
}

function misplaced(record: LedgerRecord, place: SegmentPlace, at: number): string | undefined {
  if (record.seq !== place.seq + at) return `it is numbered ${record.seq}`;
  const names = ['repo', 'run', 'attempt', 'writer'] as const;
  const other = names.find((name) => record[name] !== place[name]);
  return other === undefined
    ? undefined
    : `its ${other} is ${JSON.stringify(record[other])}, not ${JSON.stringify(place[other])}`;
}

function outOfTime(record: LedgerRecord, before: LedgerRecord | undefined): string | undefined {
  if (before !== undefined && record.ts < before.ts)
    return `it is ${before.ts - record.ts} ms older than the one before`;
  return ulidTime(record.id) === record.ts ? undefined : 'its id was not made at its time';
}

/** Milliseconds of a ULID; NaN when it is none. */
function ulidTime(id: string): number {
  if (!/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/.test(id)) return Number.NaN;
  const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  return Array.from(id.slice(0, 10)).reduce((sum, digit) => sum * 32 + digits.indexOf(digit), 0);
}

function readTime(line: string | undefined): number {
  const read = readRecordLine(line ?? '');
  return read.kind === 'record' ? read.record.ts : 0;
}

function short(digest: string): string {
  return `${digest.slice(0, 12)}…`;
}
