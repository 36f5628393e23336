import { clockSkewMs } from '../../../src/domain/claim.ts';
import { nothing } from '../../../src/domain/coordination/amounts.ts';
import { heartbeatTtlMs, withHeartbeat } from '../../../src/flows/heartbeat.ts';
import type { AcquireResult } from '../../../src/ports/claim-store.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { Draw } from '../../fakes/seeded-numbers.ts';
import {
  type ContendedRoom,
  contendedRoom,
  type Link,
  overLine,
  type RoomKind,
  type Trouble,
} from './contended-room.ts';
import { type ClockJump, machineClock, type VirtualTime, virtualTime } from './virtual-time.ts';

export interface ContentionPlan {
  readonly kind: RoomKind;
  readonly draw: Draw;
  readonly contenders: number;
  readonly pollMs: number;
  readonly maxDelayMs: number;
  readonly maxSkewMs: number;
  readonly forMs: number;
  /** When the first holder dies without a word. */
  readonly killAtMs?: number;
  /** Nobody (or the holder alone) reaches the store. */
  readonly outage?: { readonly fromMs: number; readonly forMs: number; readonly of: 'all' | 'holder' };
  /** Of the coordinator's clock; in git refs of the holder's or a contender's. */
  readonly jump?: ClockJump & { readonly of: 'holder' | 'contender' };
}

export interface Contention {
  renewals: number;
  steals: number;
  /** Grants to another while the holder was alive and could have renewed. */
  grantsToOthers: number;
  /** Someone was granted while another still believed to hold it. */
  overlaps: number;
  /** When the store last made the first holder's lease longer, whether that one heard of it or not. */
  renewedAt: number;
  /** When the first holder stopped by itself; undefined: it did not. */
  stoppedAt?: number;
  /** When another one was told that it has the claim. */
  freedAt?: number;
}

interface Actor {
  readonly name: string;
  readonly clock: Clock;
  readonly link: Link;
  alive: boolean;
}

const key = 'github/octo/slug/issues/1';

/** A holder under its heartbeat, and others who want its claim and ask all the time. */
export async function contend(plan: ContentionPlan): Promise<Contention> {
  const time = virtualTime();
  const { draw, contenders, jump, maxSkewMs } = plan;
  const coordinator = machineClock(time.clock, 0, jump === undefined ? [] : [jump]);
  await using room = await contendedRoom(plan.kind, coordinator);
  const seen: Contention = { renewals: 0, steals: 0, grantsToOthers: 0, overlaps: 0, renewedAt: 0 };
  const believers = new Set<Actor>();
  const actors = Array.from({ length: contenders + 1 }, (_, index) => {
    const role = index === 0 ? 'holder' : index === 1 ? 'contender' : 'other';
    const skew = draw.below(2 * maxSkewMs + 1) - maxSkewMs;
    const own = machineClock(time.clock, skew, jump?.of === role ? [jump] : []);
    return makeActor({ plan, time, room, name: index === 0 ? 'holder' : `contender-${index}`, clock: own });
  });
  const over = new AbortController();
  const game: Game = { plan, time, seen, believers, over: over.signal };
  const [holder, ...others] = actors;
  if (holder === undefined) throw new Error('nobody holds anything');
  const first = ask(game, holder, 'first');
  await time.pass(3 * plan.maxDelayMs + 1);
  const lives = [first.then((granted) => hold(game, holder, granted))];
  lives.push(...others.map((actor, index) => want(game, actor, index)));
  if (plan.killAtMs !== undefined) {
    await time.pass(plan.killAtMs - time.clock.monotonic());
    holder.alive = false;
    believers.delete(holder);
  }
  await time.pass(plan.forMs - time.clock.monotonic());
  over.abort();
  for (const actor of actors) actor.alive = false;
  return seen;
}

interface Game {
  readonly plan: ContentionPlan;
  readonly time: VirtualTime;
  readonly seen: Contention;
  readonly believers: Set<Actor>;
  readonly over: AbortSignal;
}

interface NewActor {
  readonly plan: ContentionPlan;
  readonly time: VirtualTime;
  readonly room: ContendedRoom;
  readonly name: string;
  readonly clock: Clock;
}

