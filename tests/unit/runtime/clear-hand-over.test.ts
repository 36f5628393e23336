import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PatchManifest } from '../../../src/domain/patch.ts';
import type { RunResult } from '../../../src/domain/run-result.ts';
import { clearHandOver } from '../../../src/runtime/clear-hand-over.ts';
import { blobSha } from '../../fakes/git-objects.ts';
import { readyResult } from '../../fakes/publish-scene.ts';
import { realRepository } from '../../fakes/real-repository.ts';
import { sampleTask } from '../../fakes/sample-task.ts';
import { tempFolder } from '../../fakes/temp-folder.ts';

// Put together at run time, so that no scanner takes this file for a leak.
const key = ['sk', 'ant', 'api03', 'q8Zt3Kx7Lw2Vn9Rb4Yc6Md1Hf5Jg0SpQ'].join('-');
const example = ['AKIA', 'Q7ZTXKLWVNRBYCMD'].join('');
const inBase = `const key = '${example}';\nexport const a = 1;\n`;

/** A job whose agent left these files and then was killed, or ended with a result. */
function job(files: Readonly<Record<string, string>>) {
  const repository = realRepository({ 'src/fixture.js': inBase });
  const folder = tempFolder(files);
  const sha = repository.git('rev-parse', 'HEAD');
  const place = {
    task: sampleTask({ base: { branch: 'main', sha } }),
    resultDir: folder.root,
    workspace: repository.root,
    hostPath: process.env['PATH'] ?? '',
    secrets: { 'anthropic-api-key': key },
  };
  const patch = (content: string): PatchManifest => ({
    schema: 1,
    runId: '01JD0000000000000000000000',
    base: { sha, treeSha: repository.git('rev-parse', 'HEAD^{tree}') },
    treeSha: '3'.repeat(40),
    files: [
      {
        change: 'modified',
        path: 'src/fixture.js',
        mode: '100644',
        sizeBytes: Buffer.byteLength(content),
        blobSha: blobSha(Buffer.from(content)),
        encoding: 'utf-8',
        content,
      },
    ],
  });
  return {
    patch,
    file: (name: string): string => path.join(folder.root, name),
    read: (name: string): string => readFileSync(path.join(folder.root, name), 'utf8'),
    write: (result: RunResult) => writeFileSync(path.join(folder.root, 'result.json'), JSON.stringify(result)),
    clear: (given?: RunResult) => clearHandOver(place, given, AbortSignal.timeout(20_000)),
    [Symbol.dispose]() {
      folder[Symbol.dispose]();
      repository[Symbol.dispose]();
    },
  };
}

describe('what a killed agent left', () => {
  it('is looked through as it lies there: trajectory, fault and result', async () => {
    using at = job({
      'trajectory.jsonl': `{"seq":0,"output":"a\\n${key}\\nb"}\n{"seq":1,"output":"${key}`,
      'fault.json': JSON.stringify({ code: 'E900', message: `it said ${key}`, fix: '' }),
    });
    at.write(readyResult(undefined, { outcome: 'failed', reason: `because of ${key}` }));
    expect(await at.clear()).toMatchObject({
      reason: '[left out: exact value of anthropic-api-key (plain); Anthropic key]',
    });
    for (const name of ['trajectory.jsonl', 'fault.json', 'result.json']) expect(at.read(name)).not.toContain(key);
    expect(JSON.parse(at.read('trajectory.jsonl').split('\n')[0] ?? '')).toEqual({
      seq: 0,
      output: 'a\n[left out: exact value of anthropic-api-key (plain); Anthropic key]\nb',
    });
  });

  it('is told of as a fault when it cannot be read, and does not stay', async () => {
    using at = job({ 'result.json': `{"outcome":"${key}` });
    expect(await at.clear()).toBeUndefined();
    expect(existsSync(at.file('result.json'))).toBe(false);
    expect(JSON.parse(at.read('fault.json'))).toMatchObject({ code: 'E603' });
    expect(at.read('fault.json')).not.toContain(key);
  });

  it('may be nothing at all', async () => {
    using at = job({});
    expect(await at.clear()).toBeUndefined();
    expect(existsSync(at.file('fault.json'))).toBe(false);
  });

  it('comes out the same the second time', async () => {
    using at = job({});
    at.write(readyResult(at.patch(`${inBase}// more\n`)));
    const first = await at.clear();
    expect(await at.clear()).toEqual(first);
    expect(first).toMatchObject({ outcome: 'succeeded' });
  });
});

describe('a patch', () => {
  it('may hold what only looks like a secret and is in its base, in a line of its own', async () => {
    using at = job({});
    expect(await at.clear(readyResult(at.patch(`${inBase}// more\n`)))).toMatchObject({ outcome: 'succeeded' });
  });

  it('is left out with all of the hand-over when it holds more of that, or a value that is known', async () => {
    for (const line of [`// ${example}`, `// ${Buffer.from(key).toString('hex')}`]) {
      using at = job({});
      const told = await at.clear(readyResult(at.patch(`${inBase}${line}\n`)));
      expect(told).toMatchObject({ outcome: 'blocked', reason: expect.stringContaining('src/fixture.js, line 3') });
      expect(told).not.toHaveProperty('patch');
      expect(JSON.parse(at.read('result.json'))).toEqual(told);
    }
  });
});
