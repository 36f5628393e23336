import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ClaimRecord, leaseOf } from '../../../src/domain/claim.ts';
import type { ClaimStore } from '../../../src/ports/claim-store.ts';
import { contend } from '../../bench/claims-load/contender.ts';
import { type Judgement, judgeLoad } from '../../bench/claims-load/judge-load.ts';
import type { WorkerPlan } from '../../bench/claims-load/load-plan.ts';
import { openOperationLog } from '../../bench/claims-load/operation-log.ts';
import { newSharedTime } from '../../bench/claims-load/shared-clock.ts';
import { memoryClaimStore } from '../../fakes/memory-claim-store.ts';
import { drawFrom } from '../../fakes/seeded-numbers.ts';
import { simulatedClock } from '../../fakes/simulated-clock.ts';
import { tempFolder } from '../../fakes/temp-folder.ts';

/** A few contenders on one store in this very process, judged as a run of many is. Every call takes its time. */
async function judged(broken: (store: ClaimStore) => ClaimStore): Promise<Judgement> {
  using folder = tempFolder();
  const clock = simulatedClock();
  const draw = drawFrom(11);
  const plan: WorkerPlan = {
    name: 'w0.1',
    place: { kind: 'sqlite', path: '' },
    time: newSharedTime(1),
    skewMs: 0,
    seed: 7,
    contenders: 6,
    attempts: 1_500,
    until: Number.POSITIVE_INFINITY,
    keys: 3,
    ttlMs: 6_000,
    logs: [path.join(folder.root, 'share-0.jsonl'), path.join(folder.root, 'share-1.jsonl')],
  };
  const pass = async (ms: number): Promise<void> => {
    for (const until = clock.now() + ms; clock.now() < until; ) {
      clock.advance(draw.below(30));
      await Promise.resolve();
    }
  };
  const store = slow(broken(memoryClaimStore(clock)), () => pass(draw.below(40)));
  let left = plan.attempts;
  const takeAttempt = () => left-- > 0;
  {
    using log = openOperationLog(plan.logs);
    const contenders = Array.from({ length: plan.contenders }, (_, index) =>
      contend({ index, plan, store, log, draw: drawFrom(index), takeAttempt, now: clock.now, pause: pass }),
    );
    await Promise.all(contenders);
  }
  return judgeLoad({
    ends: [{ plan, how: 'finished', endedAt: clock.now(), left: 0 }],
    crashes: [],
    last: new Map(),
    clockErrorMs: 0,
    lateEffects: false,
    resentAfterMs: Number.POSITIVE_INFINITY,
    shares: plan.logs.length,
    progress: () => {},
  });
}

/** Time passes before a call reaches the store and before its answer is heard. */
function slow(store: ClaimStore, pass: () => Promise<void>): ClaimStore {
  const around = async <T>(call: () => Promise<T>): Promise<T> => {
    await pass();
    const result = await call();
    await pass();
    return result;
  };
  return {
    acquire: (options) => around(() => store.acquire(options)),
    takeOver: (options) => around(() => store.takeOver(options)),
    renew: (lease, ttlMs, progress) => around(() => store.renew(lease, ttlMs, progress)),
    release: (lease, spent) => around(() => store.release(lease, spent)),
    beginEffect: (lease, effect) => around(() => store.beginEffect(lease, effect)),
    read: (key) => around(() => store.read(key)),
    list: store.list,
  };
}

/** Every so often, from the first time on. */
function sometimes(): () => boolean {
  let times = 0;
  return () => times++ % 5 === 0;
}

const faults: readonly (readonly [string, (store: ClaimStore) => ClaimStore])[] = [
  [
    'grants what another holds',
    (store) => {
      const now = sometimes();
      const acquire: ClaimStore['acquire'] = async (options) => {
        const result = await store.acquire(options);
        if (result.kind !== 'refused' || !now()) return result;
        const expiresAt = Math.floor(result.record.expiresAt - result.record.ttlMs + options.ttlMs);
        return { kind: 'granted', lease: { ...leaseOf(result.record), leaseId: options.leaseId, expiresAt } };
      };
      return { ...store, acquire };
    },
  ],
  [
    'forgets what was released',
    (store) => {
      const now = sometimes();
      return { ...store, release: async (lease) => (now() ? { kind: 'released' } : store.release(lease)) };
    },
  ],
  [
    'renews whatever it is asked to',
    (store) => ({ ...store, renew: async (lease, ttlMs) => (await store.renew(lease, ttlMs)) ?? lease }),
  ],
  [
    'lets old fences write',
    (store) => ({ ...store, beginEffect: async () => ({ kind: 'may-act', before: 'unknown' }) }),
  ],
  [
    'shows old records',
    (store) => {
      const seen = new Map<string, ClaimRecord>();
      const acquire: ClaimStore['acquire'] = async (options) => {
        const result = await store.acquire(options);
        if (result.kind !== 'refused') return result;
        const old = seen.get(options.key) ?? result.record;
        seen.set(options.key, result.record);
        return { ...result, record: old };
      };
      return { ...store, acquire };
    },
  ],
  [
    'begins its fences anew',
    (store) => {
      const lowered = (fence: number) => ((fence - 1) % 6) + 1;
      const acquire: ClaimStore['acquire'] = async (options) => {
        const result = await store.acquire(options);
        if (result.kind !== 'granted') return result;
        return { ...result, lease: { ...result.lease, fence: lowered(result.lease.fence) } };
      };
      return { ...store, acquire };
    },
  ],
];

describe('the judgement of contended claims', () => {
  it('finds nothing wrong with a store that keeps its promises', async () => {
    const { evidence, histories, linearizable } = await judged((store) => store);
    expect(evidence).toMatchObject({ doubleGrants: 0, fencesNotRising: 0, holdersAtOnce: 0 });
    expect(evidence.attempts).toBeGreaterThanOrEqual(1_500);
    expect({ histories, linearizable }).toEqual({ histories: 3, linearizable: 3 });
    for (const count of [evidence.granted, evidence.refused, evidence.stolen, evidence.stale, evidence.renewed]) {
      expect(count).toBeGreaterThan(0);
    }
  });

  it.each(faults)('finds a store that %s', async (_, broken) => {
    const { histories, linearizable, counterexample } = await judged(broken);
    expect(linearizable).toBeLessThan(histories);
    expect(counterexample).toBeDefined();
  });

  it('counts double grants, fences that do not rise and holders at the same time without the model', async () => {
    const [granting, , , , , lowering] = faults;
    if (granting === undefined || lowering === undefined) throw new Error('no such fault');
    const doubled = (await judged(granting[1])).evidence;
    expect(doubled.doubleGrants).toBeGreaterThan(0);
    expect(doubled.holdersAtOnce).toBeGreaterThan(0);
    expect((await judged(lowering[1])).evidence.fencesNotRising).toBeGreaterThan(0);
  });
});
