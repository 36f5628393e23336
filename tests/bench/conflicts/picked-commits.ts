import { execFileSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { drawFrom } from '../../fakes/seeded-numbers.ts';
import { mergesCleanly } from './oracle.ts';
import type { ChangePair, Files } from './pair.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
/** Of the first ones, so that the same pairs are tried however long the history grows. */
const mostCommits = 700;
const mostFiles = 12;
const longest = 60_000;
/** Pairs of one file: a file that is changed daily is not the whole history. */
const mostOfFile = 2;

function git(...args: readonly string[]): string {
  return execFileSync('git', args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Whether all commits are here; a workflow has them with `fetch-depth: 0`. */
export function hasWholeHistory(): boolean {
  try {
    return git('rev-parse', '--is-shallow-repository').trim() === 'false' && commits().length > mostCommits / 2;
  } catch {
    return false;
  }
}

interface Commit {
  readonly sha: string;
  readonly paths: readonly string[];
}

function commits(): readonly Commit[] {
  const told = git('log', '--reverse', '--no-renames', '--format=%x00%H', '--name-only');
  return told
    .split('\0')
    .slice(1, mostCommits + 1)
    .map((part) => {
      const [sha = '', ...paths] = part.split('\n').filter((line) => line !== '');
      return { sha, paths };
    });
}

/**
 * Overlapping changes from this repository's own history, as a backport has them: a commit is picked onto the state before an earlier
 * one that touched the same file. The base is what the commit was made on, ours is the commit, theirs is the older state, that is: the
 * earlier one taken back. All three are states that were there; only those that git cannot merge, and that have unit tests.
 */
export function pickedCommits(count: number): readonly ChangePair[] {
  const touched = new Map<string, Commit>();
  const candidates: Candidate[] = [];
  for (const commit of commits()) {
    for (const path of commit.paths.filter((name) => /^src\/.*\.ts$/.test(name))) {
      const earlier = touched.get(path);
      touched.set(path, commit);
      if (earlier !== undefined && commit.paths.length <= mostFiles) candidates.push({ commit, earlier, path });
    }
  }
  const draw = drawFrom(7);
  const textAt = readTexts(candidates.flatMap((candidate) => wantedOf(candidate)));
  const pairs = new Map<string, ChangePair>();
  const ofFile = new Map<string, number>();
  while (pairs.size < count && candidates.length > 0) {
    const [candidate] = candidates.splice(draw.below(candidates.length), 1);
    if (candidate === undefined) break;
    const { commit, path } = candidate;
    const isMet = pairs.has(commit.sha) || (ofFile.get(path) ?? 0) >= mostOfFile;
    const pair = isMet || !overlaps(candidate, textAt) ? undefined : pairOf(candidate, textAt);
    if (pair === undefined) continue;
    pairs.set(commit.sha, pair);
    ofFile.set(path, (ofFile.get(path) ?? 0) + 1);
  }
  return [...pairs.values()];
}

interface Candidate {
  readonly commit: Commit;
  readonly earlier: Commit;
  readonly path: string;
}

type TextAt = (state: string, path: string) => string | undefined;

function statesOf({ commit, earlier }: Candidate) {
  return { base: `${commit.sha}^`, ours: commit.sha, theirs: `${earlier.sha}^` };
}

function wantedOf(candidate: Candidate): readonly string[] {
  const paths = [...candidate.commit.paths, ...candidate.commit.paths.flatMap(testsOf)];
  return Object.values(statesOf(candidate)).flatMap((state) => paths.map((path) => `${state}:${path}`));
}

/** All texts by one process of git: one for each would take a minute. */
function readTexts(wanted: readonly string[]): TextAt {
  const names = [...new Set(wanted)];
  const told = execFileSync('git', ['cat-file', '--batch'], {
    cwd: root,
    input: names.map((name) => `${name}\n`).join(''),
    maxBuffer: 1 << 30,
  });
  const texts = new Map<string, string>();
  let at = 0;
  for (const name of names) {
    const end = told.indexOf(10, at);
    const size = / blob (\d+)$/.exec(told.toString('utf8', at, end))?.[1];
    at = end + 1;
    if (size === undefined) continue;
    texts.set(name, told.toString('utf8', at, at + Number(size)));
    at += Number(size) + 1;
  }
  return (state, path) => texts.get(`${state}:${path}`);
}

function overlaps(candidate: Candidate, textAt: TextAt): boolean {
  const { base, ours, theirs } = statesOf(candidate);
  const [inBase, inOurs, inTheirs] = [base, ours, theirs].map((state) => textAt(state, candidate.path));
  if (inBase === undefined || inOurs === undefined || inTheirs === undefined) return false;
  return !mergesCleanly({ base: inBase, ours: inOurs, theirs: inTheirs });
}

function pairOf(candidate: Candidate, textAt: TextAt): ChangePair | undefined {
  const { commit, earlier, path: overlapping } = candidate;
  const states = statesOf(candidate);
  const filesAt = (state: string): Files =>
    Object.fromEntries(
      commit.paths.flatMap((path) => {
        const text = textAt(state, path);
        return text === undefined ? [] : [[path, text]];
      }),
    );
  const [base, ours, theirs] = [filesAt(states.base), filesAt(states.ours), filesAt(states.theirs)];
  const isWithinReach = [base, ours, theirs].every((files) =>
    Object.values(files).every((text) => text.length <= longest && !text.includes('\0')),
  );
  const tests = [...new Set(commit.paths.flatMap(testsOf))].filter((path) => textAt(states.theirs, path) !== undefined);
  if (!isWithinReach || tests.length === 0) return undefined;
  const around = (folder: string): void => {
    const archive = execFileSync('git', ['archive', states.theirs], { cwd: root, maxBuffer: 1 << 28 });
    execFileSync('tar', ['-x', '-C', folder], { input: archive });
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  };
  const runner = ['node_modules/vitest/vitest.mjs', 'run', '--project', 'unit'] as const;
  return {
    name: `${overlapping}: ${commit.sha.slice(0, 8)} without ${earlier.sha.slice(0, 8)}`,
    source: 'picked commits',
    base,
    ours,
    theirs,
    tests: { around, command: (has) => [process.execPath, ...runner, ...tests.filter(has)] },
  };
}

/** Its unit tests mirror `src`. */
function testsOf(path: string): readonly string[] {
  if (/^tests\/unit\/.*\.test\.ts$/.test(path)) return [path];
  const [, place] = /^src\/(.*)\.ts$/.exec(path) ?? [];
  return place === undefined ? [] : [`tests/unit/${place}.test.ts`];
}
