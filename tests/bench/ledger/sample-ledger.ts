import type { Checkpoint } from '../../../src/domain/ledger/checkpoint.ts';
import type { LedgerEntry, SealedWriter } from '../../../src/domain/ledger/ledger-record.ts';
import type { NoteSigner } from '../../../src/domain/ledger/signed-note.ts';
import type { ChainHead, LedgerWriterName } from '../../../src/domain/ledger/writer-chain.ts';
import { sequenceSegments } from '../../../src/flows/ledger/sequence-segments.ts';
import { storeSegment } from '../../../src/flows/ledger/store-segment.ts';
import { ending, testSigner, toolCall, writeLines } from '../../fakes/ledger-scene.ts';
import { memoryLedgerStore } from '../../fakes/memory-ledger-store.ts';
import { type Draw, drawFrom } from '../../fakes/seeded-numbers.ts';

export interface SampleLedger {
  readonly parts: Map<string, Uint8Array>;
  /** Keys with more than one version. */
  readonly shadowed: Set<string>;
  readonly signer: NoteSigner;
  /** The newest head, as somebody knows it who looked at it. */
  readonly head: Checkpoint;
  /** All parts as they were at older heads. */
  readonly older: readonly ReadonlyMap<string, Uint8Array>[];
}

export const ledgerOrigin = 'entropy-playground/octo';
export const ledgerName = 'entropy-playground/octo';
const { signal } = new AbortController();

/** Some runs of some writers in some segments, brought into the tree in some steps; the same for the same seed. */
export async function sampleLedger(seed: number): Promise<SampleLedger> {
  const draw = drawFrom(seed);
  const store = memoryLedgerStore();
  const signer = testSigner(ledgerName);
  const room = { store, origin: ledgerOrigin, signer };
  const older: ReadonlyMap<string, Uint8Array>[] = [];
  let { checkpoint: head } = await sequenceSegments(room, signal);
  for (let round = 0, rounds = 1 + draw.below(3); round < rounds; round += 1) {
    if (round > 0) older.push(new Map(store.parts));
    for (let run = 0, runs = 1 + draw.below(3); run < runs; run += 1) await writeRun(store, draw, `R${round}${run}`);
    ({ checkpoint: head } = await sequenceSegments(room, signal));
  }
  return { parts: store.parts, shadowed: new Set(), signer, head, older };
}

async function writeRun(store: ReturnType<typeof memoryLedgerStore>, draw: Draw, run: string): Promise<void> {
  const ended: SealedWriter[] = [];
  const isKilled = draw.chance(0.2);
  for (const writer of ['gate', 'agent', 'broker'].slice(0, 1 + draw.below(3))) {
    const name = { repo: draw.one(['octo/slug', 'octo/payments']), run, attempt: 1 + draw.below(2), writer };
    const own = { ...name, repo: 'octo/slug', attempt: 1 };
    const head = await writeWriter(store, draw, own, isKilled && draw.chance(0.5) ? 'killed' : 'ends');
    ended.push({ writer, records: head.seq, head: head.prev });
  }
  const publish = { repo: 'octo/slug', run, attempt: 1, writer: 'publish' };
  if (!isKilled) await writeWriter(store, draw, publish, 'ends', ended);
}

async function writeWriter(
  store: ReturnType<typeof memoryLedgerStore>,
  draw: Draw,
  name: LedgerWriterName,
  how: 'ends' | 'killed',
  writers?: readonly SealedWriter[],
): Promise<ChainHead> {
  let head: ChainHead | undefined;
  for (let at = 0, segments = 1 + draw.below(3); at < segments; at += 1) {
    const entries: LedgerEntry[] = Array.from({ length: 1 + draw.below(6) }, () =>
      toolCall(draw.one(['bash', 'read_file', 'edit_file']), draw.one(['intent', 'result'])),
    );
    const before = (head?.seq ?? 0) + entries.length;
    if (at === segments - 1 && how === 'ends') entries.push(ending(before, writers));
    const place = { ...name, seq: head?.seq ?? 0 };
    const written = writeLines(name, entries, head);
    await storeSegment(store, { place, text: written.text }, signal);
    head = written.head;
  }
  if (head === undefined) throw new Error('a writer without segments');
  return head;
}
