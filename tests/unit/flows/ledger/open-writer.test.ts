import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { leftJournals, openLedgerJournal } from '../../../../src/adapters/filesystem/ledger-journal-file.ts';
import { parseSegmentKey, segmentsPrefix } from '../../../../src/domain/ledger/ledger-layout.ts';
import type { LedgerRecord } from '../../../../src/domain/ledger/ledger-record.ts';
import { judgeSegment } from '../../../../src/flows/ledger/judge-segment.ts';
import { openLedgerWriter, type WriterRoom } from '../../../../src/flows/ledger/open-writer.ts';
import { takeUpJournal } from '../../../../src/flows/ledger/take-up-journal.ts';
import { verifyLedger } from '../../../../src/flows/ledger/verify-ledger.ts';
import { ulidAt } from '../../../fakes/ledger-scene.ts';
import { type MemoryLedgerStore, memoryLedgerStore } from '../../../fakes/memory-ledger-store.ts';
import { simulatedClock } from '../../../fakes/simulated-clock.ts';

const name = { repo: 'octo/slug', run: '01M80DGSVYSG4FTXZFRMQYVTVR', attempt: 1, writer: 'agent' };
const start = 1_790_000_000_000;

let folder: string;
let ended: AbortController;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'journal-'));
  ended = new AbortController();
});

afterEach(async () => {
  ended.abort();
  await rm(folder, { recursive: true, force: true });
});

function writerIn(store: WriterRoom['store'], more: Partial<WriterRoom> = {}) {
  const clock = simulatedClock(start);
  const room: WriterRoom = {
    ...{ name, store, clock, newId: ulidAt, journal: openLedgerJournal(folder) },
    actor: { kind: 'agent', id: 'coder', model: 'm' },
    about: { issue: 7, on_behalf_of: 'octocat' },
    redact: (text) => text.replaceAll('hunter2', '[left out]'),
    onFault: (error) => {
      throw error;
    },
    ...more,
  };
  return { clock, writer: openLedgerWriter(room, ended.signal) };
}

async function recordsIn(store: MemoryLedgerStore): Promise<readonly LedgerRecord[]> {
  const records: LedgerRecord[] = [];
  for await (const { key, version } of store.list(segmentsPrefix)) {
    const place = parseSegmentKey(key);
    if (place === undefined) throw new Error(key);
    await judgeSegment(store, { key, version, place, records: true }, (record) => records.push(record));
  }
  return records;
}

const bash = { act: { class: 'tool', name: 'bash', target: 'npm test' } } as const;

describe('a writer of the ledger', () => {
  it('has an intent on the disk before the act, and ties the result to it', async () => {
    const store = memoryLedgerStore();
    const { writer } = writerIn(store);
    const act = writer.intend(bash);
    expect(leftJournals(folder)).toMatchObject([{ seq: 0, text: expect.stringContaining('"phase":"intent"') }]);
    act.done({ act: { outcome: 'ok', exit: 0, dur_ms: 12 } });
    act.done({ act: { outcome: 'failed' } });
    await writer.end([]);
    const [intent, result, end, ...rest] = await recordsIn(store);
    expect(rest).toEqual([]);
    expect(intent).toMatchObject({
      issue: 7,
      on_behalf_of: 'octocat',
      actor: { id: 'coder' },
      act: { phase: 'intent' },
    });
    expect(result).toMatchObject({ act: { intent: intent?.id, phase: 'result', outcome: 'ok', exit: 0, dur_ms: 12 } });
    expect(end).toMatchObject({ act: { class: 'run', name: 'end' }, seal: { records: 3, writers: [] } });
    expect(await readdir(folder)).toEqual([]);
  });

  it('stores every five seconds what was told, and closes a segment when it is full', async () => {
    const store = memoryLedgerStore();
    const { writer, clock } = writerIn(store);
    writer.note(bash);
    await clock.advance(5_000);
    await writer.flush();
    expect((await recordsIn(store)).length).toBe(1);
    for (let at = 0; at < 1_500; at += 1) writer.note(bash);
    await writer.flush();
    const sizes = [...store.parts.keys()].filter((key) => key.startsWith(segmentsPrefix));
    expect(sizes.length).toBeGreaterThan(2);
    expect((await recordsIn(store)).length).toBe(1_501);
  });

  it('takes secrets out before it hashes, says how many, and bounds every text', async () => {
    const store = memoryLedgerStore();
    const { writer } = writerIn(store);
    writer.note({ act: { class: 'tool', name: 'bash', target: `login hunter2 \ud83d${'x'.repeat(5_000)}` } });
    await writer.flush();
    const [record] = await recordsIn(store);
    expect(record?.redaction).toEqual({ ruleset: 'entropy-playground/1', count: 1 });
    expect(record?.act.target).toMatch(/^login \[left out\] \ufffdx+…$/);
    expect(record?.act.target?.length).toBe(1_000);
  });

  it('tells no more after its end', async () => {
    const { writer } = writerIn(memoryLedgerStore());
    await writer.end();
    expect(() => writer.note(bash)).toThrow(/has ended/);
  });

  it('tries again what could not be stored, and leaves nothing out', async () => {
    const store = memoryLedgerStore();
    const faults: unknown[] = [];
    let broken = true;
    const flaky = {
      ...store,
      putNew: async (key: string, body: Uint8Array) => {
        if (broken) throw new Error('away');
        return await store.putNew(key, body);
      },
    };
    const { writer } = writerIn(flaky, { onFault: (error) => faults.push(error) });
    for (let at = 0; at < 700; at += 1) writer.note(bash);
    await expect(writer.flush()).rejects.toThrow('away');
    writer.note(bash);
    broken = false;
    await writer.end([]);
    expect((await recordsIn(store)).map(({ seq }) => seq)).toEqual(Array.from({ length: 702 }, (_, at) => at));
    expect(faults.length).toBeGreaterThan(0);
  });

  it('is taken up after a kill, without a torn line, and never sealed', async () => {
    const store = memoryLedgerStore();
    const { writer } = writerIn(store);
    writer.note(bash);
    await writer.flush();
    writer.note(bash);
    writer.intend(bash);
    const left = leftJournals(folder);
    const remove = (closed: { seq: number }) => openLedgerJournal(folder).remove({ seq: closed.seq, text: '' });
    expect(await takeUpJournal(store, { name, left, remove }, ended.signal)).toBe(1);
    expect(await takeUpJournal(store, { name, left, remove }, ended.signal)).toBe(1);
    expect(leftJournals(folder)).toEqual([]);
    const verdict = await verifyLedger(store, {
      ...{ level: 'records', keys: [], earlier: [], atOnce: 1, signal: ended.signal },
      judge: (task) => judgeSegment(store, task),
    });
    expect(verdict).toMatchObject({ state: 'valid', runs: [{ state: 'unsealed', records: 3 }] });
  });
});
