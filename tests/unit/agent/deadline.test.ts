import { expect, test } from 'vitest';
import { withDeadline } from '../../../src/agent/deadline.ts';
import { simulatedClock } from '../../fakes/simulated-clock.ts';

const forever = (): Promise<never> => new Promise(() => {});

test('work that is done in time gives its value, and no timer stays behind', async () => {
  const clock = simulatedClock();
  const signal = new AbortController().signal;
  expect(await withDeadline({ clock, ms: 100, signal }, async () => 7)).toEqual({ kind: 'done', value: 7 });
  expect(clock.sleepers()).toBe(0);
});

test('work that takes too long is told to stop and not waited for', async () => {
  const clock = simulatedClock();
  let told: AbortSignal | undefined;
  const timed = withDeadline({ clock, ms: 100, signal: new AbortController().signal }, (stop) => {
    told = stop;
    return forever();
  });
  clock.advance(100);
  expect(await timed).toEqual({ kind: 'late' });
  expect(told?.aborted).toBe(true);
});

test('a cancel ends the wait with its own reason, even if the work does not listen', async () => {
  const clock = simulatedClock();
  const cancel = new AbortController();
  const timed = withDeadline({ clock, ms: 100, signal: cancel.signal }, forever);
  cancel.abort(new Error('stopped by @bob'));
  await expect(timed).rejects.toThrow('stopped by @bob');
  expect(clock.sleepers()).toBe(0);
  await expect(withDeadline({ clock, ms: 100, signal: cancel.signal }, forever)).rejects.toThrow('stopped by @bob');
});

test('a fault of the work is thrown as it is', async () => {
  const wait = { clock: simulatedClock(), ms: 100, signal: new AbortController().signal };
  const failing = withDeadline(wait, async () => {
    throw new Error('broken');
  });
  await expect(failing).rejects.toThrow('broken');
});
