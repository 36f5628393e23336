import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { counted } from '../../domain/counted.ts';
import { passedTests } from '../../domain/evaluation/passed-tests.ts';
import { type Seal, sealOf, takesOverRunner } from '../../domain/evaluation/seal.ts';
import { matchesAny } from '../../domain/path-rules.ts';
import type { TestRun } from '../../domain/test-run.ts';
import { describeFailure } from '../../domain/test-verdict.ts';
import { filesBelow, type IssueFolder, issueFiles } from './issue-folder.ts';
import { applyPatch, type JudgePlace, layOver, runInRoom } from './judge-room.ts';

export interface JudgeRequest {
  readonly issue: IssueFolder;
  /** Absolute path of the change as `git apply` takes it. */
  readonly patch: string;
  /** The repository's own test command. */
  readonly testCommand: string;
  readonly place: Omit<JudgePlace, 'repository'>;
  /** Told of everything that ran, for whoever wants to know why. */
  readonly onRun: (what: string, run: TestRun) => void;
}

export type Judgement = { readonly kind: 'solved' } | { readonly kind: 'failed'; readonly reason: string };

/**
 * Judges a change in new copies of the repository, where the agent never was: with the repository's own tests as they were
 * before, then with the hidden ones. Where tests are what was asked for, they must tell broken versions from right ones.
 */
export async function judge(request: JudgeRequest, signal: AbortSignal): Promise<Judgement> {
  const judging = open(request, signal);
  try {
    if (request.issue.kind === 'test') await judgeTests(judging);
    else await judgeOldTests(judging);
    if (request.issue.check !== undefined) await judgeHidden(judging, request.issue.check);
    return { kind: 'solved' };
  } catch (error) {
    if (error instanceof Failed) return { kind: 'failed', reason: error.message };
    throw error;
  }
}

/** Ends a judgement early; never leaves this file. */
class Failed extends Error {}

interface Judging {
  readonly issue: IssueFolder;
  readonly testCommand: string;
  /** Runs a command over the result of the change, with some more files laid over it. */
  readonly run: (what: string, command: string, over?: Overlay) => Promise<TestRun>;
}

interface Overlay {
  readonly from: string;
  readonly files: readonly string[];
  /** Of the judge itself. */
  readonly seal?: Seal;
}

/** For the commands of the repository: what it brings along is not taken for a part of Python (3.11 and newer). */
const pythonEnv = { PYTHONSAFEPATH: '1' } as const;

function open({ issue, patch, testCommand, place, onRun }: JudgeRequest, signal: AbortSignal): Judging {
  const repository = path.join(issue.folder, issueFiles.repository);
  const env = issue.language === 'python' ? { ...place.env, ...pythonEnv } : place.env;
  const room = { ...place, env, repository };
  const run: Judging['run'] = async (what, command, over) => {
    const prepare = async (folder: string): Promise<void> => {
      const problem = await applyPatch(folder, patch, room, signal);
      if (problem !== undefined) throw new Failed(problem);
      await restore(folder, repository, issue);
      await refuseRunners(folder, issue);
      if (over === undefined) return;
      if (over.seal !== undefined) await clearFor(over.files, { folder, repository });
      await layOver(over.from, folder, over.files);
      for (const [name, text] of Object.entries(over.seal?.files ?? {})) await writeFile(path.join(folder, name), text);
    };
    const ran = await runInRoom(room, { prepare, command }, signal);
    onRun(what, ran);
    return ran;
  };
  return { issue, testCommand, run };
}

/**
 * The tests as they were, without those that the change adds: it is not judged by what it brought along. Where tests are
 * what was asked for, the other way round: everything but them.
 */
async function restore(folder: string, repository: string, { kind, tests }: IssueFolder): Promise<void> {
  const restored = (file: string): boolean => matchesAny(tests, file) !== (kind === 'test');
  for (const file of await filesBelow(folder)) {
    if (file.startsWith('.git/') || !restored(file)) continue;
    await rm(path.join(folder, file), { force: true });
  }
  await layOver(repository, folder, (await filesBelow(repository)).filter(restored));
}

