import { isOver } from '../../domain/coordination/run-moves.ts';
import { type RunRecord, runStates } from '../../domain/coordination/run-record.ts';
import type { AgentSummary, RunFilter } from '../../ports/run-store.ts';
import { type AgentTotals, listedAgents, readAgent, summaryOf } from './agent-item.ts';
import type { DynamoTable } from './dynamo-table.ts';
import { inChunks } from './in-parallel.ts';
import { agentKey, keyText, padded } from './item-keys.ts';
import type { IndexEntry, IndexQuery } from './queries.ts';
import { listedRuns, livingRuns, readRun, runsOfAgent, runsOfTask } from './run-item.ts';
import { table as names } from './table.ts';
import { readItems } from './task-views.ts';

/** Newest first, through the narrowest index; those that are found are read from the table and tried once more. */
export async function listRuns(table: DynamoTable, filter: RunFilter): Promise<readonly RunRecord[]> {
  const { limit } = filter;
  const found: RunRecord[] = [];
  if (limit === 0 || filter.states?.length === 0) return found;
  for await (const page of table.query({ ...narrowest(filter), ...between(filter), descending: true })) {
    const entries = page.filter((entry) => mayPass(entry, filter));
    for (const chunk of inChunks(entries, Math.min(batch, Math.max(8, limit)))) {
      const items = await readItems(table, chunk);
      for (const entry of chunk) {
        const item = items.get(keyText(entry));
        const run = item && readRun(item);
        if (run !== undefined && passes(run, filter)) found.push(run);
        if (found.length === limit) return found;
      }
    }
  }
  return found;
}

const batch = 100;

function narrowest({ task, agent, states }: RunFilter): Pick<IndexQuery, 'index' | 'partition'> {
  if (task !== undefined) return { index: names.byTask, partition: runsOfTask(task) };
  if (agent !== undefined) return { index: names.byAgent, partition: runsOfAgent(agent) };
  const onlyLiving = states?.every((state) => !isOver(state)) === true;
  if (onlyLiving) return { index: names.dueForCheck, partition: livingRuns };
  return { index: names.byKey, partition: listedRuns };
}

/** No place is a bare moment, so neither bound is met by one. */
function between({ since, before }: RunFilter): Pick<IndexQuery, 'from' | 'below'> {
  return {
    ...(since !== undefined && { from: padded(since) }),
    ...(before !== undefined && { below: padded(before) }),
  };
}

/** The list of all runs tells the task without reading the run. */
function mayPass({ order }: IndexEntry, { taskPrefix }: RunFilter): boolean {
  const [, task] = order.split(' ');
  return task === undefined || taskPrefix === undefined || task.startsWith(taskPrefix);
}

function passes(run: RunRecord, { task, agent, states, taskPrefix, since, before }: RunFilter): boolean {
  return (
    (task === undefined || run.task === task) &&
    (agent === undefined || run.agent.id === agent) &&
    (states === undefined || states.includes(run.state)) &&
    (taskPrefix === undefined || run.task.startsWith(taskPrefix)) &&
    (since === undefined || run.startedAt >= since) &&
    (before === undefined || run.startedAt < before)
  );
}

const livingStates = runStates.filter((state) => !isOver(state));

/** Seen most recently first. */
export async function listAgents(
  table: DynamoTable,
  { since = 0, limit }: { readonly since?: number; readonly limit: number },
): Promise<readonly AgentSummary[]> {
  const living = new Map<string, RunRecord[]>();
  for (const run of await listRuns(table, { states: livingStates, limit: Number.POSITIVE_INFINITY })) {
    living.set(run.agent.id, [...(living.get(run.agent.id) ?? []), run]);
  }
  const totals = new Map<string, AgentTotals>();
  const readTotals = async (keys: readonly { readonly pk: string; readonly sk: string }[]): Promise<void> => {
    for (const item of (await readItems(table, keys)).values()) {
      const agent = readAgent(item);
      totals.set(agent.agent.id, agent);
    }
  };
  await readTotals([...living.keys()].map(agentKey));
  const query = { index: names.byKey, partition: listedAgents, from: padded(since), descending: true };
  for await (const page of table.query({ ...query, pageSize: limit + living.size })) {
    await readTotals(page);
    // Whoever lives may stand anywhere in this list, and was read before.
    if (totals.size >= limit + living.size) break;
  }
  const ids = new Set([...living.keys(), ...totals.keys()]);
  return [...ids]
    .flatMap((id) => summaryOf(totals.get(id), living.get(id) ?? []) ?? [])
    .filter(({ lastSeenAt }) => lastSeenAt >= since)
    .sort((a, b) => b.lastSeenAt - a.lastSeenAt || (a.agent.id < b.agent.id ? -1 : 1))
    .slice(0, limit);
}
