import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { clearTrajectory } from '../../../../src/adapters/filesystem/clear-trajectory.ts';
import { openTrajectory } from '../../../../src/adapters/filesystem/trajectory-file.ts';
import { readTrajectory } from '../../../../src/adapters/filesystem/trajectory-reader.ts';
import type { TrajectoryBody } from '../../../../src/domain/trajectory.ts';
import { anyText } from '../../../fakes/any-text.ts';
import { instantClock } from '../../../fakes/instant-clock.ts';
import { modelReplied, numbered, runFinished, runStarted, toolFinished } from '../../../fakes/sample-events.ts';

const folder = mkdtempSync(join(tmpdir(), 'trajectory-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
const newPath = () => join(folder, `${files++}`, 'trajectory.jsonl');
const sample = [
  runStarted,
  modelReplied(1, 'héllo\n"x"'),
  toolFinished(1, 'ok\r\n\u2028'),
  runFinished('2'.repeat(40)),
];

function write(path: string, bodies: readonly TrajectoryBody[], existing: 'refuse' | 'continue' = 'refuse'): void {
  using recorder = openTrajectory(path, { clock: instantClock(), existing });
  for (const body of bodies) recorder.record(body);
}

test('events are read back as they were recorded, numbered from 0 and stamped', async () => {
  const path = newPath();
  write(path, sample);
  const { events, torn } = await readTrajectory(path);
  expect(torn).toBe(false);
  expect(events.map(({ seq, at, ...body }) => body)).toEqual(sample);
  expect(events.map((event) => event.seq)).toEqual([0, 1, 2, 3]);
  expect(events.every((event) => event.at === 1_700_000_000_000)).toBe(true);
});

test('an event is on disk before record returns, and only its owner may read it', () => {
  const path = newPath();
  using recorder = openTrajectory(path, { clock: instantClock() });
  recorder.record(runStarted);
  expect(readFileSync(path, 'utf8')).toMatch(/^\{"seq":0,.*\}\n$/);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('a file that holds something is refused and left as it was', () => {
  const path = newPath();
  write(path, [runStarted]);
  const before = readFileSync(path);
  expect(() => openTrajectory(path, { clock: instantClock() })).toThrow(expect.objectContaining({ code: 'E104' }));
  expect(readFileSync(path)).toEqual(before);
});

test('a folder that cannot be written to is a clear error', () => {
  const path = join(folder, 'plain');
  writeFileSync(path, '');
  expect(() => openTrajectory(join(path, 'x.jsonl'), { clock: instantClock() })).toThrow(
    expect.objectContaining({ code: 'E104', fix: expect.stringContaining('disk') }),
  );
});

test('a closed recorder refuses to write', () => {
  const recorder = openTrajectory(newPath(), { clock: instantClock() });
  recorder[Symbol.dispose]();
  recorder[Symbol.dispose]();
  expect(() => recorder.record(runStarted)).toThrow(expect.objectContaining({ code: 'E104' }));
});

test('a full disk is a clear error', () => {
  // /dev/full takes an open and fails every write with ENOSPC.
  using recorder = openTrajectory('/dev/full', { clock: instantClock() });
  expect(() => recorder.record(runStarted)).toThrow(
    expect.objectContaining({ code: 'E104', fix: expect.stringContaining('disk has room') }),
  );
});

test('continuing goes on counting and cuts a torn last line off', async () => {
  const path = newPath();
  write(path, sample.slice(0, 2));
  appendFileSync(path, '{"seq":2,"at":17000');
  write(path, sample.slice(2), 'continue');
  const { events, torn } = await readTrajectory(path);
  expect(torn).toBe(false);
  expect(events.map(({ seq, at, ...body }) => body)).toEqual(sample);
});

test('continuing a damaged file is refused with the line', () => {
  const path = newPath();
  write(path, sample);
  writeFileSync(path, readFileSync(path, 'utf8').replace('"seq":1', '"seq":7'));
  expect(() => openTrajectory(path, { clock: instantClock(), existing: 'continue' })).toThrow(
    expect.objectContaining({ code: 'E306', message: expect.stringContaining('line 2') }),
  );
});

test('a file cut at any byte is read up to its last whole line', async () => {
  const path = newPath();
  write(path, sample);
  const whole = readFileSync(path);
  const ends = [...whole.entries()].filter(([, byte]) => byte === 0x0a).map(([index]) => index + 1);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: whole.length }), async (length) => {
      writeFileSync(path, whole);
      truncateSync(path, length);
      const { events, torn } = await readTrajectory(path);
      const complete = ends.filter((end) => end <= length);
      expect(events).toHaveLength(complete.length);
      expect(torn).toBe(length !== (complete.at(-1) ?? 0));
    }),
    { numRuns: 60 },
  );
});

