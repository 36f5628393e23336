import { gunzipSync, gzipSync } from 'node:zlib';
import { canonicalJson } from '../../../src/domain/canonical-json.ts';
import { formatCheckpoint, parseCheckpoint } from '../../../src/domain/ledger/checkpoint.ts';
import {
  checkpointKey,
  parseSegmentKey,
  segmentKey,
  segmentsPrefix,
  treePrefix,
} from '../../../src/domain/ledger/ledger-layout.ts';
import type { LedgerRecord } from '../../../src/domain/ledger/ledger-record.ts';
import { parseNote, signNote } from '../../../src/domain/ledger/signed-note.ts';
import { tilesOf } from '../../../src/domain/ledger/tiles.ts';
import { lineHash, writerSeed } from '../../../src/domain/ledger/writer-chain.ts';
import { bundleKey } from '../../../src/flows/ledger/grow-tree.ts';
import { tileKey } from '../../../src/flows/ledger/read-tree.ts';
import { sequenceSegments } from '../../../src/flows/ledger/sequence-segments.ts';
import { sha256 } from '../../../src/flows/ledger/sha256.ts';
import { storeSegment } from '../../../src/flows/ledger/store-segment.ts';
import { testSigner, ulidAt } from '../../fakes/ledger-scene.ts';
import { memoryLedgerStore } from '../../fakes/memory-ledger-store.ts';
import type { Draw } from '../../fakes/seeded-numbers.ts';
import { ledgerName, ledgerOrigin, type SampleLedger } from './sample-ledger.ts';

/** Changes a ledger as somebody would who may write its store and has not its key. False: there was nothing to change. */
export type Mutate = (ledger: SampleLedger, draw: Draw) => boolean | Promise<boolean>;

