import { generateKeyPairSync, sign } from 'node:crypto';
import type { LedgerEntry } from '../../src/domain/ledger/ledger-record.ts';
import { type NoteSigner, noteKey } from '../../src/domain/ledger/signed-note.ts';
import {
  appendRecord,
  type ChainHead,
  type LedgerWriterName,
  writerSeed,
} from '../../src/domain/ledger/writer-chain.ts';
import { sha256 } from '../../src/flows/ledger/sha256.ts';

/** A key of its own for each test. */
export function testSigner(name = 'entropy-playground/test'): NoteSigner {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  return { key: noteKey(sha256, name, raw), sign: async (bytes) => sign(null, bytes, privateKey) };
}

export interface WrittenLines {
  readonly text: string;
  readonly head: ChainHead;
}

/** Records of a writer as it would write them, from where it stands. */
export function writeLines(
  name: LedgerWriterName,
  entries: readonly LedgerEntry[],
  from: ChainHead = { seq: 0, prev: writerSeed(sha256, name), ts: 0 },
  start = 1_790_000_000_000,
): WrittenLines {
  let head = from;
  const lines = entries.map((entry, at) => {
    const appended = appendRecord(sha256, { name, head }, { entry, id: ulidAt, at: start + (from.seq + at) * 10 });
    head = appended.head;
    return `${appended.line}\n`;
  });
  return { text: lines.join(''), head };
}

export function toolCall(name: string, phase: 'intent' | 'result' = 'result'): LedgerEntry {
  return { actor: { kind: 'agent', id: 'coder' }, act: { class: 'tool', name, phase, target: 'src/slug.ts' } };
}

/** The record that ends a writer with so many records before it. */
export function ending(before: number, writers?: NonNullable<LedgerEntry['seal']>['writers']): LedgerEntry {
  return {
    actor: { kind: 'service', id: 'publish' },
    act: { class: 'run', name: 'end', phase: 'result' },
    seal: { records: before + 1, ...(writers && { writers }) },
  };
}

let made = 0;

export function ulidAt(ts: number): string {
  const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  const time = Array.from({ length: 10 }, (_, at) => digits[Math.floor(ts / 32 ** (9 - at)) % 32]).join('');
  made += 1;
  return `${time}${String(made).padStart(16, '0')}`;
}
