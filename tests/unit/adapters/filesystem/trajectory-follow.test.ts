import { appendFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { followTrajectory } from '../../../../src/adapters/filesystem/trajectory-follow.ts';
import type { TrajectoryEvent } from '../../../../src/domain/trajectory.ts';
import { instantClock } from '../../../fakes/instant-clock.ts';
import { numbered, runStarted, toolFinished } from '../../../fakes/sample-events.ts';

const folder = mkdtempSync(join(tmpdir(), 'follow-'));
afterAll(() => rmSync(folder, { recursive: true }));

const lines = numbered([runStarted, toolFinished(1, 'one ✔'), toolFinished(2, 'two')]).map(
  (event) => `${JSON.stringify(event)}\n`,
);

/** Calls one step after each look at the file; ends the following after the last. */
async function follow(path: string, steps: readonly (() => void)[]): Promise<TrajectoryEvent[]> {
  const controller = new AbortController();
  const clock = instantClock();
  const left = [...steps];
  const seen: TrajectoryEvent[] = [];
  const sleep = async (ms: number, signal?: AbortSignal) => {
    const step = left.shift();
    if (step === undefined) controller.abort();
    else step();
    await clock.sleep(ms, signal);
  };
  await followTrajectory(path, {
    clock: { ...clock, sleep },
    signal: controller.signal,
    onEvent: (event) => seen.push(event),
  });
  return seen;
}

test('events are reported once each as they are written, before the file exists and within torn lines', async () => {
  const path = join(folder, 'a.jsonl');
  const bytes = Buffer.from(lines[1] ?? '');
  const middle = bytes.indexOf('✔') + 1;
  const seen = await follow(path, [
    () => {},
    () => appendFileSync(path, lines[0] ?? ''),
    () => appendFileSync(path, bytes.subarray(0, middle)),
    () => appendFileSync(path, Buffer.concat([bytes.subarray(middle), Buffer.from(lines[2] ?? '')])),
  ]);
  expect(seen.map((event) => `${JSON.stringify(event)}\n`)).toEqual(lines);
});

test('what was written before the signal is still reported', async () => {
  const path = join(folder, 'b.jsonl');
  writeFileSync(path, lines.join(''));
  const seen: number[] = [];
  await followTrajectory(path, {
    clock: instantClock(),
    signal: AbortSignal.abort(),
    onEvent: (event) => seen.push(event.seq),
  });
  expect(seen).toEqual([0, 1, 2]);
});

test('a torn end that a continuing writer cuts off is not reported', async () => {
  const path = join(folder, 'c.jsonl');
  writeFileSync(path, `${lines[0]}{"seq":1,"at"`);
  const seen = await follow(path, [
    () => {
      truncateSync(path, Buffer.byteLength(lines[0] ?? ''));
      appendFileSync(path, lines[1] ?? '');
    },
  ]);
  expect(seen.map((event) => event.seq)).toEqual([0, 1]);
});

test('damage ends the following with E306', async () => {
  const path = join(folder, 'd.jsonl');
  writeFileSync(path, `${lines[0]}nonsense\n`);
  await expect(follow(path, [])).rejects.toThrow(expect.objectContaining({ code: 'E306' }));
});
