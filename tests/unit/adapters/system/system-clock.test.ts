import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { createSystemClock } from '../../../../src/adapters/system/system-clock.ts';

const systemClock = createSystemClock();

test('sleep takes about as long as asked and leaves no listener on the signal', async () => {
  const { signal } = new AbortController();
  const started = systemClock.monotonic();
  await systemClock.sleep(20, signal);
  expect(systemClock.monotonic() - started).toBeGreaterThanOrEqual(18);
  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
});

test('sleep ends at once with the reason of the signal, before and during', async () => {
  const controller = new AbortController();
  const asleep = systemClock.sleep(60_000, controller.signal);
  controller.abort(new Error('stopped by bob'));
  await expect(asleep).rejects.toThrow('stopped by bob');
  await expect(systemClock.sleep(60_000, controller.signal)).rejects.toThrow('stopped by bob');
});

test('now is the wall clock', () => {
  expect(Math.abs(systemClock.now() - Date.now())).toBeLessThan(50);
});