export const mutations: Readonly<Record<string, Mutate>> = {
  'edit a byte of a segment': (ledger, draw) => onPart(ledger, draw, segmentsPrefix, (body) => flipped(body, draw)),
  'edit a byte of a tile': (ledger, draw) => onPart(ledger, draw, `${treePrefix}tile/`, (body) => flipped(body, draw)),
  'edit a byte of the checkpoint': (ledger, draw) => onPart(ledger, draw, checkpointKey, (body) => flipped(body, draw)),
  'edit a record': (ledger, draw) => onLines(ledger, draw, (lines) => lines.with(...editedAt(lines, draw))),
  'edit a record and chain those after it anew': (ledger, draw) =>
    onLines(ledger, draw, (lines) => chained(lines.with(...editedAt(lines, draw)))),
  'turn a clock back and chain anew': (ledger, draw) =>
    onLines(ledger, draw, (lines) => {
      const at = draw.below(lines.length);
      const record = JSON.parse(lines[at] ?? '') as LedgerRecord;
      const ts = record.ts - 1 - draw.below(100_000);
      return chained(lines.with(at, canonicalJson({ ...record, ts, id: ulidAt(ts) })));
    }),
  'swap two records': (ledger, draw) =>
    onLines(ledger, draw, (lines) => {
      if (lines.length < 2) return undefined;
      const at = draw.below(lines.length - 1);
      return lines.with(at, lines[at + 1] ?? '').with(at + 1, lines[at] ?? '');
    }),
  'swap two segments': ({ parts }, draw) => {
    const [one, two] = pick(keysIn(parts, segmentsPrefix), 2, draw);
    const [first, second] = [parts.get(one ?? ''), parts.get(two ?? '')];
    if (one === undefined || two === undefined || first === undefined || second === undefined) return false;
    parts.set(one, second);
    parts.set(two, first);
    return true;
  },
  'drop a record': (ledger, draw) => onLines(ledger, draw, (lines) => lines.toSpliced(draw.below(lines.length), 1)),
  'drop a record and chain anew': (ledger, draw) =>
    onLines(ledger, draw, (lines) =>
      lines.length < 2 ? undefined : chained(lines.toSpliced(draw.below(lines.length), 1)),
    ),
  'drop a segment': (ledger, draw) => dropOne(ledger, draw, segmentsPrefix),
  // Those of the tree as it is: older partial ones may be cleared away.
  'drop a tile': ({ parts, head }, draw) => {
    const keys = tilesOf(head.size).flatMap((tile) => [tileKey(tile), ...(tile.level === 0 ? [bundleKey(tile)] : [])]);
    return keys.length > 0 && parts.delete(draw.one(keys));
  },
  'drop the checkpoint': (ledger, draw) => dropOne(ledger, draw, checkpointKey),
  'drop a whole writer': ({ parts }, draw) => {
    const folder = draw.one(keysIn(parts, segmentsPrefix)).replace(/[^/]+$/, '');
    for (const key of keysIn(parts, folder)) parts.delete(key);
    return true;
  },
  'cut a segment': (ledger, draw) =>
    onPart(ledger, draw, segmentsPrefix, (body) => body.slice(0, draw.below(body.length))),
  'cut the end of a segment’s records': (ledger, draw) =>
    onLines(ledger, draw, (lines) => (lines.length < 2 ? undefined : lines.slice(0, 1 + draw.below(lines.length - 1)))),
  'cut a tile': (ledger, draw) =>
    onPart(ledger, draw, `${treePrefix}tile/`, (body) => body.slice(0, draw.below(body.length))),
  'double a record': (ledger, draw) =>
    onLines(ledger, draw, (lines) => {
      const at = draw.below(lines.length);
      return lines.toSpliced(at, 0, lines[at] ?? '');
    }),
  'double a segment behind itself': ({ parts }, draw) => {
    const key = draw.one(keysIn(parts, segmentsPrefix));
    const place = parseSegmentKey(key);
    const body = parts.get(key);
    if (place === undefined || body === undefined) return false;
    const copy = segmentKey(place, place.seq + 1 + draw.below(50));
    if (parts.has(copy)) return false;
    parts.set(copy, body);
    return true;
  },
  'double a run under another name': ({ parts }, draw) => {
    const place = parseSegmentKey(draw.one(keysIn(parts, segmentsPrefix)));
    if (place === undefined) return false;
    const folder = segmentKey(place, 0).split('/').slice(0, -2).join('/');
    for (const key of keysIn(parts, `${folder}/`)) {
      const own = parseSegmentKey(key);
      const body = parts.get(key);
      if (own !== undefined && body !== undefined) parts.set(segmentKey({ ...own, run: `${own.run}X` }, own.seq), body);
    }
    return true;
  },
  'put another version over a segment': (ledger, draw) => {
    ledger.shadowed.add(draw.one(keysIn(ledger.parts, segmentsPrefix)));
    return true;
  },
  'write another history with a key of one’s own': (ledger, draw) => rewritten(ledger, draw, true),
  'write another history under the old signature': (ledger, draw) => rewritten(ledger, draw, false),
  'go back to an older head': ({ parts, older }, draw) => {
    if (older.length === 0) return false;
    const before = draw.one(older);
    for (const key of keysIn(parts, '')) {
      const isOf = key.startsWith(segmentsPrefix) && !before.has(key);
      if (isOf) parts.delete(key);
    }
    for (const [key, body] of before) parts.set(key, body);
    return true;
  },
  'sign the same head with another key': async ({ parts }) => {
    const note = parseNote(Buffer.from(parts.get(checkpointKey) ?? new Uint8Array()).toString());
    if (note === undefined) return false;
    parts.set(checkpointKey, Buffer.from(await signNote(note.text, testSigner(ledgerName))));
    return true;
  },
  'tell another size or root under the old signature': ({ parts }, draw) => {
    const text = Buffer.from(parts.get(checkpointKey) ?? new Uint8Array()).toString();
    const checkpoint = parseCheckpoint(parseNote(text)?.text ?? '');
    if (checkpoint === undefined || checkpoint.size === 0) return false;
    const changed = draw.chance(0.5)
      ? { ...checkpoint, size: draw.below(checkpoint.size) }
      : { ...checkpoint, root: sha256(checkpoint.root) };
    parts.set(checkpointKey, Buffer.from(text.replace(formatCheckpoint(checkpoint), formatCheckpoint(changed))));
    return true;
  },
  'put the head of another ledger there': async (ledger, draw) => {
    const store = memoryLedgerStore();
    await sequenceSegments({ store, origin: 'entropy-playground/else', signer: ledger.signer }, never);
    const body = store.parts.get(checkpointKey);
    if (body !== undefined) ledger.parts.set(checkpointKey, body);
    return body !== undefined && draw.below(1) === 0;
  },
};

const { signal: never } = new AbortController();

