import { clockSkewMs } from '../../../src/domain/claim.ts';
import { heartbeatTtlMs } from '../../../src/flows/heartbeat.ts';
import { type Draw, drawFrom } from '../../fakes/seeded-numbers.ts';
import type { RoomKind } from './contended-room.ts';
import { type Contention, type ContentionPlan, contend } from './contention.ts';

export interface Trials {
  seeds: number;
  renewals: number;
  stealAttempts: number;
  /** The claim went to another one while its holder lived and reached the store. */
  falseReclaims: number;
  overlaps: number;
  /** From the death (or the last moment at which the store was reached, or the end of the outage) to a new holder. */
  maxFreedAfterMs: number;
  readonly problems: string[];
}

export type TrialName =
  | 'toolCall'
  | 'clockSetAtWork'
  | 'killed'
  | 'holderCutOff'
  | 'storeDown'
  | 'clockBack'
  | 'clockForward';

const hourMs = 3_600_000;

/** What a store was asked in one of many trials of one kind, and what was wrong with the answers. */
export async function runTrials(kind: RoomKind, name: TrialName, seeds: readonly number[]): Promise<Trials> {
  const sum: Trials = {
    ...{ seeds: 0, renewals: 0, stealAttempts: 0, falseReclaims: 0, overlaps: 0, maxFreedAfterMs: 0 },
    problems: [],
  };
  for (const seed of seeds) {
    const draw = drawFrom(seed);
    const plan = planOf(kind, name, draw);
    const seen = await contend(plan);
    const said = judge(name, plan, seen);
    sum.seeds += 1;
    sum.renewals += seen.renewals;
    sum.stealAttempts += seen.steals;
    sum.overlaps += seen.overlaps;
    sum.falseReclaims += said.falseReclaims;
    sum.maxFreedAfterMs = Math.round(Math.max(sum.maxFreedAfterMs, said.freedAfterMs ?? 0));
    sum.problems.push(...said.problems.map((problem) => `${problem} (${kind}, ${name}, seed ${seed})`));
  }
  return sum;
}

function planOf(kind: RoomKind, name: TrialName, draw: Draw): ContentionPlan {
  const between = (least: number, most: number) => least + draw.below(most - least + 1);
  const refs = kind === 'git-refs';
  const common = {
    ...{ kind, draw, contenders: 1 + draw.below(3), pollMs: refs ? 2_000 : 1_000 },
    maxDelayMs: 500,
    // One of SQLite's actors has no say in what time it is.
    maxSkewMs: 2_000,
  };
  const at = between(30_000, 300_000);
  const cut = { fromMs: at, forMs: hourMs, of: 'holder' } as const;
  switch (name) {
    case 'toolCall':
      return { ...common, pollMs: refs ? 10_000 : 1_000, maxDelayMs: draw.one([50, 500, 3_000]), forMs: hourMs };
    case 'clockSetAtWork': {
      const jump = { atMs: between(10_000, 150_000), byMs: draw.one([-hourMs, 3_000]), of: 'holder' } as const;
      return { ...common, maxSkewMs: 500, jump, forMs: 400_000 };
    }
    case 'killed':
      return { ...common, killAtMs: at, forMs: at + 120_000 };
    case 'holderCutOff':
      return { ...common, outage: cut, forMs: at + 240_000 };
    case 'storeDown': {
      const pollMs = refs ? 15_000 : 5_000;
      return { ...common, pollMs, outage: { ...cut, of: 'all' }, forMs: at + hourMs + 200_000 };
    }
    case 'clockBack':
    case 'clockForward': {
      const byMs = name === 'clockBack' ? -hourMs : 3_000;
      const of = draw.one(['holder', 'contender'] as const);
      // The clock is set before or while the holder is cut off: then the lease runs out by one clock and not by the other.
      const jump = { atMs: between(10_000, at + 90_000), byMs, of };
      // Whose clock was set back is late by that, and takes over in the end as well.
      const late = name === 'clockBack' && (kind === 'sqlite' || of === 'contender');
      const patient = { pollMs: 10_000, forMs: at + hourMs + 300_000 };
      return { ...common, maxSkewMs: 500, jump, outage: cut, forMs: at + 240_000, ...(late && patient) };
    }
    default:
      return name satisfies never;
  }
}

interface Judged {
  readonly problems: readonly string[];
  readonly falseReclaims: number;
  readonly freedAfterMs?: number;
}

function judge(name: TrialName, plan: ContentionPlan, seen: Contention): Judged {
  const { stoppedAt, freedAt, grantsToOthers } = seen;
  const problems = seen.overlaps === 0 ? [] : [`${seen.overlaps} times two held it`];
  const lostAt = plan.killAtMs ?? plan.outage?.fromMs ?? Number.POSITIVE_INFINITY;
  const living = name === 'toolCall' || name === 'clockSetAtWork';
  const tooEarly = freedAt !== undefined && (freedAt < lostAt || (stoppedAt !== undefined && freedAt < stoppedAt));
  const falseReclaims = living ? grantsToOthers : tooEarly ? 1 : 0;
  if (living && stoppedAt !== undefined) problems.push(`a living holder was stopped after ${stoppedAt} ms`);
  if (falseReclaims > 0) problems.push('the claim was taken from a living holder');
  if (living) return { problems, falseReclaims };
  const cutOff = plan.outage !== undefined;
  if (cutOff && (stoppedAt === undefined || stoppedAt > lostAt + heartbeatTtlMs - clockSkewMs)) {
    problems.push(`the holder stopped ${stoppedAt === undefined ? 'never' : `${stoppedAt - lostAt} ms after the cut`}`);
  }
  const reachable = plan.outage?.of === 'all' ? lostAt + hourMs : lostAt;
  const since = Math.max(reachable, seen.renewedAt);
  const freedAfterMs = (freedAt ?? Number.POSITIVE_INFINITY) - since;
  const limit = freedLimitMs(plan);
  if (freedAfterMs > limit) problems.push(`it was free after ${freedAfterMs} ms, ${limit} allowed`);
  return { problems, falseReclaims, ...(Number.isFinite(freedAfterMs) && { freedAfterMs }) };
}

/** Lease + ε, the pause between two looks, what was on the line; and what clocks of their own may differ by. */
export function freedLimitMs({ kind, pollMs, maxDelayMs, maxSkewMs, jump }: ContentionPlan): number {
  const clocks = kind === 'git-refs' ? 2 * maxSkewMs : 0;
  return heartbeatTtlMs + clockSkewMs + pollMs + 5 * maxDelayMs + clocks + Math.abs(jump?.byMs ?? 0);
}
