import type { Checkpoint } from '../../domain/ledger/checkpoint.ts';
import type { LedgerFinding } from '../../domain/ledger/finding.ts';
import { type JudgedRun, judgeRuns } from '../../domain/ledger/judge-runs.ts';
import { parseSegmentKey, pendingKey, segmentsPrefix } from '../../domain/ledger/ledger-layout.ts';
import { ledgerVersion } from '../../domain/ledger/ledger-record.ts';
import { descriptorText, type PlacedSegment, type SegmentDescriptor } from '../../domain/ledger/segment.ts';
import type { LedgerStore, ListedPart } from '../../ports/ledger-store.ts';
import { judgeCheckpoint, type KnownHeads } from './judge-checkpoint.ts';
import { judgeOldTiles } from './judge-old-tiles.ts';
import type { SegmentTask, SegmentVerdict } from './judge-segment.ts';
import { judgeTree } from './judge-tree.ts';
import { sha256 } from './sha256.ts';

/** `quick`: the tree, and the size of every segment. `bytes`: every stored byte. `records`: every record as well. */
export type VerifyLevel = 'quick' | 'bytes' | 'records';

export interface VerifyRequest extends KnownHeads {
  readonly level: VerifyLevel;
  /** Looks at one segment, in this process or in another; any number at once. */
  readonly judge: (task: SegmentTask) => Promise<SegmentVerdict>;
  readonly atOnce: number;
  readonly signal: AbortSignal;
}

export interface LedgerVerdict {
  readonly state: 'valid' | 'invalid';
  readonly level: VerifyLevel;
  readonly checkpoint?: Checkpoint;
  /** Names of the keys that signed it. */
  readonly signedBy: readonly string[];
  readonly runs: readonly JudgedRun[];
  readonly segments: number;
  readonly records: number;
  /** Segments that are stored and not in the tree yet. */
  readonly waiting: number;
  /** That were read of segments. */
  readonly bytes: number;
  /** The head first, then the tree, then segments by their keys, then what they say together. */
  readonly findings: readonly LedgerFinding[];
}

/**
 * Holds a ledger against itself, and against what is known from elsewhere. It changes nothing and needs no right but to read. What is
 * stored and not in the tree yet is held against its announcement, and its records are always read: no root speaks for it.
 */
export async function verifyLedger(store: LedgerStore, request: VerifyRequest): Promise<LedgerVerdict> {
  const { level, signal } = request;
  const head = await judgeCheckpoint(store, request);
  const tree = head.checkpoint === undefined ? undefined : await judgeTree(store, head.checkpoint);
  const wholeSize = tree?.findings.length === 0 ? head.checkpoint?.size : undefined;
  const old = level === 'quick' || wholeSize === undefined ? [] : await judgeOldTiles(store, wholeSize, signal);
  const inTree = new Map((tree?.segments ?? []).map((each) => [each.segment.key, each]));
  const findings: LedgerFinding[] = [];
  const waiting: PlacedSegment[] = [];
  const judgeListed = async (part: ListedPart): Promise<number> => {
    signal.throwIfAborted();
    const known = inTree.get(part.key);
    inTree.delete(part.key);
    if (part.versions > 1) findings.push(shadow(part));
    const place = parseSegmentKey(part.key);
    if (place === undefined) {
      findings.push({ kind: 'segment', key: part.key, text: 'this is no name of a segment' });
      return 0;
    }
    if (known !== undefined) return await judgeKnown(request, part, { known, findings });
    const verdict = await request.judge({ ...part, place, records: true });
    if (verdict.finding !== undefined) findings.push(verdict.finding);
    if (verdict.sum === undefined || verdict.sha256 === undefined) return verdict.bytes;
    const { records, prev, head: last, seal } = verdict.sum;
    const { key, version, bytes } = part;
    const own = { v: ledgerVersion, key, version, bytes, sha256: verdict.sha256, records, prev, head: last } as const;
    const segment: SegmentDescriptor = { ...own, ...(seal && { seal }) };
    const announced = await store.read(pendingKey(key));
    const problem =
      announced === undefined ? 'it is neither in the tree nor announced' : 'it is not the one that was announced';
    if (announced === undefined || Buffer.from(announced).toString() !== descriptorText(segment)) {
      findings.push({ kind: 'segment', key, seq: place.seq, text: problem });
    }
    waiting.push({ place, segment });
    return verdict.bytes;
  };
  const bytes = await addUp(store.list(segmentsPrefix, signal), request.atOnce, judgeListed);
  for (const { segment, place } of inTree.values()) {
    const text = 'it is in the tree and is not there';
    findings.push({ kind: 'segment', key: segment.key, seq: place.seq, text });
  }
  const runs = judgeRuns(sha256, [...(tree?.segments ?? []), ...waiting]);
  const all = [
    ...head.findings,
    ...(tree?.findings ?? []),
    ...old,
    ...findings.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : (a.seq ?? 0) - (b.seq ?? 0))),
    ...runs.flatMap((run) => run.findings),
  ];
  return {
    state: all.length === 0 ? 'valid' : 'invalid',
    level,
    ...(head.checkpoint && { checkpoint: head.checkpoint }),
    signedBy: head.signedBy,
    runs,
    segments: runs.reduce((sum, run) => sum + run.segments, 0),
    records: runs.reduce((sum, run) => sum + run.records, 0),
    waiting: waiting.length,
    bytes,
    findings: all,
  };
}

async function judgeKnown(
  { level, judge }: VerifyRequest,
  part: ListedPart,
  { known, findings }: { readonly known: PlacedSegment; readonly findings: LedgerFinding[] },
): Promise<number> {
  const { segment, place } = known;
  if (level === 'quick') {
    const differs = part.version === segment.version && part.bytes !== segment.bytes;
    const text = `it has ${part.bytes} bytes instead of ${segment.bytes}`;
    if (differs) findings.push({ kind: 'segment', key: part.key, seq: place.seq, text });
    return 0;
  }
  const task = { key: part.key, version: segment.version, place, leaf: segment, records: level === 'records' };
  const verdict = await judge(task);
  if (verdict.finding !== undefined) findings.push(verdict.finding);
  return verdict.bytes;
}

function shadow({ key, versions }: ListedPart): LedgerFinding {
  return {
    kind: 'shadow',
    key,
    text: `it has ${versions} versions: something was put over it, or it was removed and put anew`,
  };
}

async function addUp<Item>(
  items: AsyncIterable<Item>,
  atOnce: number,
  work: (item: Item) => Promise<number>,
): Promise<number> {
  let sum = 0;
  const running = new Set<Promise<void>>();
  for await (const item of items) {
    const one = work(item).then((value) => {
      sum += value;
    });
    const tracked = one.finally(() => running.delete(tracked));
    running.add(tracked);
    if (running.size >= atOnce) await Promise.race(running);
  }
  await Promise.all(running);
  return sum;
}
