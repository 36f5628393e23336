import { drawFrom } from '../fakes/seeded-numbers.ts';
import { countFlag, type Figure, type FigureFlags } from './figure.ts';
import type { RoomKind } from './heartbeats/contended-room.ts';
import { endRuns } from './heartbeats/ended-runs.ts';
import { runTrials, type TrialName, type Trials } from './heartbeats/trials.ts';

export const options: FigureFlags = { seed: { kind: 'count' } };

const seeds: Readonly<Record<RoomKind, Readonly<Record<TrialName, number>>>> = {
  sqlite: trials({ toolCall: 20, killed: 100, storeDown: 40, clocks: 60 }),
  'git-refs': trials({ toolCall: 4, killed: 20, storeDown: 4, clocks: 12 }),
};
function trials(count: { toolCall: number; killed: number; storeDown: number; clocks: number }) {
  const { toolCall, killed, storeDown, clocks } = count;
  const set = { clockSetAtWork: clocks, clockBack: clocks, clockForward: clocks };
  return { toolCall, killed, holderCutOff: killed, storeDown, ...set };
}

const quickShare = 0.1;

/**
 * Holders under their heartbeat, and others who want the same claim all the time, in simulated time: an hour's tool call,
 * death, an unreachable store, clocks that differ and are set. In Actions, where no heartbeat is: runs that end.
 */
export const figure: Figure = async (figureOptions) => {
  const { quick, progress } = figureOptions;
  const seed = countFlag(figureOptions, 'seed', 20_261_121);
  const figures: Record<string, Record<string, Trials>> = {};
  const all: Trials[] = [];
  for (const kind of ['sqlite', 'git-refs'] as const) {
    const results: Record<string, Trials> = {};
    for (const name of Object.keys(seeds[kind]) as TrialName[]) {
      const count = Math.ceil(seeds[kind][name] * (quick ? quickShare : 1));
      const done = await runTrials(
        kind,
        name,
        Array.from({ length: count }, (_, index) => seed + index),
      );
      progress(`${kind} ${name}: ${done.seeds} seeds, ${done.problems.length} problems`);
      results[name] = done;
      all.push(done);
    }
    figures[kind] = results;
  }
  const actions = await endRuns(quick ? 5 : 50, drawFrom(seed));
  const sum = (what: 'seeds' | 'renewals' | 'stealAttempts' | 'falseReclaims' | 'overlaps') =>
    all.reduce((total, trials) => total + trials[what], 0);
  const problems = [...all.flatMap((trials) => trials.problems), ...actions.problems];
  return {
    kind: 'measured',
    ok: problems.length === 0,
    figures: {
      seed,
      seeds: sum('seeds'),
      renewals: sum('renewals'),
      stealAttempts: sum('stealAttempts'),
      falseReclaims: sum('falseReclaims'),
      overlaps: sum('overlaps'),
      maxFreedAfterDeathMs: Math.max(
        ...['sqlite', 'git-refs'].map((kind) => figures[kind]?.['killed']?.maxFreedAfterMs ?? 0),
      ),
      ...figures,
      actions,
      problems: problems.slice(0, 20),
    },
    limits: {
      falseReclaims: 0,
      overlaps: 0,
      problems: 0,
      maxFreedAfterDeathMs: 'lease 90 s + ε 2 s + one look + the line',
    },
  };
};
