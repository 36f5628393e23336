import type { AgentIdentity } from '../../domain/agent-identity.ts';
import { seenAt } from '../../domain/coordination/agent-summary.ts';
import { agentShape } from '../../domain/coordination/record-shapes.ts';
import { isOver } from '../../domain/coordination/run-moves.ts';
import type { RunRecord } from '../../domain/coordination/run-record.ts';
import { count, groupOf, text } from '../../domain/shape.ts';
import type { AgentSummary } from '../../ports/run-store.ts';
import { type Attributes, fromAttributes, toAttributes } from './attribute-values.ts';
import { agentKey, padded } from './item-keys.ts';
import { runOrder } from './run-item.ts';
import { readMember } from './stored-record.ts';

/**
 * What an agent's runs that are over add up to; each is added once, in the transaction that ends it. Those that live are few
 * and change often, so they are added when somebody asks.
 */
export interface AgentTotals {
  readonly agent: AgentIdentity;
  /** Place of its newest run, which is the one that says who it is. */
  readonly newest: string;
  readonly runs: number;
  readonly succeeded: number;
  readonly costMicroUsd: number;
  readonly lastSeenAt: number;
  readonly version: number;
}

export const listedAgents = 'AGENT';

export function agentItem(totals: AgentTotals): Attributes {
  const { agent, lastSeenAt } = totals;
  // By the moment when it was last seen: the newest are asked for.
  const key = `${padded(lastSeenAt)}#${agent.id}`;
  return toAttributes({ ...agentKey(agent.id), listed: listedAgents, key, ...totals });
}

export function readAgent(attributes: Attributes): AgentTotals {
  const item = fromAttributes(attributes);
  const totals = readMember(item, { what: 'an agent', name: '' }, totalsShape);
  const { agent, newest, runs, succeeded, costMicroUsd, lastSeenAt, version } = totals;
  return { agent, newest, runs, succeeded, costMicroUsd, lastSeenAt, version };
}

const totalsShape = groupOf<AgentTotals>({
  required: {
    ...{ agent: agentShape, newest: text, runs: count, succeeded: count },
    ...{ costMicroUsd: count, lastSeenAt: count, version: count },
  },
  optional: {},
});

export function withRun(totals: AgentTotals | undefined, run: RunRecord): AgentTotals {
  const order = runOrder(run);
  const isNewest = totals === undefined || order > totals.newest;
  return {
    agent: isNewest ? run.agent : totals.agent,
    newest: isNewest ? order : totals.newest,
    runs: (totals?.runs ?? 0) + 1,
    succeeded: (totals?.succeeded ?? 0) + (run.state === 'succeeded' ? 1 : 0),
    costMicroUsd: (totals?.costMicroUsd ?? 0) + run.spent.microUsd,
    lastSeenAt: Math.max(totals?.lastSeenAt ?? 0, seenAt(run)),
    version: totals?.version ?? 0,
  };
}

/** With its runs that are not over, newest first. */
export function summaryOf(over: AgentTotals | undefined, living: readonly RunRecord[]): AgentSummary | undefined {
  const all = living.reduce<AgentTotals | undefined>(withRun, over);
  if (all === undefined) return undefined;
  const run = living.find(({ state }) => !isOver(state));
  const { agent, runs, succeeded, costMicroUsd, lastSeenAt } = all;
  return { agent, ...(run && { run }), runs, succeeded, costMicroUsd, lastSeenAt };
}
