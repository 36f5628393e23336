import { describeError } from '../domain/error.ts';
import { defaultStaleAfterMs } from '../domain/query/context.ts';
import { type SweepBooks, sweepClaims } from '../flows/sweep-claims.ts';
import type { LogEntry } from '../server/app-options.ts';

export interface Sweeper {
  /** Waits for the sweep that is under way. */
  stop(): Promise<void>;
}

/** Frees what dead agents hold, again and again. One that fails is told and tried again. */
export function startSweeper(books: SweepBooks, everyMs: number, log: (entry: LogEntry) => void): Sweeper {
  const stopping = new AbortController();
  const { signal } = stopping;
  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      try {
        await books.clock.sleep(everyMs, signal);
        const { freed, stale, looked } = await sweepClaims(books, { staleAfterMs: defaultStaleAfterMs }, signal);
        for (const { claim, why } of freed) {
          log({ event: 'claim freed', key: claim.key, fence: claim.fence, run: claim.holder.runId, why });
        }
        if (freed.length > 0 || stale.length > 0) {
          log({ event: 'sweep', looked, freed: freed.length, stale: stale.length });
        }
      } catch (error) {
        if (!signal.aborted) log({ event: 'sweep failed', fault: describeError(error) });
      }
    }
  };
  const running = run();
  return {
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}