/** Another history of one run that adds up in itself, and a tree over all of it. */
async function rewritten(ledger: SampleLedger, draw: Draw, sign: boolean): Promise<boolean> {
  const store = memoryLedgerStore();
  const victim = draw.one(keysIn(ledger.parts, segmentsPrefix));
  const texts = new Map(keysIn(ledger.parts, segmentsPrefix).map((key) => [key, linesOf(ledger.parts.get(key))]));
  const own = texts.get(victim);
  const place = parseSegmentKey(victim);
  if (own === undefined || place === undefined) return false;
  texts.set(victim, chained(own.with(...editedAt(own, draw))));
  // What goes on from it in other segments of the writer is chained anew as well.
  let prev: string | undefined;
  for (const key of [...texts.keys()].sort()) {
    const at = parseSegmentKey(key);
    if (at?.run !== place.run || at.writer !== place.writer) continue;
    const lines = chained(texts.get(key) ?? [], prev ?? (at.seq === 0 ? writerSeed(sha256, at) : undefined));
    texts.set(key, lines);
    prev = lineHash(sha256, lines.at(-1) ?? '');
  }
  for (const [key, lines] of texts) {
    const at = parseSegmentKey(key);
    if (at !== undefined)
      await storeSegment(store, { place: at, text: lines.map((line) => `${line}\n`).join('') }, never);
  }
  const old = ledger.parts.get(checkpointKey);
  await sequenceSegments({ store, origin: ledgerOrigin, signer: testSigner(ledgerName) }, never);
  ledger.parts.clear();
  for (const [key, body] of store.parts) ledger.parts.set(key, body);
  if (!sign && old !== undefined) ledger.parts.set(checkpointKey, old);
  return true;
}

function onPart(
  { parts }: SampleLedger,
  draw: Draw,
  prefix: string,
  change: (body: Uint8Array) => Uint8Array,
): boolean {
  const keys = keysIn(parts, prefix);
  if (keys.length === 0) return false;
  const key = draw.one(keys);
  const body = parts.get(key);
  if (body === undefined || body.length === 0) return false;
  parts.set(key, change(body));
  return true;
}

function onLines(
  ledger: SampleLedger,
  draw: Draw,
  change: (lines: readonly string[]) => readonly string[] | undefined,
): boolean {
  let did = false;
  onPart(ledger, draw, segmentsPrefix, (body) => {
    const lines = change(linesOf(body));
    did = lines !== undefined;
    return lines === undefined ? body : gzipSync(lines.map((line) => `${line}\n`).join(''));
  });
  return did;
}

function linesOf(body: Uint8Array | undefined): readonly string[] {
  return body === undefined ? [] : gunzipSync(body).toString().split('\n').slice(0, -1);
}

function chained(lines: readonly string[], first?: string): readonly string[] {
  let prev = first;
  return lines.map((line) => {
    const record = JSON.parse(line) as LedgerRecord;
    const own = canonicalJson({ ...record, prev: prev ?? record.prev });
    prev = lineHash(sha256, own);
    return own;
  });
}

function editedAt(lines: readonly string[], draw: Draw): [number, string] {
  const at = draw.below(lines.length);
  const record = JSON.parse(lines[at] ?? '') as LedgerRecord;
  const act = { ...record.act, target: `${record.act.target ?? ''}${draw.below(10)}` };
  return [at, canonicalJson({ ...record, act })];
}

function dropOne({ parts }: SampleLedger, draw: Draw, prefix: string): boolean {
  const keys = keysIn(parts, prefix);
  return keys.length > 0 && parts.delete(draw.one(keys));
}

function flipped(body: Uint8Array, draw: Draw): Uint8Array {
  const copy = Uint8Array.from(body);
  const at = draw.below(copy.length);
  copy[at] = (copy[at] ?? 0) ^ (1 << draw.below(8));
  return copy;
}

function keysIn(parts: ReadonlyMap<string, Uint8Array>, prefix: string): readonly string[] {
  return [...parts.keys()].filter((key) => key.startsWith(prefix)).sort();
}

function pick(keys: readonly string[], count: number, draw: Draw): readonly string[] {
  const left = [...keys];
  return Array.from({ length: Math.min(count, keys.length) }, () => left.splice(draw.below(left.length), 1)[0] ?? '');
}
