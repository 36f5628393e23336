import { describeError } from '../../domain/error.ts';
import { defaultStaleAfterMs } from '../../domain/query/context.ts';
import type { Clock } from '../../ports/clock.ts';
import { closeDeadComment } from '../close-dead-comment.ts';
import { sweepClaims } from '../sweep-claims.ts';
import { countBudgets } from './count-budgets.ts';
import { spendFigures } from './figures.ts';
import { reconcileTasks } from './reconcile-tasks.ts';
import { redeliverMissed } from './redeliver-missed.ts';
import { sweepLines } from './sweep-lines.ts';
import type { SweepBounds, SweepRoom } from './sweep-room.ts';
import { sweepRuns } from './sweep-runs.ts';
import { sweepTeams } from './sweep-teams.ts';
import { tellDeadLetters } from './tell-dead-letters.ts';

/** Figures by the names of what was done; a part that failed has its fault instead. */
export type PartReport =
  | { readonly kind: 'done'; readonly figures: Readonly<Record<string, number>> }
  /** There was no time left to begin it. */
  | { readonly kind: 'left-out' }
  | { readonly kind: 'failed'; readonly fault: string };

export type SweepReport = Readonly<Record<SweepPart, PartReport>>;

/** In the order of how soon somebody misses it. */
export const sweepParts = [
  'claims',
  'runs',
  'teams',
  'deliveries',
  'lines',
  'letters',
  'budgets',
  'spend',
  'tasks',
] as const;
export type SweepPart = (typeof sweepParts)[number];

/**
 * One sweep: everything that time or a fault may have left undone is looked at as it is now, whatever was heard before. Each part
 * by itself: one that fails is told and does not keep the others from their work. Nothing is begun after `until` (monotonic).
 */
export async function sweepOnce(
  room: SweepRoom,
  { until, clock, signal }: { readonly until: number; readonly clock: Clock; readonly signal: AbortSignal },
): Promise<SweepReport> {
  const bounds: SweepBounds = { signal, isTimeUp: () => signal.aborted || clock.monotonic() >= until };
  const leftOut = { kind: 'left-out' } as const;
  const reports: Record<SweepPart, PartReport> = {
    claims: leftOut,
    runs: leftOut,
    teams: leftOut,
    deliveries: leftOut,
    lines: leftOut,
    letters: leftOut,
    budgets: leftOut,
    spend: leftOut,
    tasks: leftOut,
  };
  for (const part of sweepParts) {
    if (bounds.isTimeUp()) break;
    try {
      reports[part] = { kind: 'done', figures: await parts[part](room, bounds) };
    } catch (error) {
      reports[part] = { kind: 'failed', fault: describeError(error) };
    }
  }
  return reports;
}

const parts: Readonly<
  Record<SweepPart, (room: SweepRoom, bounds: SweepBounds) => Promise<Readonly<Record<string, number>>>>
> = {
  claims: async (room, { signal }) => {
    // Dispatched runs have their own part, which ends them by their run's record.
    const books = { ...room, holderIsDead: async () => false };
    const { freed, stale, looked } = await sweepClaims(books, { staleAfterMs: defaultStaleAfterMs }, signal);
    const closer = {
      forgeOf: (place: Parameters<SweepRoom['connect']>[0]) => room.connect(place).forge,
      log: room.log,
    };
    for (const { claim } of freed) await closeDeadComment(closer, claim);
    return { looked, freed: freed.length, stale: stale.length };
  },
  runs: async (room, bounds) => ({ ...(await sweepRuns(room, bounds)) }),
  teams: async (room, bounds) => ({ ...(await sweepTeams(room, bounds)) }),
  deliveries: async (room, bounds) => ({ ...(await redeliverMissed(room, bounds)) }),
  lines: async (room, bounds) => ({ ...(await sweepLines(room, bounds)) }),
  letters: async (room, bounds) => ({ ...(await tellDeadLetters(room, bounds)) }),
  budgets: async (room, bounds) => {
    const { books, repaired } = await countBudgets(room, bounds);
    for (const key of repaired) room.log(`the budget ${key} was counted anew: it did not agree with the held claims`);
    return { books, repaired: repaired.length };
  },
  spend: async (room) => ({ ...(await spendFigures(room)) }),
  tasks: async (room, bounds) => ({ ...(await reconcileTasks(room, bounds)) }),
};
