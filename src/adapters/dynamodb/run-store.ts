import { applyRunChange, type RunActivity } from '../../domain/coordination/run-changes.ts';
import {
  decideOpenRun,
  decideRunChange,
  decideStop,
  type RunDecision,
} from '../../domain/coordination/run-decisions.ts';
import { isOver } from '../../domain/coordination/run-moves.ts';
import type { RunRecord } from '../../domain/coordination/run-record.ts';
import type { Clock } from '../../ports/clock.ts';
import type { RunChangeResult, RunStore } from '../../ports/run-store.ts';
import { agentItem, readAgent, withRun } from './agent-item.ts';
import { unchanged } from './commit-claim.ts';
import { untilWritten } from './contend.ts';
import type { DynamoTable } from './dynamo-table.ts';
import { agentKey, runKey } from './item-keys.ts';
import { listAgents, listRuns } from './list-runs.ts';
import { readRun, runItem } from './run-item.ts';

/** Runs: one conditional write for each change, and a transaction for the one that ends it. */
export function createDynamoRunStore(table: DynamoTable, clock: Clock): RunStore {
  const load = async (id: string): Promise<RunRecord | undefined> => {
    const item = await table.get(runKey(id));
    return item && readRun(item);
  };

  /** False: somebody else has written it, or its agent's totals, since. */
  const write = async (
    before: RunRecord | undefined,
    { changes, actor, at }: { readonly changes: readonly RunActivity[]; readonly actor: string; readonly at: number },
  ): Promise<RunRecord | undefined> => {
    const run = changes.reduce<RunRecord | undefined>((now, change) => applyRunChange(now, change, at), before);
    if (run === undefined || run === before) return run;
    const put = { Item: runItem(run, { changes, actor, at }), ...unchanged(before?.version) };
    const ends = isOver(run.state) && (before === undefined || !isOver(before.state));
    const outcome = ends ? await table.transact(await ending(run, put)) : await table.put(put);
    return outcome.kind === 'written' ? run : undefined;
  };
  const ending = async (run: RunRecord, put: { readonly Item: ReturnType<typeof runItem> }) => {
    const item = await table.get(agentKey(run.agent.id));
    const totals = item && readAgent(item);
    const next = withRun(totals, run);
    const Item = agentItem({ ...next, version: next.version + 1 });
    return [
      { Put: { TableName: table.name, ...put } },
      { Put: { TableName: table.name, Item, ...unchanged(totals?.version) } },
    ];
  };

  const change = (
    id: string,
    actor: string,
    decide: (run: RunRecord | undefined, now: number) => RunDecision,
  ): Promise<RunChangeResult> =>
    untilWritten<RunChangeResult>(table, `the run ${id}`, async () => {
      const before = await load(id);
      const at = clock.now();
      const decision = decide(before, at);
      if (decision.kind !== 'changed') return { done: decision };
      const run = await write(before, { changes: decision.changes, actor, at });
      return run === undefined ? 'changed' : { done: { kind: 'changed', run } };
    });

  return {
    open: (asked, actor) => {
      type Opened = Awaited<ReturnType<RunStore['open']>>;
      return untilWritten<Opened>(table, `the run ${asked.id}`, async () => {
        const decision = decideOpenRun(await load(asked.id), asked);
        if (decision.kind === 'exists') return { done: decision };
        const run = await write(undefined, { changes: decision.changes, actor, at: clock.now() });
        return run === undefined ? 'changed' : { done: { kind: 'opened', run } };
      });
    },

    read: load,

    change: (id, { actor, ...request }) => change(id, actor, (run, now) => decideRunChange(run, request, now)),

    requestStop: (id, request) => change(id, request.by, (run, now) => decideStop(run, { ...request, now })),

    list: (filter) => listRuns(table, filter),
    agents: (filter) => listAgents(table, filter),
  };
}
