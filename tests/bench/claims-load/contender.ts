import { type ClaimHolder, type ClaimRecord, clockSkewMs } from '../../../src/domain/claim.ts';
import type { ClaimStore } from '../../../src/ports/claim-store.ts';
import type { Draw } from '../../fakes/seeded-numbers.ts';
import { askClaimStore } from '../linearizability/ask-claim-store.ts';
import type { ClaimAnswer, ClaimCall } from '../linearizability/claim-operation.ts';
import { claimKeyOf, type WorkerPlan } from './load-plan.ts';
import type { OperationLog } from './operation-log.ts';

export interface ContenderOptions {
  readonly index: number;
  readonly plan: WorkerPlan;
  readonly store: ClaimStore;
  readonly log: OperationLog;
  readonly draw: Draw;
  /** Takes one attempt from what the process has left; false when there is none. */
  readonly takeAttempt: () => boolean;
  /** The time that histories are told in. */
  readonly now: () => number;
  /** In the milliseconds of that time. */
  readonly pause: (ms: number) => Promise<void>;
}

interface Grip {
  readonly key: number;
  readonly leaseId: string;
  readonly fence: number;
  readonly since: number;
}

/**
 * One who wants claims: asks, holds for a while, renews, writes, lets go; or forgets to, or comes back long after its lease
 * was over, or asks for the same lease twice, or takes over what a person may. One call at a time, each on record.
 */
export async function contend(options: ContenderOptions): Promise<void> {
  const { index, plan, store, log, draw, takeAttempt, now, pause } = options;
  const { keys, ttlMs, name } = plan;
  const { chance, below } = draw;
  let leases = 0;
  let held: Grip | undefined;
  /** Let go of without a word; some come back. */
  const forgotten: Grip[] = [];

  const holderOf = (kind: ClaimHolder['kind']): ClaimHolder => ({
    owner: `${name}/${index}`,
    runId: name,
    kind,
    reason: 'load',
    // Some can be looked up while they live, as a workflow run can; their number is that of the process.
    ...(chance(0.1) && {
      workflowRun: { id: process.pid, attempt: 1, url: 'https://github.com/octo/slug/actions/runs/1' },
    }),
  });

  const ask = async (key: number, call: ClaimCall): Promise<ClaimAnswer | undefined> => {
    const holder = holderOf('holder' in call ? call.holder : 'agent');
    log.called(index, { at: now(), key, call });
    try {
      const asker = { key: claimKeyOf(key), holder, isDead: async (record: ClaimRecord) => !isAlive(record) };
      const outcome = await askClaimStore(store, call, asker);
      log.ended(index, { at: now(), key, outcome });
      return outcome;
    } catch (error) {
      log.ended(index, { at: now(), key, outcome: { kind: 'failed', message: String(error) } });
      return undefined;
    }
  };

  const grip = (key: number, call: ClaimCall & { readonly leaseId: string }, answer: ClaimAnswer | undefined) => {
    if (answer?.kind !== 'granted') return;
    held = { key, leaseId: call.leaseId, fence: answer.fence, since: now() };
  };

  const acquire = async (): Promise<void> => {
    // Half of all attempts go to one key in eight: some are fought over, some are quiet.
    const key = below(chance(0.5) ? Math.max(1, Math.floor(keys / 8)) : keys);
    leases += 1;
    const call: ClaimCall = {
      kind: 'acquire',
      leaseId: `${name}/${index}/${leases}`,
      holder: chance(0.02) ? 'human' : 'agent',
      ttlMs,
    };
    const answer = await ask(key, call);
    grip(key, call, answer);
    if (answer?.kind === 'granted' && chance(0.03)) grip(key, call, await ask(key, call));
    if (answer?.kind !== 'refused') return;
    if (chance(0.02)) await ask(key, { kind: 'read' });
    // Nobody but a person ends what a person holds, so people's claims are taken over more often.
    if (!chance(answer.seen.holder === 'human' ? 0.2 : 0.002)) return;
    leases += 1;
    const overtake: ClaimCall = {
      kind: 'take-over',
      leaseId: `${name}/${index}/${leases}`,
      holder: chance(0.3) ? 'human' : 'agent',
      ttlMs,
      ...(chance(0.7) && { expectedFence: answer.seen.fence }),
    };
    grip(key, overtake, await ask(key, overtake));
  };

  const useLease = async ({ key, leaseId, fence }: Grip): Promise<void> => {
    if (chance(0.3)) await ask(key, { kind: 'renew', leaseId, fence, ttlMs });
    if (chance(0.2)) await ask(key, { kind: 'effect', leaseId, fence, effect: `effect-${below(4)}` });
    if (chance(0.1)) await pause(below(ttlMs / 5));
  };

  const letGo = async (grip: Grip): Promise<void> => {
    held = undefined;
    if (chance(0.04)) {
      forgotten.push(grip);
      return;
    }
    // Some sleep past their lease and let go of it as if nothing had happened.
    if (chance(0.02)) await pause(ttlMs + clockSkewMs + below(2 * clockSkewMs));
    const { key, leaseId, fence } = grip;
    await ask(key, { kind: 'release', leaseId, fence });
    if (chance(0.02)) await ask(key, { kind: 'release', leaseId, fence });
  };

  const comeBack = async (): Promise<void> => {
    const [old] = forgotten;
    // Most come back when the lease is long over and somebody else has the claim.
    const over = old !== undefined && now() > old.since + ttlMs + 2 * clockSkewMs;
    if (old === undefined || !chance(over ? 0.3 : 0.02)) return;
    forgotten.shift();
    const { key, leaseId, fence } = old;
    if (chance(0.5)) await ask(key, { kind: 'effect', leaseId, fence, effect: 'late-effect' });
    await ask(key, chance(0.5) ? { kind: 'renew', leaseId, fence, ttlMs } : { kind: 'release', leaseId, fence });
  };

  while (takeAttempt()) {
    await acquire();
    if (held !== undefined) {
      await useLease(held);
      await letGo(held);
    }
    await comeBack();
  }
  if (held !== undefined) await letGo(held);
}

function isAlive({ holder }: ClaimRecord): boolean {
  const id = holder.workflowRun?.id;
  if (id === undefined) return true;
  try {
    return process.kill(id, 0);
  } catch {
    // No such process: signal 0 only looks.
    return false;
  }
}
