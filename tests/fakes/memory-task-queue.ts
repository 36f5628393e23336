import { queueRules, sendProblem } from '../../src/domain/coordination/queue-rules.ts';
import { EntropyError } from '../../src/domain/error.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { DeadLetter, QueuedWork, TaskQueue } from '../../src/ports/task-queue.ts';

interface Item {
  readonly work: QueuedWork;
  readonly priority: number;
  readonly sentAt: number;
  readonly timeToLiveMs: number;
  expiresAt: number;
  visibleAt: number;
  deliveries: number;
  receipt: string | undefined;
  died: Omit<DeadLetter, 'work' | 'deliveries'> | undefined;
}

/** Work in a list, in the order of its age: the whole of what a queue means, with nothing done to be fast. */
export function memoryTaskQueue(clock: Clock): TaskQueue {
  const items: Item[] = [];
  const knownUntil = new Map<string, number>();
  let receipts = 0;
  const { maxDeliveries, deduplicationMs } = queueRules;

  const die = (item: Item, died: Omit<DeadLetter, 'work' | 'deliveries'>): void => {
    item.died = died;
    item.receipt = undefined;
  };

  const present = (): number => {
    const now = clock.now();
    for (const item of items.filter(({ died }) => died === undefined)) {
      const out = item.receipt !== undefined;
      const backAt = out ? item.visibleAt : 0;
      const worn = out && item.visibleAt <= now && item.deliveries >= maxDeliveries;
      const expired = item.expiresAt <= now && backAt <= now;
      if (worn) die(item, { reason: 'too-many-deliveries', diedAt: item.visibleAt });
      else if (expired) die(item, { reason: 'expired', diedAt: Math.max(item.expiresAt, backAt) });
    }
    return now;
  };

  const dead = () => items.filter((item) => item.died !== undefined);
  const living = () => items.filter((item) => item.died === undefined);
  const held = (receipt: string) => items.find((item) => item.receipt === receipt);

  return {
    send: async (work, options = {}) => {
      const problem = sendProblem({ ...work, ...options });
      if (problem !== undefined) throw new EntropyError({ code: 'E100', message: problem, fix: 'send less' });
      const now = present();
      if ((knownUntil.get(work.id) ?? now) > now) return 'duplicate';
      knownUntil.set(work.id, now + deduplicationMs);
      const { priority = 2, delayMs = 0, timeToLiveMs = Number.POSITIVE_INFINITY } = options;
      const times = { sentAt: now, timeToLiveMs, expiresAt: now + timeToLiveMs, visibleAt: now + delayMs };
      items.push({ work, priority, ...times, deliveries: 0, receipt: undefined, died: undefined });
      return 'sent';
    },
    receive: async ({ roles, limit, visibilityMs }) => {
      const now = present();
      const wanted = living().filter(
        ({ work, visibleAt }) => visibleAt <= now && (roles === undefined || roles.includes(work.role)),
      );
      const chosen = wanted.sort((a, b) => a.priority - b.priority).slice(0, limit);
      return chosen.map((item) => {
        receipts += 1;
        const receipt = `receipt ${receipts}`;
        Object.assign(item, { receipt, visibleAt: now + visibilityMs, deliveries: item.deliveries + 1 });
        const { work, deliveries, sentAt, visibleAt: visibleAgainAt } = item;
        return { work, receipt, deliveries, sentAt, visibleAgainAt };
      });
    },
    extend: async (receipt, visibilityMs) => {
      const now = present();
      const item = held(receipt);
      if (item !== undefined) item.visibleAt = now + visibilityMs;
      return item !== undefined;
    },
    acknowledge: async (receipt) => {
      present();
      const index = items.findIndex((item) => item.receipt === receipt);
      if (index >= 0) items.splice(index, 1);
      return index >= 0;
    },
    release: async (receipt, how) => {
      const now = present();
      const item = held(receipt);
      if (item === undefined) return false;
      if (how.kind === 'reject') die(item, { reason: 'rejected', detail: how.detail, diedAt: now });
      else if (item.deliveries >= maxDeliveries) die(item, { reason: 'too-many-deliveries', diedAt: now });
      else if (item.expiresAt <= now) die(item, { reason: 'expired', diedAt: now });
      else Object.assign(item, { receipt: undefined, visibleAt: now + (how.delayMs ?? 0) });
      return true;
    },
    deadLetters: async ({ limit }) => {
      present();
      const letters = dead().flatMap(({ work, deliveries, died }) => (died ? [{ work, deliveries, ...died }] : []));
      return letters.sort((a, b) => (a.diedAt ?? 0) - (b.diedAt ?? 0)).slice(0, limit);
    },
    redrive: async (ids) => {
      const now = present();
      const chosen = dead().filter(({ work }) => ids === undefined || ids.includes(work.id));
      for (const item of chosen) {
        Object.assign(item, { died: undefined, deliveries: 0, visibleAt: now, expiresAt: now + item.timeToLiveMs });
      }
      return chosen.length;
    },
    depth: async () => {
      const now = present();
      const waiting = living().filter(({ visibleAt }) => visibleAt <= now);
      const hidden = living().filter(({ visibleAt }) => visibleAt > now);
      const inFlight = hidden.filter(({ receipt }) => receipt !== undefined).length;
      const counts = { waiting: waiting.length, delayed: hidden.length - inFlight, inFlight, dead: dead().length };
      const oldest = Math.min(...waiting.map(({ sentAt }) => sentAt));
      return waiting.length === 0 ? counts : { ...counts, oldestMs: now - oldest };
    },
  };
}
