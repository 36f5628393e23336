import { judgeSegment } from '../../src/flows/ledger/judge-segment.ts';
import { type LedgerVerdict, verifyLedger } from '../../src/flows/ledger/verify-ledger.ts';
import type { LedgerStore } from '../../src/ports/ledger-store.ts';
import { memoryLedgerStore } from '../fakes/memory-ledger-store.ts';
import { drawFrom } from '../fakes/seeded-numbers.ts';
import type { Figure } from './figure.ts';
import { mutations } from './ledger/mutations.ts';
import { ledgerOrigin, type SampleLedger, sampleLedger } from './ledger/sample-ledger.ts';

const { signal } = new AbortController();

/** Ledgers that are changed in every way that we know of, and ledgers that nobody touched. */
export const figure: Figure = async ({ quick, progress }) => {
  const wanted = { mutations: quick ? 1_000 : 10_000, untouched: quick ? 100 : 1_000 };
  const missed: string[] = [];
  const alarms: string[] = [];
  const byKind: Record<string, number> = {};
  const names = Object.keys(mutations);
  let tried = 0;
  for (let seed = 1; tried < wanted.mutations; seed += 1) {
    const name = names[seed % names.length] ?? '';
    const draw = drawFrom(seed);
    const ledger = await sampleLedger(draw.below(200));
    const did = await mutations[name]?.(ledger, draw);
    if (did !== true) continue;
    tried += 1;
    byKind[name] = (byKind[name] ?? 0) + 1;
    const verdict = await verdictOn(ledger);
    if (verdict.state === 'valid') missed.push(`${name} (seed ${seed})`);
    if (tried % 1_000 === 0) progress(`${tried} changes, ${missed.length} not found`);
  }
  for (let seed = 1; seed <= wanted.untouched; seed += 1) {
    const verdict = await verdictOn(await sampleLedger(10_000 + seed));
    if (verdict.state !== 'valid') alarms.push(`seed ${seed}: ${verdict.findings[0]?.text}`);
  }
  const fewest = Math.min(...names.map((name) => byKind[name] ?? 0));
  return {
    kind: 'measured',
    ok: missed.length === 0 && alarms.length === 0 && fewest > 0,
    figures: {
      mutations: tried,
      missed: missed.length,
      missedSome: missed.slice(0, 10),
      kinds: byKind,
      untouched: wanted.untouched,
      falseAlarms: alarms.length,
      falseAlarmsSome: alarms.slice(0, 10),
    },
    limits: { mutations: wanted.mutations, missed: 0, falseAlarms: 0 },
  };
};

async function verdictOn({ parts, shadowed, signer, head }: SampleLedger): Promise<LedgerVerdict> {
  const memory = memoryLedgerStore(parts);
  const store: LedgerStore = {
    ...memory,
    async *list(prefix) {
      for await (const part of memory.list(prefix)) yield { ...part, versions: shadowed.has(part.key) ? 2 : 1 };
    },
  };
  return await verifyLedger(store, {
    ...{ level: 'records', keys: [signer.key], origin: ledgerOrigin, earlier: [head], atOnce: 4, signal },
    judge: (task) => judgeSegment(store, task),
  });
}
