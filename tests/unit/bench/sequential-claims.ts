import fc from 'fast-check';
import { askClaimStore } from '../../bench/linearizability/ask-claim-store.ts';
import type { ClaimCall, ClaimOperation } from '../../bench/linearizability/claim-operation.ts';
import { memoryClaimStore } from '../../fakes/memory-claim-store.ts';
import { simulatedClock } from '../../fakes/simulated-clock.ts';

/** One step of a script: who does what, how long after the step before, and how far its call reaches around its moment. */
export interface ClaimStep {
  readonly who: number;
  readonly does: 'acquire' | 'acquire again' | 'take over' | 'renew' | 'release' | 'effect' | 'read';
  readonly human: boolean;
  readonly afterMs: number;
  /** Shares of what lies between this call's moment and its process's other calls. */
  readonly early: number;
  readonly late: number;
  /** Whether its caller hears the answer; `killed`: the next call comes from a new process. */
  readonly answer: 'heard' | 'killed';
}

const processes = 4;
const key = 'locks/one';
const ttlMs = 5_000;

export function claimScript(constraints: {
  readonly minLength: number;
  readonly maxLength: number;
}): fc.Arbitrary<readonly ClaimStep[]> {
  const step: fc.Arbitrary<ClaimStep> = fc.record({
    who: fc.nat(processes - 1),
    does: fc.oneof(
      { weight: 3, arbitrary: fc.constant('acquire' as const) },
      {
        weight: 4,
        arbitrary: fc.constantFrom(
          'acquire again',
          'take over',
          'renew',
          'release',
          'release',
          'effect',
          'read' as const,
        ),
      },
    ),
    human: fc.integer({ min: 0, max: 9 }).map((of) => of === 0),
    afterMs: fc.oneof({ weight: 9, arbitrary: fc.nat(900) }, { weight: 1, arbitrary: fc.nat(12_000) }),
    early: fc.double({ min: 0, max: 1, noNaN: true }),
    late: fc.double({ min: 0, max: 1, noNaN: true }),
    answer: fc.oneof(
      { weight: 9, arbitrary: fc.constant('heard' as const) },
      { weight: 1, arbitrary: fc.constant('killed' as const) },
    ),
  });
  return fc.array(step, constraints);
}

interface Moment {
  readonly process: string;
  readonly at: number;
  readonly step: ClaimStep;
  readonly told: Pick<ClaimOperation, 'call' | 'result'>;
}

/** What a store answers that does one call at a time, told as if the calls had overlapped. */
export async function sequentialClaims(script: readonly ClaimStep[]): Promise<readonly ClaimOperation[]> {
  const clock = simulatedClock();
  const store = memoryClaimStore(clock);
  const lives = Array.from({ length: processes }, () => 0);
  const leases = new Map<number, { readonly leaseId: string; readonly fence: number }>();
  const moments: Moment[] = [];
  for (const [index, step] of script.entries()) {
    clock.advance(step.afterMs);
    const { who, human, does } = step;
    const kind = human ? 'human' : 'agent';
    const held = leases.get(who) ?? { leaseId: `never ${who}`, fence: 0 };
    const calls: Readonly<Record<ClaimStep['does'], ClaimCall>> = {
      acquire: { kind: 'acquire', leaseId: `lease ${index}`, holder: kind, ttlMs },
      'acquire again': { kind: 'acquire', leaseId: held.leaseId, holder: kind, ttlMs },
      'take over': { kind: 'take-over', leaseId: `lease ${index}`, holder: kind, ttlMs },
      renew: { kind: 'renew', ...held, ttlMs },
      release: { kind: 'release', ...held },
      effect: { kind: 'effect', ...held, effect: `effect ${index % 3}` },
      read: { kind: 'read' },
    };
    const call = calls[does];
    const holder = { owner: `p${who}`, runId: `run ${index}`, kind, reason: 'test' } as const;
    const answer = await askClaimStore(store, call, { key, holder, isDead: async () => false });
    if (answer.kind === 'granted' && 'leaseId' in call) leases.set(who, { leaseId: call.leaseId, fence: answer.fence });
    const killed = step.answer === 'killed';
    const process = `p${who} life ${lives[who]}`;
    if (killed) lives[who] = (lives[who] ?? 0) + 1;
    moments.push({ process, at: clock.now(), step, told: { call, ...(!killed && { result: answer }) } });
  }
  return moments.map((moment, index) => stretched(moment, moments, index));
}

/** The call around its moment, as long as no call of the same process is touched. */
function stretched({ process, at, step, told }: Moment, all: readonly Moment[], index: number): ClaimOperation {
  const same = (other: Moment) => other.process === process;
  const before = all.slice(0, index).findLast(same)?.at ?? at - 3_000;
  const after = all.slice(index + 1).find(same)?.at ?? at + 3_000;
  const start = at - ((at - before) / 2) * step.early;
  const end = at + ((after - at) / 2) * step.late;
  return { process, ...told, start, end };
}
