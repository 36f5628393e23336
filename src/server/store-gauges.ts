import type { BudgetRecord } from '../domain/coordination/budget-record.ts';
import type { Coordination } from '../ports/coordination.ts';
import type { TaskQueue } from '../ports/task-queue.ts';
import type { Gauge } from './metrics.ts';

/** Budgets that are told one by one, those with the least money left first; more would be a series for every issue. */
const maxBudgets = 50;

/** What the store holds now, as Prometheus reads it. */
export async function storeGauges(
  { claims, budgets }: Coordination,
  queue: TaskQueue | undefined,
): Promise<readonly Gauge[]> {
  const held = { agent: 0, human: 0 };
  for await (const claim of claims.list({ state: 'held' })) held[claim.holder.kind] += 1;
  return [
    {
      name: 'entropy_claims_held',
      help: 'Claims that are held, by kind of holder.',
      values: [
        { labels: { kind: 'agent' }, value: held.agent },
        { labels: { kind: 'human' }, value: held.human },
      ],
    },
    ...(await budgetGauges(budgets.list(''))),
    ...(queue === undefined ? [] : [await queueGauge(queue)]),
  ];
}

async function budgetGauges(records: AsyncIterable<BudgetRecord>): Promise<readonly Gauge[]> {
  const left: { readonly budget: string; readonly microUsd: number }[] = [];
  for await (const record of records) {
    const cap = record.caps.microUsd;
    // Issues come and go by the thousand: only what lies above them is told.
    if (cap === undefined || record.key.startsWith('issue/')) continue;
    left.push({ budget: record.key, microUsd: cap - record.spent.microUsd - record.reserved.microUsd });
    left.sort((a, b) => a.microUsd - b.microUsd);
    if (left.length > maxBudgets) left.pop();
  }
  return [
    {
      name: 'entropy_budget_left_usd',
      help: 'What is neither spent nor reserved; the budgets with the least left.',
      values: left.map(({ budget, microUsd }) => ({ labels: { budget }, value: microUsd / 1_000_000 })),
    },
  ];
}

async function queueGauge(queue: TaskQueue): Promise<Gauge> {
  const depth = await queue.depth();
  const states = ['waiting', 'delayed', 'inFlight', 'dead'] as const;
  return {
    name: 'entropy_queue_depth',
    help: 'Work in the queue, by state.',
    values: states.map((state) => ({ labels: { state }, value: depth[state] })),
  };
}
