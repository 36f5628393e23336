import { setTimeout as delay } from 'node:timers/promises';

/** Asks again and again until there is an answer; after the time is over it throws what was waited for. */
export async function until<Value>(
  what: string,
  ask: () => Promise<Value | undefined>,
  { withinMs, everyMs = 100 }: { readonly withinMs: number; readonly everyMs?: number },
): Promise<Value> {
  const end = performance.now() + withinMs;
  for (;;) {
    const value = await ask();
    if (value !== undefined) return value;
    if (performance.now() > end) throw new Error(`after ${withinMs} ms still missing: ${what}`);
    await delay(everyMs);
  }
}
