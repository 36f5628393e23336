import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { openWorkspace } from '../../src/adapters/git/open-workspace.ts';
import { ownEgressCommand } from '../../src/runtime/own-worker.ts';
import { createProofRooms } from '../../src/runtime/proof-rooms.ts';
import { realRepository } from '../fakes/real-repository.ts';
import { type Figure, spread } from './figure.ts';

const limits = { markMs: 1_000, overOwnMs: 1_000 };
const packages = { full: 1_500, quick: 150 };
const filesEach = 20;

/**
 * What it costs that the tests of a submission run where the agent never was: the record of what set-up left, made while the
 * model thinks, and a fresh room over one in the agent's own place. 600 files in git, 30,000 files of set-up that git ignores.
 */
export const figure: Figure = async ({ quick, progress }) => {
  const count = quick ? packages.quick : packages.full;
  const sources = Array.from({ length: 600 }, (_, at) => [
    `src/part-${at % 30}/file-${at}.ts`,
    `export const x = ${at};\n`.repeat(40),
  ]);
  using repository = realRepository({ ...Object.fromEntries(sources), '.gitignore': 'node_modules\n' });
  install(path.join(repository.root, 'node_modules'), count);
  const signal = AbortSignal.timeout(300_000);
  await using workspace = await openWorkspace({ root: repository.root, tempDir: repository.temp, signal });
  const home = path.join(repository.temp, 'home');
  const place = { workspace: repository.root, hostPath: process.env['PATH'] ?? '', home, egress: ownEgressCommand() };
  const rooms = createProofRooms({ ...place, task: { env: {} }, files: workspace, tempDir: repository.temp });

  const timed = async (work: () => Promise<unknown>): Promise<number> => {
    const started = performance.now();
    await work();
    return performance.now() - started;
  };
  await workspace.markStart(signal);
  const mark: number[] = [];
  const fresh: number[] = [];
  const own: number[] = [];
  const readings = quick ? 2 : 10;
  for (let reading = 0; reading < readings; reading += 1) {
    mark.push(await timed(() => rooms.mark(signal)));
    repository.write('src/part-0/file-0.ts', `changed ${reading}\n`);
    // As a test runner's cache would: the folder around it is no longer whole.
    repository.write('node_modules/.cache/results.json', String(reading));
    await workspace.collectPatch('01JD0000000000000000000000', signal);
    fresh.push(await timed(async () => (await rooms.openFresh(signal))[Symbol.asyncDispose]()));
    own.push(await timed(async () => (await rooms.openOwn(signal))[Symbol.asyncDispose]()));
    progress(
      `${reading + 1} of ${readings}: ${Math.round(fresh.at(-1) ?? 0)} ms fresh, ${Math.round(own.at(-1) ?? 0)} ms own`,
    );
  }
  const [markMs, freshMs, ownMs] = [spread(mark), spread(fresh), spread(own)];
  const overOwnMs = Math.round(freshMs.median - ownMs.median);
  return {
    kind: 'measured',
    ok: markMs.median <= limits.markMs && overOwnMs <= limits.overOwnMs,
    figures: { files: count * filesEach, markMs, freshMs, ownMs, overOwnMs },
    limits,
  };
};

function install(folder: string, count: number): void {
  for (let at = 0; at < count; at += 1) {
    const inside = path.join(folder, `package-${at}`, 'lib');
    mkdirSync(inside, { recursive: true });
    for (let file = 0; file < filesEach; file += 1)
      writeFileSync(path.join(inside, `${file}.js`), 'module.exports = 1;\n');
  }
}
