import { readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  handOverFiles,
  readResult,
  readTask,
  readTrajectoryBytes,
  sha256Hex,
  writeTask,
} from '../../../src/runtime/hand-over.ts';
import { sampleTask } from '../../fakes/sample-task.ts';
import { tempFolder } from '../../fakes/temp-folder.ts';

const task = sampleTask();

describe('task.json', () => {
  it('is read back as it was written, by the hash that travels apart from it', async () => {
    using folder = tempFolder();
    const written = await writeTask(path.join(folder.root, 'entropy-task'), task);
    expect(written.sha256).toBe(sha256Hex(readFileSync(written.path)));
    expect(await readTask(written.path, written.sha256)).toEqual(task);
  });

  it('is refused when a single byte of it is another', async () => {
    using folder = tempFolder();
    const written = await writeTask(folder.root, task);
    writeFileSync(written.path, readFileSync(written.path, 'utf8').replace('"draft": false', '"draft": true '));
    await expect(readTask(written.path, written.sha256)).rejects.toMatchObject({
      code: 'E603',
      message: expect.stringContaining('not the one that the gate approved'),
    });
  });

  it('is refused with the step that brings it when it is not there', async () => {
    using folder = tempFolder();
    await expect(readTask(path.join(folder.root, 'task.json'), 'x')).rejects.toMatchObject({
      code: 'E603',
      fix: expect.stringContaining('entropy-task'),
    });
  });
});

describe('what the agent left', () => {
  it('is undefined when it left nothing', async () => {
    using folder = tempFolder();
    expect(await readResult(folder.root)).toBeUndefined();
    expect(await readTrajectoryBytes(folder.root)).toBeUndefined();
  });

  it('is any JSON, for nobody trusts it yet', async () => {
    using folder = tempFolder({ [handOverFiles.result]: '{"outcome":7}' });
    expect(await readResult(folder.root)).toEqual({ outcome: 7 });
  });

  it('is E603 when it was cut off in the middle', async () => {
    using folder = tempFolder({ [handOverFiles.result]: '{"outcome":"succ' });
    await expect(readResult(folder.root)).rejects.toMatchObject({ code: 'E603' });
  });

  it('is not followed where it is a link, and not read where it is a flood', async () => {
    using folder = tempFolder({ outside: '{"outcome":"succeeded"}' });
    const place = path.join(folder.root, handOverFiles.result);
    symlinkSync(path.join(folder.root, 'outside'), place);
    await expect(readResult(folder.root)).rejects.toMatchObject({
      code: 'E603',
      message: expect.stringContaining('link'),
    });
    rmSync(place);
    writeFileSync(place, '');
    truncateSync(place, 2 ** 31);
    await expect(readResult(folder.root)).rejects.toMatchObject({
      code: 'E603',
      message: expect.stringContaining('2147483648'),
    });
  });

  it('that cannot be read is a fault and not "nothing"', async () => {
    using folder = tempFolder({ 'result.json/inside': '', 'trajectory.jsonl/inside': '' });
    for (const read of [readResult, readTrajectoryBytes]) {
      await expect(read(folder.root)).rejects.toMatchObject({
        code: 'E603',
        message: expect.stringContaining('no file'),
      });
    }
  });
});
