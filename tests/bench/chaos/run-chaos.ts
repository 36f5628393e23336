import { setTimeout as delay } from 'node:timers/promises';
import { createDynamoCursorStore } from '../../../src/adapters/dynamodb/cursor-store.ts';
import type { DynamoTable } from '../../../src/adapters/dynamodb/dynamo-table.ts';
import { createDynamoWaitingList } from '../../../src/adapters/dynamodb/waiting-list.ts';
import type { Coordination } from '../../../src/ports/coordination.ts';
import type { TaskQueue } from '../../../src/ports/task-queue.ts';
import type { ChaosWorld } from './chaos-world.ts';
import { type FaultPlan, neverKilled } from './fault-plan.ts';
import type { Load } from './load.ts';
import type { QueueLoop } from './queue-loop.ts';
import type { SimulatedRunner } from './simulated-runner.ts';
import type { StreamLoop } from './stream-loop.ts';

export interface ChaosParts {
  readonly world: ChaosWorld;
  readonly plan: FaultPlan;
  readonly load: Load;
  readonly queue: QueueLoop;
  readonly stream: StreamLoop;
  readonly runner: SimulatedRunner;
  readonly books: Coordination;
  readonly table: DynamoTable;
  readonly depth: TaskQueue['depth'];
  readonly progress: (line: string) => void;
}

/** Longer than the queue hides a message that nobody came back from, and longer than GitHub's word is believed. */
const leapMs = 7 * 60_000;
const quietMs = 300;
const settleLimitMs = 180_000;
const maxEndLeaps = 60;

/**
 * Batches of what people do until the stack was sent so many deliveries, and some more when a kind of call was not killed around by
 * then; between two of them time leaps ahead.
 */
export async function bringChaos(
  parts: ChaosParts,
  sizes: { readonly deliveries: number; readonly batch: number; readonly isWhole: boolean },
): Promise<void> {
  const { world, load, plan, progress } = parts;
  const { counts } = world.gateway;
  let batches = 0;
  const isMissing = (): boolean => sizes.isWhole && neverKilled(plan).length > 0;
  const most = sizes.deliveries * 1.2;
  while (counts.deliveries < sizes.deliveries || (isMissing() && counts.deliveries < most)) {
    await Promise.all([load.act(sizes.batch), tick(parts, 'sweeper-1')]);
    await settled(parts);
    await world.gateway.sendLate();
    await settled(parts);
    await leap(parts);
    await Promise.all([tick(parts, 'sweeper-1'), tick(parts, 'sweeper-2')]);
    batches += 1;
    progress(
      `batch ${batches}: ${counts.deliveries} deliveries, ${plan.calls()} calls, ${parts.runner.counts.pickedUp} runs`,
    );
  }
  await settled(parts);
}

/** Nothing breaks any more: ticks and leaps until nobody waits for anything. Tells what is still open when that takes too long. */
export async function comeToTheEnd(parts: ChaosParts): Promise<readonly string[]> {
  const { world, plan, queue, runner, progress } = parts;
  plan.end();
  for (const each of [world.gateway, queue, runner]) each.end();
  await world.gateway.sendLate();
  let calm = 0;
  let open: readonly string[] = [];
  for (let leaps = 0; leaps < maxEndLeaps && calm < 5; leaps += 1) {
    await settled(parts);
    await leap(parts);
    await tick(parts, 'sweeper-1');
    await settled(parts);
    open = await stillOpen(parts);
    calm = open.length === 0 ? calm + 1 : 0;
    progress(`end ${leaps + 1}: ${open.length === 0 ? 'nothing is open' : open.join('; ')}`);
  }
  await parts.stream.drained();
  return open;
}

/** A tick of the clock. One whose process is killed is followed by the next. */
async function tick({ world }: ChaosParts, name: 'sweeper-1' | 'sweeper-2'): Promise<void> {
  await world.functions[name].invoke({ 'detail-type': 'Scheduled Event' }).catch(() => undefined);
}

/** Until nobody does anything: what is hidden in the queue stays there. */
async function settled(parts: ChaosParts): Promise<void> {
  const { world, queue, runner, progress } = parts;
  const until = performance.now() + settleLimitMs;
  let quietSince: number | undefined;
  let told = performance.now();
  while (performance.now() < until) {
    const busy = Object.values(world.functions).reduce((sum, each) => sum + each.atWork(), 0);
    const isQuiet = busy === 0 && world.gateway.atWork() === 0 && queue.isQuiet() && runner.isIdle();
    if (!isQuiet) quietSince = undefined;
    else quietSince ??= performance.now();
    if (performance.now() - told > 10_000) {
      told = performance.now();
      progress(`waits for ${inWords(parts)}`);
    }
    if (quietSince !== undefined && performance.now() - quietSince > quietMs) return;
    await delay(20);
  }
  throw new Error(`after ${settleLimitMs} ms still at work: ${inWords(parts)}`);
}

/** Only while nobody is at work: within an invocation time goes at its pace. */
async function leap({ world, queue, stream }: ChaosParts): Promise<void> {
  await Promise.all([queue.pause(), stream.pause()]);
  await world.time.leap(leapMs);
  queue.resume();
  stream.resume();
}

async function stillOpen({ world, books, table, depth }: ChaosParts): Promise<readonly string[]> {
  const { waiting, delayed, inFlight } = await depth();
  const living = await books.runs.list({ states: ['queued', 'running', 'waiting'], limit: 500 });
  let inLine = 0;
  for await (const _task of createDynamoWaitingList(table).all()) inLine += 1;
  const held: string[] = [];
  for await (const claim of books.claims.list({ state: 'held' })) held.push(claim.key);
  const messages = waiting + delayed + inFlight;
  const missed = Object.keys(await missedDeliveries(table)).length;
  return [
    ...(messages > 0 ? [`${messages} messages in the queue`] : []),
    ...(living.length > 0
      ? [`${living.length} runs (${living.slice(0, 3).map(({ id, state }) => `${id} ${state}`)})`]
      : []),
    ...(missed > 0 ? [`${missed} deliveries to be asked for again`] : []),
    ...(inLine > 0 ? [`${inLine} in line`] : []),
    ...(held.length > 0 ? [`${held.length} claims (${held.slice(0, 3)})`] : []),
    ...(world.gateway.atWork() > 0 ? ['deliveries are under way'] : []),
  ];
}

/** As src/flows/sweep/redeliver-missed.ts keeps them. */
async function missedDeliveries(table: DynamoTable): Promise<object> {
  const stored = await createDynamoCursorStore(table).read('hook-deliveries');
  return (stored?.value as { readonly missed?: object } | undefined)?.missed ?? {};
}

function inWords({ world, queue, runner }: ChaosParts): string {
  const functions = Object.entries(world.functions).map(([name, { atWork }]) => `${name} ${atWork()}`);
  const others = [`gateway ${world.gateway.atWork()}`, `queue ${queue.isQuiet() ? 'quiet' : 'at work'}`];
  return [...functions, ...others, `runner ${runner.isIdle() ? 'idle' : 'at work'}`].join(', ');
}