async function refuseRunners(folder: string, { language, kind }: IssueFolder): Promise<void> {
  if (language !== 'go' || kind === 'test') return;
  for (const file of (await filesBelow(folder)).filter((name) => name.endsWith('_test.go'))) {
    if (!takesOverRunner(file, await readFile(path.join(folder, file), 'utf8'))) continue;
    throw new Failed(`${file} has a TestMain, which would tell what passed in the place of the runner`);
  }
}

/** Folders that only the hidden tests have begin empty: nothing of the change stands beside them. */
async function clearFor(
  files: readonly string[],
  { folder, repository }: { readonly folder: string; readonly repository: string },
): Promise<void> {
  const tops = new Set(files.filter((file) => file.includes('/')).map((file) => file.slice(0, file.indexOf('/'))));
  for (const top of tops) {
    if (!existsSync(path.join(repository, top))) await rm(path.join(folder, top), { recursive: true, force: true });
  }
}

async function judgeOldTests({ run, testCommand }: Judging): Promise<void> {
  const ran = await run('the tests as they were', testCommand);
  if (ran.exitCode !== 0) throw new Failed(`the tests as they were fail (${describeFailure(ran)})`);
}

async function judgeHidden({ issue, run }: Judging, check: NonNullable<IssueFolder['check']>): Promise<void> {
  const from = path.join(issue.folder, issueFiles.hidden);
  const beside = [`${issueFiles.mutants}/`, `${issueFiles.equivalents}/`];
  const files = (await filesBelow(from)).filter((file) => !beside.some((folder) => file.startsWith(folder)));
  const seal = sealOf({
    language: issue.language,
    nonce: `s${randomBytes(8).toString('hex')}`,
    goPackage: await goPackageOf(from, files),
  });
  const ran = await run('hidden tests', check.command, { from, files, seal });
  // The seal is one of those that passed.
  const passed = Math.max(0, passedTests(issue.language, ran.output) - 1);
  if (ran.exitCode === 0 && passed >= check.passes) {
    if (seal.isUnbroken(ran.output)) return;
    throw new Failed('hidden tests: what was printed is not of the runner: it does not know the test of the judge');
  }
  throw new Failed(`hidden tests: ${passed} of ${check.passes} passed (${describeFailure(ran)})`);
}

/** Of the hidden tests, which lie in the folder of the package. */
async function goPackageOf(from: string, files: readonly string[]): Promise<string> {
  const file = files.find((name) => name.endsWith('_test.go'));
  if (file === undefined) return '';
  return /^package (\w+)/m.exec(await readFile(path.join(from, file), 'utf8'))?.[1] ?? '';
}

/** The agent's tests must pass on what is right, however it is written, and fail on each version that is wrong. */
async function judgeTests({ issue, run, testCommand }: Judging): Promise<void> {
  const onBase = await run('its tests', testCommand);
  if (onBase.exitCode !== 0)
    throw new Failed(`its tests fail on the code that they are for (${describeFailure(onBase)})`);
  for (const { name, overlay } of await versions(issue, issueFiles.equivalents)) {
    const ran = await run(`its tests on the equivalent ${name}`, testCommand, overlay);
    if (ran.exitCode !== 0) throw new Failed(`its tests fail on code that does the same (${name})`);
  }
  const mutants = await versions(issue, issueFiles.mutants);
  const survivors: string[] = [];
  for (const { name, overlay } of mutants) {
    const ran = await run(`its tests on the mutant ${name}`, testCommand, overlay);
    if (ran.exitCode === 0) survivors.push(name);
  }
  if (survivors.length === 0) return;
  const all = counted(mutants.length, 'broken version', 'broken versions');
  throw new Failed(`its tests pass on ${survivors.length} of ${all}: ${survivors.join(', ')}`);
}

async function versions(issue: IssueFolder, kind: 'mutants' | 'equivalents') {
  const root = path.join(issue.folder, issueFiles.hidden, kind);
  if (!existsSync(root)) return [];
  const names = (await readdir(root)).sort();
  return Promise.all(
    names.map(async (name) => {
      const from = path.join(root, name);
      return { name, overlay: { from, files: await filesBelow(from) } };
    }),
  );
}
