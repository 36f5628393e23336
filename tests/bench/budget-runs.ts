import { createSpendLedger } from '../../src/adapters/broker/spend-ledger.ts';
import { openSqliteCoordination } from '../../src/adapters/sqlite/coordination.ts';
import type { BudgetLimits } from '../../src/domain/budget.ts';
import { nothing } from '../../src/domain/coordination/amounts.ts';
import { amountsOf, ceilingOf } from '../../src/domain/coordination/run-amounts.ts';
import { anthropicPrices, costOf, type ModelPrice } from '../../src/domain/price.ts';
import type { Coordination } from '../../src/ports/coordination.ts';
import { type Draw, drawFrom } from '../fakes/seeded-numbers.ts';
import { type SimulatedClock, simulatedClock } from '../fakes/simulated-clock.ts';

export interface BudgetScene {
  readonly seed: number;
  readonly runs: number;
  readonly file: string;
  /** Whether a prompt may turn out dearer than the broker took it for: the cache was lost, the words were long. */
  readonly surprises: boolean;
}

export interface BudgetOutcome {
  readonly capMicroUsd: number;
  readonly granted: number;
  readonly refused: number;
  readonly died: number;
  readonly calls: number;
  readonly spentMicroUsd: number;
  /** The most that was spent and reserved together right after a grant. */
  readonly mostAtGrant: number;
  readonly mostRunsAtOnce: number;
  /** Runs that used more than their ceiling, and by how much of one of their own steps the worst of them did. */
  readonly overshot: number;
  readonly worstOvershootInSteps: number;
  readonly overshootMicroUsd: number;
  readonly problems: readonly string[];
}

const budgetKey = 'repository/octo/slug/day/2026-11-21';
const slots = 40;
const ttlMs = 90_000;
const limits: BudgetLimits = { maxTurns: 40, maxTokens: 4_000_000, maxCostMicroUsd: 2_000_000, maxMinutes: 30 };
const price: ModelPrice = anthropicPrices['claude-opus-4-8'] ?? fail('the price table has no claude-opus-4-8');

function fail(message: string): never {
  throw new Error(message);
}

interface Tally {
  granted: number;
  refused: number;
  died: number;
  calls: number;
  /** What the books should have: each run's own sum, the whole ceiling of those that died. */
  spent: number;
  overshoot: number;
  overshot: number;
  worst: number;
  mostAtGrant: number;
  mostRuns: number;
  readonly problems: string[];
}

interface Scene {
  readonly books: Coordination;
  readonly clock: SimulatedClock;
  readonly random: Draw;
  readonly cap: number;
  readonly surprises: boolean;
  readonly tally: Tally;
}

/** Many runs at once, each with the broker's own ledger, against one day's money over a real store. */
export async function runBudgetScene({ seed, runs, file, surprises }: BudgetScene): Promise<BudgetOutcome> {
  const random = drawFrom(seed);
  const clock = simulatedClock(Date.UTC(2026, 10, 21, 9));
  await using books = openSqliteCoordination({ path: file, clock });
  const cap = limits.maxCostMicroUsd * between(random, 5, 60) + between(random, 0, limits.maxCostMicroUsd - 1);
  const tally: Tally = {
    ...{ granted: 0, refused: 0, died: 0, calls: 0, spent: 0, overshoot: 0, overshot: 0, worst: 0 },
    mostAtGrant: 0,
    mostRuns: 0,
    problems: [],
  };
  const scene: Scene = { books, clock, random, cap, surprises, tally };
  await Promise.all(Array.from({ length: runs }, (_, index) => live(scene, index)));
  clock.advance(ttlMs + 10_000);
  await bury(scene, runs);
  await judgeEnd(scene);
  return {
    capMicroUsd: cap,
    granted: tally.granted,
    refused: tally.refused,
    died: tally.died,
    calls: tally.calls,
    spentMicroUsd: tally.spent,
    mostAtGrant: tally.mostAtGrant,
    mostRunsAtOnce: tally.mostRuns,
    overshot: tally.overshot,
    worstOvershootInSteps: tally.worst,
    overshootMicroUsd: tally.overshoot,
    problems: tally.problems,
  };
}

/** One run: it asks a few times for its budget, works call by call, and gives back what it did not use, or dies. */
async function live(scene: Scene, index: number): Promise<void> {
  const { books, random, cap, tally } = scene;
  const key = `github/octo/slug/issues/${index + 1}`;
  const holder = { owner: `coder/${index}`, runId: `run-${index}`, kind: 'agent', reason: 'verify budget' } as const;
  const amounts = ceilingOf(limits);
  for (let attempt = 1; attempt <= 4; attempt += 1) {
    await turns(random);
    const reserve = { draws: [{ key: budgetKey, caps: { microUsd: cap, runs: slots } }], amounts };
    const leaseId = `${index}-${attempt}`;
    const got = await books.claims.acquire({ key, holder, leaseId, ttlMs, reserve, holderIsDead: async () => false });
    if (got.kind === 'refused') tally.problems.push(`run ${index} was refused its own issue`);
    if (got.kind !== 'granted') continue;
    tally.granted += 1;
    await judgeGrant(scene);
    const spent = await work(scene);
    if (random.chance(0.05)) {
      tally.died += 1;
      tally.spent += amounts.microUsd;
      return;
    }
    await books.claims.release(got.lease, spent);
    tally.spent += spent.microUsd;
    return;
  }
  tally.refused += 1;
}

