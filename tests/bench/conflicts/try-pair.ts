import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type GitWorkspace, openWorkspace } from '../../../src/adapters/git/open-workspace.ts';
import type { MergedFile } from '../../../src/domain/conflicts/lost-hunks.ts';
import { unmerged } from '../../../src/domain/conflicts/unmerged.ts';
import { type RealRepository, realRepository } from '../../fakes/real-repository.ts';
import { gitOracle, type Oracle } from './oracle.ts';
import type { ChangePair, Files } from './pair.ts';
import { openPublisher, type PairPublisher } from './publisher.ts';
import { dropHunk, resolveMarks, takeSide } from './resolvers.ts';
import { passesTests } from './run-tests.ts';

/** What became of a pair: published in the end, or why a person gets it. */
export type PairEnd = 'resolved' | 'asked' | 'refused: check' | 'refused: publisher' | 'refused: tests';

export interface TriedPair {
  readonly name: string;
  readonly source: ChangePair['source'];
  /** Whose merge it is: where the careful one would ask, one in a hurry has kept both. */
  readonly by: 'careful' | 'in a hurry';
  readonly end: PairEnd;
  /** Of that merge, when there is one: changes of both sides, and those that git says are lost. */
  readonly hunks: number;
  readonly lostByGit: number;
  /** Of each bad resolver: who caught it; absent where git says that it had nothing to lose. */
  readonly bad: Readonly<Partial<Record<BadResolver, Caught>>>;
}

export type BadResolver = 'takes ours' | 'takes theirs' | 'drops a change' | 'leaves the marks';

/** Before any test is run: by the check in the workspace, and by the publisher, who takes nobody's word. */
export interface Caught {
  readonly byCheck: boolean;
  readonly byPublisher: boolean;
}

const runId = '01JD0000000000000000000000';
const minute = 60_000;

/** One pair through the real parts: git's merge in a workspace, a resolution, the check, the publisher, the tests. */
export async function tryPair(pair: ChangePair): Promise<TriedPair | undefined> {
  using repository = realRepository(pair.base);
  const { git, root, temp } = repository;
  const forkSha = git('rev-parse', 'HEAD');
  const oursSha = commitOn(repository, { branch: 'ours', from: forkSha, files: pair.ours });
  const baseSha = commitOn(repository, { branch: 'theirs', from: forkSha, files: pair.theirs });
  const signal = AbortSignal.timeout(10 * minute);
  await using workspace = await openWorkspace({ root, baseSha, tempDir: temp, merge: { forkSha, oursSha }, signal });
  await workspace.markStart(signal);
  const conflicted = workspace.merge?.conflicted ?? [];
  if (conflicted.length === 0) return undefined;
  const there = conflicted.filter((path) => existsSync(join(root, path)));
  const marked = Object.fromEntries(there.map((path) => [path, readFileSync(join(root, path), 'utf8')]));
  await using publisher = await openPublisher(pair, conflicted);
  const oracle = gitOracle();
  const look = (files: Files) => judge(files, { repository, workspace, publisher, oracle, signal });

  const bad: Partial<Record<BadResolver, Caught>> = {};
  const tryBad = async (name: BadResolver, files: Files | undefined): Promise<void> => {
    if (files === undefined) return;
    const { isWrong, word, lostByGit } = await look(files);
    const loses = name === 'leaves the marks' ? Object.values(marked).some(hasMarks) : lostByGit > 0;
    if (loses) bad[name] = { byCheck: isWrong, byPublisher: word === 'refuses' };
  };
  await tryBad('leaves the marks', marked);
  for (const side of ['ours', 'theirs'] as const) {
    await tryBad(
      `takes ${side}`,
      mapFiles(marked, (text) => takeSide(text, side)),
    );
  }

  const isWhole = there.length === conflicted.length;
  const careful = isWhole ? mapFiles(marked, (text) => resolveMarks(text, 'asks')) : undefined;
  const merged = careful ?? (isWhole ? mapFiles(marked, (text) => resolveMarks(text, 'keeps both')) : undefined);
  const { name, source } = pair;
  if (merged === undefined) return { name, source, by: 'careful', end: 'asked', hunks: 0, lostByGit: 0, bad };
  await tryBad('drops a change', dropOne(pair, merged));
  const { isWrong, word, hunks, lostByGit } = await look(merged);
  const by = careful === undefined ? 'in a hurry' : 'careful';
  const told = { name, source, by, hunks, lostByGit, bad } as const;
  if (isWrong) return { ...told, end: 'refused: check' };
  if (word === 'refuses') return { ...told, end: 'refused: publisher' };
  return { ...told, end: (await passesTests(pair, repository)) ? 'resolved' : 'refused: tests' };
}

interface NewCommit {
  readonly branch: string;
  readonly from: string;
  readonly files: Files;
}

function commitOn({ git, write, commit }: RealRepository, { branch, from, files }: NewCommit): string {
  git('checkout', '--quiet', '-b', branch, from);
  const before = git('ls-files', '-z').split('\0');
  const gone = before.filter((path) => path !== '' && files[path] === undefined);
  if (gone.length > 0) git('rm', '--quiet', '--', ...gone);
  for (const [name, content] of Object.entries(files)) write(name, content);
  return commit(branch);
}

interface Judges {
  readonly repository: RealRepository;
  readonly workspace: GitWorkspace;
  readonly publisher: PairPublisher;
  readonly oracle: Oracle;
  readonly signal: AbortSignal;
}

const nothingToJudge = { isWrong: true, word: 'refuses', hunks: 0, lostByGit: 0 } as const;

/** What each says of these files in the place of those with marks. */
async function judge(files: Files, { repository, workspace, publisher, oracle, signal }: Judges) {
  for (const [name, content] of Object.entries(files)) repository.write(name, content);
  const patch = await workspace.collectPatch(runId, signal);
  // What leaves nothing of the branch is handed over by nobody: there is no change to submit.
  if (patch === undefined || workspace.merge === undefined) return nothingToJudge;
  const versions = await workspace.merge.versions(patch, signal);
  const byGit = versions.flatMap((file) => oracle(asTexts(file)));
  return {
    isWrong: unmerged(versions) !== undefined,
    word: await publisher.inspect(patch, signal),
    hunks: byGit.reduce((sum, side) => sum + side.hunks, 0),
    lostByGit: byGit.reduce((sum, { lost }) => sum + lost, 0),
  };
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

function hasMarks(text: string): boolean {
  return /^<{7} /m.test(text);
}

function asTexts({ base = '', ours = '', theirs = '', merged = '' }: MergedFile) {
  return { base, ours, theirs, merged };
}
