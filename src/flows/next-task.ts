import type { AgentIdentity } from '../domain/agent-identity.ts';
import type { ClaimHolder, ClaimRecord, Lease } from '../domain/claim.ts';
import { type Amounts, nothing } from '../domain/coordination/amounts.ts';
import type { BudgetShortage } from '../domain/coordination/budget-record.ts';
import type { RunRecord } from '../domain/coordination/run-record.ts';
import type { TaskView } from '../domain/coordination/task-record.ts';
import type { QueryContext } from '../domain/query/context.ts';
import { readyOnes } from '../domain/query/ready-ones.ts';
import type { Query } from '../domain/query/syntax.ts';
import type { BudgetStore } from '../ports/budget-store.ts';
import type { ClaimStore } from '../ports/claim-store.ts';
import type { TaskStore } from '../ports/task-store.ts';
import { openRun, type RunBooks } from './open-run.ts';
import { reservationFor } from './reservation-for.ts';

export interface NextBooks extends RunBooks {
  readonly tasks: Pick<TaskStore, 'search' | 'read' | 'change'>;
  readonly claims: Pick<ClaimStore, 'acquire' | 'release'>;
  readonly budgets: Pick<BudgetStore, 'caps'>;
  /** Whether GitHub says that the run behind a claim has ended. */
  readonly holderIsDead: (record: ClaimRecord) => Promise<boolean>;
}

export interface NextRequest {
  /** Which tasks come into question; that they must be ready is added. */
  readonly query: Query;
  readonly context: QueryContext;
  readonly agent: AgentIdentity;
  readonly runId: string;
  readonly leaseId: string;
  readonly ttlMs: number;
  readonly kind: ClaimHolder['kind'];
  readonly reason: string;
  readonly workflowRun?: NonNullable<ClaimHolder['workflowRun']>;
  /** What the run may use at most. */
  readonly amounts: Amounts;
}

export type NextResult =
  | { readonly kind: 'claimed'; readonly task: TaskView; readonly lease: Lease; readonly run: RunRecord }
  /** No task that the query asks for is ready. */
  | { readonly kind: 'none' }
  /** There are ready tasks, and no budget for any of them; the first shortage that was met. */
  | { readonly kind: 'over-budget'; readonly shortage: BudgetShortage }
  /** Others were faster, as often as was tried. */
  | { readonly kind: 'contended'; readonly tried: number };

const pageSize = 16;
/** Ends the contest of many agents for few tasks; whoever lost so often had better ask again later. */
const maxTries = 64;

/**
 * Query, readiness and claim in one call: the first ready task by the query's order (priority, then age) that can be had
 * is claimed, its budget reserved with it, its run opened. Who loses the race for one goes on to the next.
 */
export async function nextTask(books: NextBooks, request: NextRequest, signal?: AbortSignal): Promise<NextResult> {
  const query = readyOnes(request.query);
  const passed = new Set<string>();
  const shortages: BudgetShortage[] = [];

  let offset = 0;

  while (passed.size < maxTries) {
    signal?.throwIfAborted();
    const { tasks } = await books.tasks.search(query, request.context, { offset, limit: pageSize, counting: 'page' });
    const candidates = tasks.filter(({ key }) => !passed.has(key));
    // What was lost is gone from the next look; what has no budget stays, and so may what another store tells late.
    if (candidates.length === 0 && tasks.length === pageSize) {
      offset += pageSize;
      continue;
    }
    if (candidates.length === 0) {
      const [shortage] = shortages;
      return shortage === undefined ? { kind: 'none' } : { kind: 'over-budget', shortage };
    }
    for (const candidate of candidates) {
      signal?.throwIfAborted();
      passed.add(candidate.key);
      const taken = await take(books, request, { candidate, shortages });
      if (taken.kind === 'claimed') return taken;
      if (taken.kind === 'over-budget') shortages.push(taken.shortage);
      if (passed.size >= maxTries) break;
    }
  }
  const [shortage] = shortages;
  const allShort = shortages.length === passed.size;
  return allShort && shortage !== undefined
    ? { kind: 'over-budget', shortage }
    : { kind: 'contended', tried: passed.size };
}

type Taken =
  | Extract<NextResult, { kind: 'claimed' | 'over-budget' }>
  /** Somebody else's by now, or no longer one to work on. */
  | { readonly kind: 'lost' };

async function take(
  books: NextBooks,
  request: NextRequest,
  { candidate: { key }, shortages }: { readonly candidate: TaskView; readonly shortages: readonly BudgetShortage[] },
): Promise<Taken> {
  const { agent, runId, leaseId, ttlMs, kind, reason, workflowRun, amounts } = request;
  const reserve = await reservationFor(books.budgets, { key, amounts, now: books.clock.now() });
  // What was short for one task (the day of an organisation) is short for all that draw from it.
  const known = shortages.find(({ budget }) => reserve.draws.some((draw) => draw.key === budget.key));
  if (known !== undefined) return { kind: 'over-budget', shortage: known };

  const holder = { owner: agent.id, runId, kind, reason, agent, ...(workflowRun && { workflowRun }) };
  const acquired = await books.claims.acquire({
    key,
    holder,
    leaseId,
    ttlMs,
    reserve,
    holderIsDead: books.holderIsDead,
  });
  if (acquired.kind === 'refused') return { kind: 'lost' };
  if (acquired.kind === 'over-budget') return acquired;

  const { lease } = acquired;
  let claimed = false;
  try {
    // Between the search and the claim somebody may have finished it, or found that something blocks it.
    const task = await books.tasks.read(key);
    if (task === undefined || !isWaiting(task, runId)) return { kind: 'lost' };
    const opened = await openRun(books, { runId, agent, lease, ...(workflowRun && { workflowRun }) });
    if (opened.kind === 'refused') return { kind: 'lost' };
    claimed = true;
    return { kind: 'claimed', task: { ...task, ...opened.task, ready: false }, lease, run: opened.run };
  } finally {
    if (!claimed) await books.claims.release(lease, nothing);
  }
}

/** Where a claim is all that there is (plain GitHub), ours already makes the task `claimed`. */
function isWaiting(task: TaskView, runId: string): boolean {
  const open = task.issue.forgeState === 'open' && task.openBlockers === 0;
  const ours = task.state === 'claimed' && task.runId === runId;
  return open && (task.state === 'ready' || task.state === 'open' || ours);
}
