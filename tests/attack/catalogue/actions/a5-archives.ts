import { symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { checkPatch } from '../../../../src/domain/patch-check.ts';
import { defaultPatchPolicy } from '../../../../src/domain/patch-policy.ts';
import { parseRunResult } from '../../../../src/flows/run-result-schema.ts';
import { readResult, readTrajectoryBytes } from '../../../../src/runtime/hand-over.ts';
import { blobSha } from '../../../fakes/git-objects.ts';
import { manifestOn, publishScene, readyResult } from '../../../fakes/publish-scene.ts';
import { tempFolder } from '../../../fakes/temp-folder.ts';
import { type Attack, contained, escaped, hindered, passed } from '../attack.ts';

const slips = [
  '../../.ssh/authorized_keys',
  'src/../../x',
  '/etc/cron.d/x',
  'C:/x',
  'a//b',
  './x',
  'a/./b',
  '..',
  'a\\..\\b',
];

export const zipSlip: Attack = {
  id: 'A5',
  title: 'a hand-over whose files lead out of the repository',
  async attack() {
    const base = { sha: '1'.repeat(40), treeSha: '2'.repeat(40) };
    const content = 'x\n';
    for (const slip of slips) {
      const file = {
        change: 'added',
        path: slip,
        mode: '100644',
        sizeBytes: 2,
        blobSha: blobSha(Buffer.from(content)),
      } as const;
      const files = [{ ...file, encoding: 'utf-8', content }] as const;
      const manifest = { schema: 1, runId: 'r', base, treeSha: '3'.repeat(40), files } as const;
      const problems = checkPatch(manifest, { ...defaultPatchPolicy, unprotectedPaths: ['**'] }, blobSha);
      if (!problems.some(({ rule }) => rule === 'path-shape')) return escaped(`${slip} is a path`);
    }
    return contained(`${slips.length} paths are none`);
  },
  twin: publishes({ 'src/a..b.txt': 'x\n', 'src/...txt': 'x\n' }),
};

export const bomb: Attack = {
  id: 'A5',
  title: 'a result and a trajectory of four gigabytes that take no room in the archive',
  async attack() {
    for (const [name, read] of [
      ['result.json', readResult],
      ['trajectory.jsonl', readTrajectoryBytes],
    ] as const) {
      using folder = tempFolder({ [name]: '' });
      truncateSync(path.join(folder.root, name), 4 * 1024 ** 3);
      const before = process.memoryUsage().rss;
      const code = await read(folder.root).then(
        () => 'read',
        (error: { code?: string }) => error.code,
      );
      const grown = process.memoryUsage().rss - before;
      if (code !== 'E603' || grown > 256 * 1024 ** 2) return escaped(`${name}: ${code}, ${grown} bytes of memory`);
    }
    return contained('neither was read');
  },
  async twin() {
    using folder = tempFolder({ 'result.json': JSON.stringify({ reason: 'x'.repeat(5 * 1024 * 1024) }) });
    const value = await readResult(folder.root);
    return value === undefined ? hindered('it was not read') : passed('five megabytes were read');
  },
};

export const linkInArchive: Attack = {
  id: 'A5',
  title: 'a result that is a link to a file of the job which reads it',
  async attack() {
    using folder = tempFolder({ 'secret.json': '{"token":"of another job"}', 'result/.keep': '' });
    const place = path.join(folder.root, 'result');
    for (const name of ['result.json', 'trajectory.jsonl']) {
      symlinkSync(path.join(folder.root, 'secret.json'), path.join(place, name));
    }
    for (const read of [readResult, readTrajectoryBytes]) {
      const value = await read(place).then(String, (error: { code?: string }) => error.code);
      if (value !== 'E603') return escaped(`it was read: ${value}`);
    }
    return contained('links are not followed');
  },
  async twin() {
    using folder = tempFolder();
    writeFileSync(path.join(folder.root, 'result.json'), '{"a":1}');
    return JSON.stringify(await readResult(folder.root)) === '{"a":1}'
      ? passed('a file is read')
      : hindered('it is not');
  },
};

export const manyAndLarge: Attack = {
  id: 'A5',
  title: 'a hand-over of too many files, of files larger than they say, of texts without end',
  async attack() {
    const scene = await publishScene();
    const many = Object.fromEntries(Array.from({ length: 51 }, (_, at) => [`src/${at}.txt`, 'x\n']));
    const large = { 'src/large.txt': 'x'.repeat(600 * 1024) };
    for (const change of [many, large]) {
      const report = await scene.publish(readyResult(manifestOn(scene.forge, scene.task.base.sha, change)));
      if (report.error?.code !== 'E601') return escaped(`${Object.keys(change).length} files: ${report.reason}`);
    }
    const patch = manifestOn(scene.forge, scene.task.base.sha, { 'src/large.txt': 'x'.repeat(600 * 1024) });
    const lying = { ...patch, files: patch.files.map((file) => ({ ...file, sizeBytes: 1 })) };
    const told = await scene.publish(readyResult(lying as typeof patch));
    if (told.outcome === 'succeeded') return escaped('a file that lies about its size was published');
    const endless = { ...readyResult(undefined), reason: 'x'.repeat(20_001) };
    const taken = await parseRunResult(endless).then(
      () => true,
      () => false,
    );
    return taken ? escaped('a text without end was taken') : contained('each was refused before anything was written');
  },
  twin: publishes(Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`src/${at}.txt`, 'x\n']))),
};

function publishes(change: Readonly<Record<string, string>>): Attack['twin'] {
  return async () => {
    const scene = await publishScene();
    const report = await scene.publish(readyResult(manifestOn(scene.forge, scene.task.base.sha, change)));
    return report.outcome === 'succeeded' ? passed(`${Object.keys(change).length} files`) : hindered(report.reason);
  };
}
