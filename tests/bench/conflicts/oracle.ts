import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What git itself says became of one side's changes of a file. */
export interface OracleWord {
  readonly side: 'ours' | 'theirs';
  readonly hunks: number;
  readonly lost: number;
}

export interface OracleVersions {
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
  readonly merged: string;
}

interface WordHunk {
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

export type Oracle = (versions: OracleVersions) => readonly OracleWord[];

/**
 * The judge of the judge: git's own differences, by words, of the base to each side and to the merge. Nothing of the program's own
 * comparison is used. A hunk is lost when, of the words that git says it alone added, fewer than half are among those that git says
 * the merge added; of one that only removes, when fewer than half are among those that the merge removed. Keeps what git said, for
 * the sides of a pair are asked about with each merge.
 */
export function gitOracle(): Oracle {
  const known = new Map<string, readonly WordHunk[]>();
  const hunksOf = (before: string, after: string): readonly WordHunk[] => {
    const key = `${before.length}:${before}${after}`;
    const hunks = known.get(key) ?? wordHunks(before, after);
    known.set(key, hunks);
    return hunks;
  };
  return ({ base, ours, theirs, merged }) => {
    const [byOurs, byTheirs, byMerge] = [hunksOf(base, ours), hunksOf(base, theirs), hunksOf(base, merged)];
    return [
      { side: 'ours', ...lostIn(byOurs, byTheirs, byMerge) },
      { side: 'theirs', ...lostIn(byTheirs, byOurs, byMerge) },
    ];
  };
}

/** Whether git can merge the three by itself. */
export function mergesCleanly({ base, ours, theirs }: Omit<OracleVersions, 'merged'>): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'oracle-'));
  try {
    for (const [name, text] of Object.entries({ base, ours, theirs })) writeFileSync(join(folder, name), text);
    return spawnSync('git', ['merge-file', '-p', 'ours', 'base', 'theirs'], { cwd: folder }).status === 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function lostIn(own: readonly WordHunk[], other: readonly WordHunk[], merge: readonly WordHunk[]) {
  const added = countOf(merge.flatMap((hunk) => hunk.added));
  const removed = countOf(merge.flatMap((hunk) => hunk.removed));
  const otherAdded = countOf(other.flatMap((hunk) => hunk.added));
  const otherRemoved = countOf(other.flatMap((hunk) => hunk.removed));
  let lost = 0;
  for (const hunk of own) {
    const news = hunk.added.filter((word) => !otherAdded.has(word));
    const gone = hunk.removed.filter((word) => !otherRemoved.has(word));
    const [wanted, there] = news.length > 0 ? [news, added] : [hunk.added.length > 0 ? [] : gone, removed];
    const found = wanted.filter((word) => there.has(word)).length;
    if (wanted.length > 0 && found * 2 < wanted.length) lost += 1;
  }
  return { hunks: own.length, lost };
}

function countOf(words: readonly string[]): ReadonlySet<string> {
  return new Set(words);
}

function wordHunks(before: string, after: string): readonly WordHunk[] {
  if (before === after) return [];
  const folder = mkdtempSync(join(tmpdir(), 'oracle-'));
  try {
    writeFileSync(join(folder, 'before'), before);
    writeFileSync(join(folder, 'after'), after);
    const regex = '--word-diff-regex=[A-Za-z0-9_$]+|[^[:space:]]';
    const args = ['diff', '--no-index', '--no-color', '-U0', '--word-diff=porcelain', regex, 'before', 'after'];
    const told = spawnSync('git', args, { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 26 });
    // Exit code 1: they differ. A judge that cannot judge would call nothing lost.
    if (told.status !== 1 || told.stdout === '') throw new Error(`git diff ended with ${told.status}: ${told.stderr}`);
    return readHunks(told.stdout);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readHunks(told: string): readonly WordHunk[] {
  const hunks: { added: string[]; removed: string[] }[] = [];
  for (const line of told.split('\n')) {
    if (line.startsWith('@@')) hunks.push({ added: [], removed: [] });
    const words = line.slice(1).match(/[A-Za-z0-9_$]+|[^\s]/g) ?? [];
    if (line.startsWith('+') && !line.startsWith('+++')) hunks.at(-1)?.added.push(...words);
    if (line.startsWith('-') && !line.startsWith('---')) hunks.at(-1)?.removed.push(...words);
  }
  return hunks.filter(({ added, removed }) => added.join('') !== removed.join(''));
}

/** git's version, for the figures. */
export function gitVersion(): string {
  return execFileSync('git', ['--version'], { encoding: 'utf8' }).trim();
}