/** Model calls under the ledger that the broker uses, until the task is done or the ledger refuses. */
async function work({ clock, random, surprises, tally }: Scene) {
  const ledger = createSpendLedger(limits, clock);
  ledger.start();
  const wanted = between(random, 1, 30);
  let largestStep = 0;
  let bodyBytes = between(random, 4_000, 40_000);
  for (let call = 0; call < wanted; call += 1) {
    const asked = ledger.reserve({ price, bodyBytes, maxTokens: 16_000 });
    if (asked.kind === 'refused') break;
    await turns(random);
    const promptTokens = Math.ceil(bodyBytes * (surprises ? between(random, 20, 60) / 100 : 1 / 3));
    const lost = surprises && random.chance(0.2);
    const cacheReadTokens = call === 0 || lost ? 0 : Math.floor(promptTokens * 0.8);
    const usage = {
      inputTokens: 0,
      outputTokens: between(random, 100, asked.maxTokens),
      cacheReadTokens,
      cacheWriteTokens: promptTokens - cacheReadTokens,
    };
    const measured = surprises ? usage : { ...usage, cacheReadTokens: promptTokens, cacheWriteTokens: 0 };
    largestStep = Math.max(largestStep, costOf(price, measured));
    asked.settle({ kind: 'measured', usage: measured });
    tally.calls += 1;
    bodyBytes += between(random, 200, 20_000);
  }
  const spent = amountsOf(ledger.spend(), 0);
  const over = spent.microUsd - limits.maxCostMicroUsd;
  if (over > 0) {
    tally.overshot += 1;
    tally.overshoot += over;
    tally.worst = Math.max(tally.worst, over / largestStep);
    if (over > largestStep)
      tally.problems.push(`a run is ${over} micro-USD over, its largest step cost ${largestStep}`);
  }
  return spent;
}

function between(random: Draw, least: number, most: number): number {
  return least + random.below(most - least + 1);
}

/** Lets the others go on: a random number of times, so that each seed is another order. */
async function turns(random: Draw): Promise<void> {
  for (let left = between(random, 1, 6); left > 0; left -= 1) await new Promise((resolve) => setImmediate(resolve));
}

async function judgeGrant({ books, cap, tally }: Scene): Promise<void> {
  const book = await books.budgets.read(budgetKey);
  if (book === undefined) return void tally.problems.push('a grant left no book');
  const used = book.spent.microUsd + book.reserved.microUsd;
  tally.mostAtGrant = Math.max(tally.mostAtGrant, used);
  tally.mostRuns = Math.max(tally.mostRuns, book.runs);
  if (used > cap + tally.overshoot) tally.problems.push(`${used} were spent and reserved of ${cap}`);
  if (book.runs > slots) tally.problems.push(`${book.runs} runs at once, ${slots} allowed`);
}

/** Whoever takes over from the dead books what they had reserved. */
async function bury({ books, tally }: Scene, runs: number): Promise<void> {
  const holder = { owner: 'sweeper', runId: 'sweep', kind: 'agent', reason: 'verify budget' } as const;
  let buried = 0;
  for (let index = 0; index < runs; index += 1) {
    const key = `github/octo/slug/issues/${index + 1}`;
    if ((await books.claims.read(key))?.state !== 'held') continue;
    const leaseId = `bury-${index}`;
    const got = await books.claims.acquire({ key, holder, leaseId, ttlMs, holderIsDead: async () => false });
    if (got.kind !== 'granted') tally.problems.push(`the claim ${key} of a dead run is not to be had`);
    else await books.claims.release(got.lease, nothing);
    buried += 1;
  }
  if (buried !== tally.died) tally.problems.push(`${tally.died} died, ${buried} claims were left`);
}

async function judgeEnd({ books, cap, tally, surprises }: Scene): Promise<void> {
  const book = await books.budgets.read(budgetKey);
  if (book === undefined) return;
  if (book.runs !== 0 || book.reserved.microUsd !== 0) tally.problems.push('reservations were left behind');
  if (book.spent.microUsd !== tally.spent) {
    tally.problems.push(`the books say ${book.spent.microUsd}, the runs together spent ${tally.spent}`);
  }
  const allowed = cap + (surprises ? tally.overshoot : 0);
  if (book.spent.microUsd > allowed) tally.problems.push(`${book.spent.microUsd} were spent of ${allowed}`);
}
