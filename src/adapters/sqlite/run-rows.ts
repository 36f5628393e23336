import type { DatabaseSync } from 'node:sqlite';
import { seenAt } from '../../domain/coordination/agent-summary.ts';
import { isOver } from '../../domain/coordination/run-moves.ts';
import { type RunRecord, runStates } from '../../domain/coordination/run-record.ts';
import type { AgentSummary, RunFilter } from '../../ports/run-store.ts';
import type { Row } from './row.ts';
import { statement } from './statement.ts';

export function readRun(db: DatabaseSync, id: string): RunRecord | undefined {
  const row = statement(db, 'SELECT record FROM runs WHERE id = ?').get(id);
  return row && runOf(row);
}

/** Only `writeRun` writes the column, so its JSON is a run by construction. */
function runOf(row: Row): RunRecord {
  return JSON.parse(row['record'] as string) as RunRecord;
}

export function writeRun(db: DatabaseSync, run: RunRecord): void {
  statement(
    db,
    `INSERT OR REPLACE INTO runs (id, task, agent_id, state, started_at, seen_at, cost_micro_usd, record)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    ...[run.id, run.task, run.agent.id, run.state, run.startedAt, seenAt(run), run.spent.microUsd],
    JSON.stringify(run),
  );
}

/** Newest first. */
export function readRuns(db: DatabaseSync, filter: RunFilter): readonly RunRecord[] {
  const conditions = ['1'];
  const values: Record<string, string | number> = { limit: filter.limit };
  const where = (condition: string, name: string, value: string | number | undefined): void => {
    if (value === undefined) return;
    conditions.push(condition);
    values[name] = value;
  };
  const { task, agent, states, since, before, taskPrefix } = filter;
  where('task = :task', 'task', task);
  where('agent_id = :agent', 'agent', agent);
  where('state IN (SELECT value FROM json_each(:states))', 'states', states && JSON.stringify(states));
  where('started_at >= :since', 'since', since);
  where('started_at < :before', 'before', before);
  where('task >= :taskPrefix AND task < :taskPrefix || char(1114111)', 'taskPrefix', taskPrefix);
  return statement(
    db,
    `SELECT record FROM runs WHERE ${conditions.join(' AND ')} ORDER BY started_at DESC, id DESC LIMIT :limit`,
  )
    .all(values)
    .map(runOf);
}

const living = JSON.stringify(runStates.filter((state) => !isOver(state)));

/** Seen most recently first. */
export function readAgents(
  db: DatabaseSync,
  { since = 0, limit }: { readonly since?: number; readonly limit: number },
): readonly AgentSummary[] {
  const rows = statement(
    db,
    `SELECT agent_id, count(*) AS runs, sum(state = 'succeeded') AS succeeded, sum(cost_micro_usd) AS cost,
       max(seen_at) AS seen
     FROM runs GROUP BY agent_id HAVING seen >= ? ORDER BY seen DESC, agent_id LIMIT ?`,
  ).all(since, limit);
  return rows.flatMap((row) => {
    const id = row['agent_id'] as string;
    const [newest] = readRuns(db, { agent: id, limit: 1 });
    if (newest === undefined) return [];
    const now = statement(
      db,
      `SELECT record FROM runs WHERE agent_id = ? AND state IN (SELECT value FROM json_each(?))
       ORDER BY started_at DESC, id DESC LIMIT 1`,
    ).get(id, living);
    return {
      agent: newest.agent,
      ...(now && { run: runOf(now) }),
      runs: Number(row['runs']),
      succeeded: Number(row['succeeded']),
      costMicroUsd: Number(row['cost']),
      lastSeenAt: Number(row['seen']),
    };
  });
}
