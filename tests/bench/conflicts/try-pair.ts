import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { type GitWorkspace, openWorkspace } from '../../../src/adapters/git/open-workspace.ts';
import type { MergedFile } from '../../../src/domain/conflicts/lost-hunks.ts';
import { unmerged } from '../../../src/domain/conflicts/unmerged.ts';
import { realRepository } from '../../fakes/real-repository.ts';
import { askGit } from './oracle.ts';
import type { ChangePair, Files } from './pair.ts';
import { dropHunk, mergeByWords, takeSide } from './resolvers.ts';

export interface TriedPair {
  readonly name: string;
  readonly source: ChangePair['source'];
  /** Of the careful resolver: what was published in the end, or why a person was asked. */
  readonly end: 'resolved' | 'asked' | 'refused: lost' | 'refused: tests';
  /** Of a resolved one: changes that git says are lost. */
  readonly lostByGit: number;
  readonly hunks: number;
  /** Of each bad resolver: whether it was caught by the check alone; absent where it had nothing to lose. */
  readonly bad: Readonly<Partial<Record<BadResolver, 'caught' | 'missed'>>>;
}

export type BadResolver = 'takes ours' | 'takes theirs' | 'drops a change' | 'leaves the marks';

const runId = '01JD0000000000000000000000';
const minute = 60_000;

/** One pair through the real parts: git's merge in a workspace, a resolution, the check, the tests. */
export async function tryPair(pair: ChangePair): Promise<TriedPair | undefined> {
  using repository = realRepository(pair.base);
  const { git, root, temp } = repository;
  const forkSha = git('rev-parse', 'HEAD');
  const commitOn = (branch: string, files: Files): string => {
    git('checkout', '--quiet', '-b', branch, forkSha);
    for (const [name, content] of Object.entries(files)) repository.write(name, content);
    return repository.commit(branch);
  };
  const oursSha = commitOn('ours', pair.ours);
  const baseSha = commitOn('theirs', pair.theirs);
  const signal = AbortSignal.timeout(2 * minute);
  await using workspace = await openWorkspace({ root, baseSha, tempDir: temp, merge: { forkSha, oursSha }, signal });
  await workspace.markStart(signal);
  const conflicted = workspace.merge?.conflicted ?? [];
  if (conflicted.length === 0) return undefined;
  const marked = Object.fromEntries(conflicted.map((path) => [path, readFileSync(join(root, path), 'utf8')]));

  const judge = async (
    files: Files,
  ): Promise<{ readonly wrong: ReturnType<typeof unmerged>; readonly files: readonly MergedFile[] }> => {
    for (const [name, content] of Object.entries(files)) repository.write(name, content);
    const versions = await versionsOf(workspace, signal);
    return { wrong: unmerged(versions), files: versions };
  };

  const bad: Partial<Record<BadResolver, 'caught' | 'missed'>> = {};
  const tryBad = async (name: BadResolver, files: Files | undefined): Promise<void> => {
    if (files === undefined) return;
    const { wrong, files: versions } = await judge(files);
    const loses = name === 'leaves the marks' || versions.some((file) => lostIn(file) > 0);
    if (loses) bad[name] = wrong === undefined ? 'missed' : 'caught';
  };
  await tryBad('leaves the marks', marked);
  for (const side of ['ours', 'theirs'] as const) {
    await tryBad(
      `takes ${side}`,
      mapFiles(marked, (text) => takeSide(text, side)),
    );
  }

  const careful = pair.needsPerson ? undefined : (pair.resolved ?? mapFiles(marked, mergeByWords));
  if (careful !== undefined) await tryBad('drops a change', dropOne(pair, careful));
  const { name, source } = pair;
  if (careful === undefined) return { name, source, end: 'asked', lostByGit: 0, hunks: 0, bad };
  const { wrong, files } = await judge(careful);
  const byGit = files.flatMap((file) => askGit(asTexts(file)));
  const hunks = byGit.reduce((sum, side) => sum + side.hunks, 0);
  if (wrong !== undefined) return { name, source, end: 'refused: lost', lostByGit: 0, hunks, bad };
  if (!(await passesTests(pair, workspace, signal)))
    return { name, source, end: 'refused: tests', lostByGit: 0, hunks, bad };
  return { name, source, end: 'resolved', lostByGit: byGit.reduce((sum, { lost }) => sum + lost, 0), hunks, bad };
}

async function versionsOf(workspace: GitWorkspace, signal: AbortSignal): Promise<readonly MergedFile[]> {
  const patch = await workspace.collectPatch(runId, signal);
  if (patch === undefined || workspace.merge === undefined) return [];
  return workspace.merge.versions(patch, signal);
}

function mapFiles(files: Files, change: (text: string) => string | undefined): Files | undefined {
  const changed = Object.entries(files).map(([path, text]) => [path, change(text)] as const);
  if (changed.some(([, text]) => text === undefined)) return undefined;
  return Object.fromEntries(changed.map(([path, text]) => [path, text ?? '']));
}

/** The first change of either side that can be taken out again. */
function dropOne({ base, ours, theirs }: ChangePair, careful: Files): Files | undefined {
  for (const [path, merged] of Object.entries(careful)) {
    for (const side of [theirs[path], ours[path]]) {
      for (let pick = 0; side !== undefined && pick < 4; pick += 1) {
        const dropped = dropHunk(merged, { base: base[path] ?? '', side, pick });
        if (dropped !== undefined && dropped !== merged) return { ...careful, [path]: dropped };
      }
    }
  }
  return undefined;
}

function lostIn(file: MergedFile): number {
  return askGit(asTexts(file)).reduce((sum, { lost }) => sum + lost, 0);
}

function asTexts({ base = '', ours = '', theirs = '', merged = '' }: MergedFile) {
  return { base, ours, theirs, merged };
}

/** Of a project its own tests, in a folder that nobody has worked in; of a file of a history, that it still is a program. */
async function passesTests(pair: ChangePair, workspace: GitWorkspace, signal: AbortSignal): Promise<boolean> {
  if (pair.source === 'history') {
    const texts = Object.keys(pair.base).map((path) => readFileSync(join(workspace.root, path), 'utf8'));
    return texts.every(isProgram);
  }
  const folder = mkdtempSync(join(workspace.root, '..', 'fresh-'));
  await workspace.layOut(folder, signal);
  const env = { PATH: process.env['PATH'], HOME: folder };
  return spawnSync(process.execPath, ['--test'], { cwd: folder, env, timeout: minute }).status === 0;
}

function isProgram(text: string): boolean {
  try {
    stripTypeScriptTypes(text);
    return true;
  } catch {
    return false;
  }
}