test.each([
  ['not JSON', (line: string) => line.slice(0, -3), 'not JSON'],
  ['not an object', () => '[]', 'not a JSON object'],
  ['a wrong number', (line: string) => line.replace('"seq":1', '"seq":2'), 'seq is 2, expected 1'],
  ['an unknown type', (line: string) => line.replace('model.replied', 'model.guessed'), '"model.guessed" is not known'],
  ['a missing field', (line: string) => line.replace('"stopReason"', '"stop"'), 'model.replied.stopReason is missing'],
  ['no time', (line: string) => line.replace('"at"', '"when"'), 'at is not a number'],
])('%s in the middle is E306 and names the line', async (_, damage, message) => {
  const path = newPath();
  write(path, sample);
  const lines = readFileSync(path, 'utf8').split('\n');
  lines[1] = damage(lines[1] ?? '');
  writeFileSync(path, lines.join('\n'));
  await expect(readTrajectory(path)).rejects.toThrow(
    expect.objectContaining({ code: 'E306', message: expect.stringMatching('line 2') }),
  );
  await expect(readTrajectory(path)).rejects.toThrow(message);
});

test('a missing file is E102', async () => {
  await expect(readTrajectory(join(folder, 'none.jsonl'))).rejects.toThrow(expect.objectContaining({ code: 'E102' }));
});

test('secrets are taken out of every string afterwards, names of fields included, and of a torn last line', async () => {
  const path = newPath();
  const secret = 'sk-canary-1';
  const redact = (text: string) => text.replaceAll(secret, '[redacted]');
  using recorder = openTrajectory(path, { clock: instantClock() });
  recorder.record({
    ...modelReplied(1, `I saw ${secret}`),
    content: [
      { type: 'text', text: `I saw ${secret}` },
      { type: 'tool_use', id: 'a', name: 'bash', input: { [secret]: [secret, { deep: secret }], n: 1, none: null } },
      { type: 'thinking', opaque: { signature: secret } },
    ],
  });
  recorder.record(toolFinished(1, `KEY=${secret}`));
  appendFileSync(path, `{"seq":2,"output":"${secret}`);
  await clearTrajectory(path, redact);
  expect(readFileSync(path, 'utf8')).not.toContain(secret);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const { events } = await readTrajectory(path);
  expect(events[0]).toMatchObject({
    content: [
      { text: 'I saw [redacted]' },
      { input: { '[redacted]': ['[redacted]', { deep: '[redacted]' }], n: 1, none: null } },
      { opaque: { signature: '[redacted]' } },
    ],
  });
});

test('any text survives the way to disk and back', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyText(), { maxLength: 5 }), async (texts) => {
      const path = newPath();
      const bodies = [runStarted, ...texts.map((text, index) => toolFinished(index, text))];
      write(path, bodies);
      const { events } = await readTrajectory(path);
      expect(events).toEqual(numbered(bodies).map((event) => ({ ...event, at: 1_700_000_000_000 })));
    }),
    { numRuns: 40 },
  );
});
