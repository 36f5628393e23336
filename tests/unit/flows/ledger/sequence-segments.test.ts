import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pendingPrefix } from '../../../../src/domain/ledger/ledger-layout.ts';
import { judgeSegment } from '../../../../src/flows/ledger/judge-segment.ts';
import { sequenceSegments } from '../../../../src/flows/ledger/sequence-segments.ts';
import { storeSegment } from '../../../../src/flows/ledger/store-segment.ts';
import { verifyLedger } from '../../../../src/flows/ledger/verify-ledger.ts';
import type { LedgerStore } from '../../../../src/ports/ledger-store.ts';
import { ending, testSigner, toolCall, writeLines } from '../../../fakes/ledger-scene.ts';
import { memoryLedgerStore } from '../../../fakes/memory-ledger-store.ts';

const { signal } = new AbortController();
const origin = 'entropy-playground/test';
const signer = testSigner();

/** A run of one writer that ends, in one segment. */
async function storeRun(store: LedgerStore, run: string): Promise<void> {
  const place = { repo: 'octo/slug', run, attempt: 1, writer: 'publish' };
  const { text } = writeLines(place, [toolCall('bash'), ending(1, [])]);
  await storeSegment(store, { place: { ...place, seq: 0 }, text }, signal);
}

/** Does what it is told until so many steps are done, then nothing any more: a process that was killed. */
function killedAfter(store: LedgerStore, steps: number): LedgerStore {
  let left = steps;
  const step = async <Value>(act: () => Promise<Value>): Promise<Value> => {
    if (left === 0) throw new Error('killed');
    left -= 1;
    return await act();
  };
  return {
    putNew: (key, body) => step(() => store.putNew(key, body)),
    replace: (key, body) => step(() => store.replace(key, body)),
    read: (key, version) => step(() => store.read(key, version)),
    find: (key) => step(() => store.find(key)),
    remove: (key) => step(() => store.remove(key)),
    async *list(prefix) {
      for await (const part of store.list(prefix)) yield await step(async () => part);
    },
  };
}

async function verdictOf(store: LedgerStore) {
  return await verifyLedger(store, {
    ...{ level: 'records', keys: [signer.key], origin, earlier: [], atOnce: 4, signal },
    judge: (task) => judgeSegment(store, task),
  });
}

async function pendingIn(store: LedgerStore): Promise<number> {
  let count = 0;
  for await (const _ of store.list(pendingPrefix)) count += 1;
  return count;
}

describe('the sequencer', () => {
  it('signs the empty tree, and each segment that is announced after it', async () => {
    const store = memoryLedgerStore();
    const room = { store, origin, signer };
    expect(await sequenceSegments(room, signal)).toMatchObject({ added: 0, checkpoint: { size: 0 } });
    for (const run of ['R1', 'R2', 'R3']) await storeRun(store, run);
    expect(await verdictOf(store)).toMatchObject({ state: 'valid', waiting: 3, segments: 3 });
    expect(await sequenceSegments(room, signal)).toMatchObject({ added: 3, checkpoint: { size: 3 } });
    expect(await sequenceSegments(room, signal)).toMatchObject({ added: 0, checkpoint: { size: 3 } });
    expect(await verdictOf(store)).toMatchObject({ state: 'valid', waiting: 0, segments: 3, records: 6, findings: [] });
    expect(await pendingIn(store)).toBe(0);
  });

  it('brings in each segment once, wherever it is killed, and whoever goes on', async () => {
    const kills = fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 5 }), kills, async (runs, steps) => {
        const store = memoryLedgerStore();
        for (let run = 0; run < runs; run += 1) await storeRun(store, `R${run}`);
        for (const [at, step] of steps.entries()) {
          const room = { store: killedAfter(store, step), origin, signer };
          await sequenceSegments(room, signal).catch((error: unknown) => expect(String(error)).toContain('killed'));
          await storeRun(store, `L${at}`);
        }
        await sequenceSegments({ store, origin, signer }, signal);
        const verdict = await verdictOf(store);
        expect(verdict.findings).toEqual([]);
        expect(verdict.checkpoint?.size).toBe(runs + steps.length);
        expect(verdict.runs.every(({ state }) => state === 'sealed')).toBe(true);
        expect(await pendingIn(store)).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  it('brings in each segment once when many do it at the same time', async () => {
    const store = memoryLedgerStore();
    const room = { store, origin, signer };
    const writing = Array.from({ length: 30 }, (_, at) => storeRun(store, `R${at}`));
    await Promise.all([...writing, ...Array.from({ length: 6 }, () => sequenceSegments(room, signal))]);
    await sequenceSegments(room, signal);
    expect(await verdictOf(store)).toMatchObject({ state: 'valid', findings: [], checkpoint: { size: 30 } });
  });

  it('goes over the edge of a tile', async () => {
    const store = memoryLedgerStore();
    const room = { store, origin, signer };
    for (let run = 0; run < 260; run += 1) {
      await storeRun(store, `R${run}`);
      if (run % 65 === 0) await sequenceSegments(room, signal);
    }
    await sequenceSegments(room, signal);
    expect(await verdictOf(store)).toMatchObject({ state: 'valid', findings: [], checkpoint: { size: 260 } });
  });

  it('goes on with no ledger of another name, and with none that was changed', async () => {
    const store = memoryLedgerStore();
    await sequenceSegments({ store, origin, signer }, signal);
    const other = sequenceSegments({ store, origin: 'entropy-playground/else', signer }, signal);
    await expect(other).rejects.toMatchObject({
      code: 'E755',
      message: expect.stringContaining('entropy-playground/else'),
    });
    await storeRun(store, 'R1');
    store.parts.set(`${pendingPrefix}octo/slug/R1-1/publish/000000000000.jsonl.gz.json`, Buffer.from('{}'));
    await expect(sequenceSegments({ store, origin, signer }, signal)).rejects.toMatchObject({ code: 'E755' });
  });
});
