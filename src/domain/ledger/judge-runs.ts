import type { LedgerFinding } from './finding.ts';
import { descriptorText, type PlacedSegment, runOf } from './segment.ts';
import type { Sha256 } from './sha256.ts';
import { writerSeed } from './writer-chain.ts';

/** What the segments of one attempt at a run say together. */
export interface JudgedRun {
  /** `octo/slug/01M7…-1`. */
  readonly run: string;
  /** `unsealed`: nothing is wrong, and nothing says that this is all: it is still at work, or was killed. */
  readonly state: 'sealed' | 'unsealed' | 'invalid';
  /** Why it is not sealed. */
  readonly open?: string;
  readonly segments: number;
  readonly records: number;
  readonly findings: readonly LedgerFinding[];
}

interface WriterSum {
  readonly writer: string;
  readonly last: PlacedSegment;
  readonly records: number;
  readonly findings: readonly LedgerFinding[];
}

/** By run, in the order in which each appears first. */
export function judgeRuns(sha256: Sha256, segments: readonly PlacedSegment[]): readonly JudgedRun[] {
  const runs = Map.groupBy(segments, ({ place }) => runOf(place));
  return Array.from(runs, ([run, own]) => judgeRun(sha256, run, own));
}

function judgeRun(sha256: Sha256, run: string, segments: readonly PlacedSegment[]): JudgedRun {
  const byWriter = Map.groupBy(segments, ({ place }) => place.writer);
  const writers = Array.from(byWriter, ([writer, own]) => judgeWriter(sha256, writer, own));
  const seal = judgeSeal(writers);
  const findings = [...writers.flatMap((writer) => writer.findings), ...seal.findings];
  return {
    run,
    state: findings.length > 0 ? 'invalid' : seal.open === undefined ? 'sealed' : 'unsealed',
    ...(seal.open !== undefined && { open: seal.open }),
    segments: new Set(segments.map(({ segment }) => segment.key)).size,
    records: writers.reduce((sum, { records }) => sum + records, 0),
    findings,
  };
}

/** One chain, from the writer's seed on, without a hole and without a second history. */
function judgeWriter(sha256: Sha256, writer: string, segments: readonly PlacedSegment[]): WriterSum {
  // One that was announced twice is in the tree twice, and is the same.
  const distinct = [...new Map(segments.map((each) => [descriptorText(each.segment), each])).values()];
  const ordered = distinct.sort((a, b) => a.place.seq - b.place.seq);
  const findings: LedgerFinding[] = [];
  let next = 0;
  let head: string | undefined;
  let sealed = false;
  for (const { place, segment } of ordered) {
    const { key } = segment;
    const at = { key, seq: place.seq };
    const expected = head ?? writerSeed(sha256, place);
    if (place.seq > next) {
      findings.push({ kind: 'gap', ...at, text: `records ${next} to ${place.seq - 1} of ${writer} are missing` });
    } else if (place.seq < next) {
      findings.push({ kind: 'shadow', ...at, text: `${writer} has two histories from record ${place.seq} on` });
    } else if (segment.prev !== expected) {
      findings.push({
        kind: 'record',
        ...at,
        text: `record ${place.seq} of ${writer} does not go on from the one before`,
      });
    } else if (sealed) {
      findings.push({ kind: 'seal', ...at, text: `${writer} goes on behind the record that ends it` });
    }
    if (segment.seal !== undefined && segment.seal.records !== place.seq + segment.records) {
      const told = `${writer} ends with ${segment.seal.records} records and has ${place.seq + segment.records}`;
      findings.push({ kind: 'seal', ...at, text: told });
    }
    next = Math.max(next, place.seq + segment.records);
    head = segment.head;
    sealed = segment.seal !== undefined;
  }
  const last = ordered.at(-1);
  if (last === undefined) throw new TypeError('a writer without segments');
  return { writer, last, records: next, findings };
}

/** The end of the run names all of its writers: one that was dropped as a whole is missed. */
function judgeSeal(writers: readonly WriterSum[]): {
  readonly open?: string;
  readonly findings: readonly LedgerFinding[];
} {
  const findings: LedgerFinding[] = [];
  const closing = writers.find(({ last }) => last.segment.seal?.writers !== undefined);
  if (closing === undefined) {
    const [open] = writers.filter(({ last }) => last.segment.seal === undefined);
    return { open: open === undefined ? 'no record ends the run' : `${open.writer} has not ended`, findings };
  }
  const { key, seal } = closing.last.segment;
  const named = seal?.writers ?? [];
  for (const { writer, records, head } of named) {
    const found = writers.find((each) => each.writer === writer);
    if (found === undefined) {
      findings.push({ kind: 'seal', key, text: `the end of the run names ${writer}, of which nothing is there` });
    } else if (found.records < records) {
      findings.push({
        kind: 'gap',
        key,
        text: `${writer} has ${found.records} records; the end of the run names ${records}`,
      });
    } else if (found.records === records && found.last.segment.head !== head) {
      findings.push({ kind: 'shadow', key, text: `${writer} ends otherwise than the end of the run says` });
    }
  }
  const late = writers.find(
    ({ writer, records }) =>
      writer !== closing.writer && !named.some((each) => each.writer === writer && each.records === records),
  );
  return { ...(late && { open: `the end of the run does not name all of ${late.writer}` }), findings };
}