function makeActor({ plan, time, room, name, clock }: NewActor): Actor {
  const { outage, draw, maxDelayMs } = plan;
  const trouble = (): Trouble => {
    const at = time.clock.monotonic();
    const down = outage !== undefined && at >= outage.fromMs && at < outage.fromMs + outage.forMs;
    if (!down || (outage.of === 'holder' && name !== 'holder')) return 'none';
    return draw.one<Trouble>(['refused', 'silent', 'lost']);
  };
  const actor: Actor = {
    name,
    // Who is dead never wakes up.
    clock: { ...clock, sleep: (ms, signal) => clock.sleep(ms, signal).then(() => awake(actor)) },
    link: { store: room.claimsOf(clock), time, delayMs: () => draw.below(maxDelayMs + 1), trouble },
    alive: true,
  };
  return actor;
}

function awake(actor: Actor): Promise<void> | undefined {
  return actor.alive ? undefined : new Promise(() => {});
}

interface Asked {
  readonly answer: AcquireResult;
  readonly askedAt: number;
}

async function ask({ seen, believers }: Game, actor: Actor, leaseId: string): Promise<Asked> {
  const { name, link, clock } = actor;
  const askedAt = clock.monotonic();
  const holder = { owner: name, runId: name, kind: 'agent', reason: 'verify heartbeat' } as const;
  const options = {
    key,
    holder,
    leaseId: `${name}-${leaseId}`,
    ttlMs: heartbeatTtlMs,
    holderIsDead: async () => false,
  };
  const answer = await overLine(
    link,
    () => link.store.acquire(options),
    (granted) => {
      if (granted.kind !== 'granted') return;
      if ([...believers].some((other) => other !== actor)) seen.overlaps += 1;
    },
  );
  return { answer, askedAt };
}

/** Asks again and again; an answer that does not come in time counts as none. */
async function want(game: Game, actor: Actor, index: number): Promise<void> {
  const { plan, seen, over } = game;
  const { clock } = actor;
  await clock.sleep((plan.pollMs * index) / plan.contenders);
  for (let round = 1; !over.aborted; round += 1) {
    const asked = await Promise.race([
      ask(game, actor, String(round)).catch(() => undefined),
      clock.sleep(10_000).then(() => undefined),
    ]);
    seen.steals += 1;
    if (asked?.answer.kind === 'granted') {
      seen.freedAt ??= clock.monotonic();
      seen.grantsToOthers += 1;
      await hold(game, actor, asked);
    }
    await clock.sleep(plan.pollMs);
  }
}

/** Works under the heartbeat as long as it may; whoever may not, no longer believes that it holds anything. */
async function hold(game: Game, actor: Actor, { answer, askedAt }: Asked): Promise<void> {
  if (answer.kind !== 'granted') return;
  const { seen, believers, over, plan } = game;
  const { clock, link, name } = actor;
  // An answer that came when the lease was as good as over is worth nothing.
  if (clock.monotonic() >= askedAt + heartbeatTtlMs - clockSkewMs) return;
  const renew = (...parts: Parameters<typeof link.store.renew>) =>
    overLine(
      link,
      () => link.store.renew(...parts),
      () => {
        seen.renewals += 1;
        if (name === 'holder') seen.renewedAt = game.time.clock.monotonic();
      },
    );
  const books = {
    claims: { renew },
    runs: { change: async () => ({ kind: 'missing' }) as const },
    clock,
    log: () => {},
  };
  const report = () => ({ progress: { stage: 'working', share: 0 }, spent: nothing, steps: 0 });
  const run = { id: name, actor: name };
  const request = { lease: answer.lease, ttlMs: heartbeatTtlMs, askedAt, run, report, signal: over };
  believers.add(actor);
  await withHeartbeat(books, request, async ({ signal }) => {
    const left = Promise.withResolvers<void>();
    signal.addEventListener('abort', () => {
      believers.delete(actor);
      if (name === 'holder' && !over.aborted) seen.stoppedAt ??= clock.monotonic();
      left.resolve();
    });
    // Who took over works for a while only, so that the claim goes on changing hands.
    const done = name === 'holder' ? new Promise<void>(() => {}) : clock.sleep(2 * plan.pollMs + 40_000);
    await Promise.race([left.promise, done]);
  });
  const wasOurs = believers.delete(actor);
  if (wasOurs && !over.aborted) await overLine(link, () => link.store.release(answer.lease)).catch(() => undefined);
}
