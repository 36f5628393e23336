import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readTrajectory } from '../../../../src/adapters/filesystem/trajectory-reader.ts';

const folder = mkdtempSync(join(tmpdir(), 'kill-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Records as fast as it can and says each number on stdout after `record` returned. */
const writer = `
import { writeSync } from 'node:fs';
import { openTrajectory } from ${JSON.stringify(join(import.meta.dirname, '../../../../src/adapters/filesystem/trajectory-file.ts'))};
const [path, from] = process.argv.slice(1);
const clock = { now: Date.now, monotonic: () => 0, sleep: async () => {} };
const recorder = openTrajectory(path, { clock, existing: 'continue' });
for (let turn = Number(from); ; turn++) {
  recorder.record({ type: 'progress.noted', turn, progress: 0, done: 'x'.repeat(turn % 9000), next: '' });
  writeSync(1, turn + '\\n');
}`;

// Every kill of a file is read back from its beginning, so a few files are quicker than one that grows with every kill.
test.each([1, 2, 3, 4])(
  'kill −9 at 5 random moments loses no event that was recorded, and the next process goes on (%i)',
  async (file) => {
    const path = join(folder, `trajectory-${file}.jsonl`);
    let recorded = 0;
    for (let round = 0; round < 5; round += 1) {
      const child = spawn(process.execPath, ['--input-type=module', '-e', writer, path, String(recorded)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const exited = once(child, 'exit');
      let said = '';
      child.stdout.on('data', (chunk) => {
        said += chunk;
      });
      await once(child.stdout, 'data');
      const moment = Math.random() * 20;
      setTimeout(() => child.kill('SIGKILL'), moment);
      await exited;
      const acknowledged = Number(said.split('\n').at(-2));
      const { events } = await readTrajectory(path);
      expect(events.length, `killed after ${moment} ms`).toBeGreaterThan(acknowledged);
      expect(events.at(-1)).toMatchObject({ seq: events.length - 1, turn: events.length - 1 });
      recorded = events.length;
    }
    expect(recorded).toBeGreaterThan(5);
  },
  30_000,
);
