import type { DatabaseSync } from 'node:sqlite';
import { applyRunChange, type RunActivity } from '../../domain/coordination/run-changes.ts';
import {
  decideOpenRun,
  decideRunChange,
  decideStop,
  type RunDecision,
} from '../../domain/coordination/run-decisions.ts';
import type { RunRecord } from '../../domain/coordination/run-record.ts';
import { runEvents } from '../../domain/coordination/task-events.ts';
import type { RunChangeResult, RunStore } from '../../ports/run-store.ts';
import { appendActivity } from './append-activity.ts';
import type { Database } from './database.ts';
import { readAgents, readRun, readRuns, writeRun } from './run-rows.ts';

/** Runs, changed together with the stream of events. */
export function createSqliteRunStore(database: Database): RunStore {
  const { clock } = database;

  /** The record is what the events make of it, at the moment that they have. */
  const write = (
    db: DatabaseSync,
    changes: readonly RunActivity[],
    { actor, run, before }: { readonly actor: string; readonly run: RunRecord; readonly before?: RunRecord },
  ): RunRecord => {
    const written = runEvents(changes, { actor, run }).map((event) => appendActivity(db, clock, event).at);
    const after = changes.reduce<RunRecord | undefined>(
      (now, change, index) => applyRunChange(now, change, written[index] ?? 0),
      before,
    );
    if (after === undefined || after === before) return run;
    writeRun(db, after);
    return after;
  };

  /** Decides about the run as it is under the lock, and writes what the decision changes. */
  const change = (
    id: string,
    actor: string,
    decide: (run: RunRecord | undefined) => RunDecision,
  ): Promise<RunChangeResult> =>
    database.write((db) => {
      const before = readRun(db, id);
      const decision = decide(before);
      if (decision.kind !== 'changed') return decision;
      const { changes, run } = decision;
      return { kind: 'changed', run: write(db, changes, { actor, run, ...(before && { before }) }) };
    });

  return {
    open: (asked, actor) =>
      database.write((db) => {
        const decision = decideOpenRun(readRun(db, asked.id), asked);
        if (decision.kind === 'exists') return decision;
        const { changes, run } = decision;
        return { kind: 'opened', run: write(db, changes, { actor, run }) };
      }),

    read: async (id) => database.read((db) => readRun(db, id)),

    change: (id, { actor, ...request }) => change(id, actor, (run) => decideRunChange(run, request, clock.now())),

    requestStop: (id, request) => change(id, request.by, (run) => decideStop(run, { ...request, now: clock.now() })),

    list: async (filter) => database.read((db) => readRuns(db, filter)),

    agents: async (filter) => database.read((db) => readAgents(db, filter)),
  };
}
